import type { Citation, ConversationMessage } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { useShortcut } from '../shell/use-shortcut.ts';
import { useWide } from '../shell/use-wide.ts';
import { IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { useLanguage } from '../words/language.ts';
import { Answer } from './answer.tsx';
import { Composer, moveDraft } from './composer.tsx';
import { ConversationList } from './conversation-list.tsx';
import { Question } from './question.tsx';
import { SourcePanel } from './source-panel.tsx';
import { Starters } from './starters.tsx';
import { useConversation } from './use-conversation.ts';
import { useDrop } from './use-drop.ts';
import { useFiles } from './use-files.ts';
import { useReadingScroll } from './use-reading-scroll.ts';
import { chatWords } from './words.ts';

interface OpenSource {
  readonly conversation: string | null;
  readonly citations: readonly Citation[];
  readonly at: number;
}

/** The chat page of an app: conversations, the talk, its sources. */
export function Chat({
  app,
  conversation: id,
  listApp,
  linkOf,
  onGo,
  bare = false,
  takesDrops = true,
}: {
  /** The app's name. */
  readonly app: string;
  readonly conversation: string | null;
  /** App whose conversations the list shows; all for null. */
  readonly listApp: string | null;
  readonly linkOf: (conversation: string | null) => string;
  readonly onGo: (conversation: string | null, replace: boolean) => void;
  /** Only the talk, without the list of conversations and the bar; for a panel in another page. */
  readonly bare?: boolean;
  /** Whether files dropped on the page are the conversation's; not where the page itself takes them. */
  readonly takesDrops?: boolean;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const { may } = useReader();
  const wideList = useWide(1100) && !bare;
  const wideSource = useWide(1360) && !bare;
  const [listOpen, setListOpen] = useState(false);
  const [opened, setSource] = useState<OpenSource | null>(null);
  const source = opened?.conversation === id ? opened : null;
  const talk = useConversation(
    app,
    id,
    useCallback(
      (made: string) => {
        moveDraft(`new.${app}`, made);
        onGo(made, true);
      },
      [app, onGo],
    ),
  );
  const files = useFiles(talk.ensure);
  const about = useApi('GET /api/apps/:app', { params: { app } }, { staleTime: 60_000 });
  const box = useRef<HTMLDivElement>(null);
  const scroll = useReadingScroll(box, id, talk.path.length + (talk.pending ? 1 : 0));
  const hovering = useDrop((dropped) => void files.add(dropped), takesDrops);
  useShortcut('escape', () => {
    if (!talk.running) return false;
    talk.stop();
  });

  const record = about.data?.app;
  const appTitle = (record && (language === 'zh' ? record.titleZh : record.titleEn)) || app;
  const description = (record && (language === 'zh' ? record.descriptionZh : record.descriptionEn)) || '';
  const starters = useMemo(
    () =>
      (about.data?.version?.manifest.starters ?? []).map((starter) => starter[language] || starter.en || starter.zh),
    [about.data, language],
  );
  const isAssistant = app === 'assistant';
  const title = talk.detail.data?.conversation.title || (isAssistant ? say('untitled') : appTitle);
  const busy = talk.running || talk.pending !== null;
  useEffect(() => {
    if (!bare) document.title = `${title} · Myriad`;
  }, [bare, title]);
  const empty = talk.path.length === 0 && !talk.pending && !(id !== null && talk.detail.isPending);

  const send = (text: string) => talk.send(text, files.take());
  const cite = useCallback((message: ConversationMessage, citations: readonly Citation[], number: number) => {
    const byNumber = new Map([...citations].reverse().map((citation) => [citation.number, citation]));
    const ordered = [...byNumber.values()].sort((left, right) => left.number - right.number);
    const at = ordered.findIndex((citation) => citation.number === number);
    if (at !== -1) setSource({ conversation: message.conversationId, citations: ordered, at });
  }, []);

  const list = (
    <ConversationList
      app={listApp}
      current={id}
      linkOf={linkOf}
      onOpen={() => setListOpen(false)}
      onDeletedCurrent={() => onGo(null, false)}
    />
  );
  const sourcePanel = source && (
    <SourcePanel
      citations={source.citations}
      at={source.at}
      onMove={(at) => setSource({ ...source, at })}
      onClose={() => setSource(null)}
    />
  );
  const composer = (
    <Composer
      draftKey={id ?? `new.${app}`}
      placeholder={isAssistant ? say('ask') : say('askApp', { app: appTitle })}
      files={files.files}
      streaming={talk.running}
      disabled={talk.pending !== null}
      onSend={send}
      onStop={talk.stop}
      onPick={(picked) => void files.add(picked)}
      onRemoveFile={files.remove}
      onRetryFile={(document) => void files.retry(document)}
    />
  );
  const problem = talk.failure ? (
    <div className="w-full max-w-[720px]">
      <ProblemNote error={talk.failure} />
      <p className="mt-1 text-small text-soft">{say('notSent')}</p>
    </div>
  ) : null;

  return (
    <div className="flex h-full min-h-0">
      {wideList && <div className="w-[248px] shrink-0 border-r border-line">{list}</div>}
      <Dialog side open={listOpen && !wideList} onClose={() => setListOpen(false)} title={say('conversations')}>
        <div className="-mx-4 h-full">{list}</div>
      </Dialog>
      <div className="relative flex min-w-0 flex-1 flex-col">
        {!bare && (!wideList || !isAssistant) && (
          <div className="flex min-h-12 items-center gap-1 border-b border-line px-2">
            {!wideList && (
              <IconButton icon="panel" label={say('showConversations')} onClick={() => setListOpen(true)} />
            )}
            <p className="min-w-0 flex-1 truncate px-1 font-medium">
              {isAssistant ? (
                title
              ) : (
                <Link to="/app/$name" params={{ name: app } as never} className="hover:underline">
                  {appTitle}
                </Link>
              )}
            </p>
            {!wideList && <IconButton icon="plus" label={say('newConversation')} onClick={() => onGo(null, false)} />}
          </div>
        )}
        <Announcer streaming={talk.running} text={talk.path.at(-1)?.message} />
        {empty ? (
          <div className="scrollbar-quiet flex min-h-0 flex-1 flex-col items-center gap-6 overflow-y-auto pt-[8vh] md:px-8 md:pt-[16vh]">
            <Starters
              title={isAssistant ? null : appTitle}
              description={description}
              starters={starters}
              onStart={(text) => void send(text)}
            />
          </div>
        ) : (
          <ScrollRegion
            ref={box}
            label={title}
            className="relative min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]"
          >
            <div className="mx-auto grid w-full max-w-[784px] grid-cols-[minmax(0,1fr)] gap-7 px-4 pt-6 pb-8 md:px-8">
              <h1 className="sr-only">{title}</h1>
              {talk.detail.isPending && id !== null && <Waiting label={sayCommon('loading')} rows={5} />}
              {talk.detail.error && (
                <ProblemNote error={talk.detail.error} onRetry={() => void talk.detail.refetch()} />
              )}
              {talk.path.map(({ message, siblings, at }) =>
                message.role === 'user' ? (
                  <div key={message.id} data-question>
                    <Question
                      message={message}
                      siblings={siblings}
                      at={at}
                      busy={busy}
                      onEdit={talk.edit}
                      onSibling={talk.toSibling}
                    />
                  </div>
                ) : (
                  <Answer
                    key={message.id}
                    message={message}
                    siblings={siblings}
                    at={at}
                    live={talk.streaming?.id === message.id ? talk.live : null}
                    mayTrace={may.includes('operate')}
                    busy={busy}
                    onCite={cite}
                    onRegenerate={talk.regenerate}
                    onBranch={talk.branch}
                    onSibling={talk.toSibling}
                    onReload={() => void talk.detail.refetch()}
                  />
                ),
              )}
              {talk.pending && (
                <div data-question>
                  <Question
                    message={{
                      id: 'pending',
                      parentId: talk.pending.parentId,
                      text: talk.pending.text,
                      attachments: [],
                    }}
                    siblings={[]}
                    at={0}
                    busy
                    onEdit={null}
                    onSibling={() => {}}
                  />
                </div>
              )}
              {talk.branched && (
                <p
                  role="status"
                  className="flex flex-wrap items-center gap-2 border-t border-dashed border-field pt-3 text-soft"
                >
                  {say('branched')}
                  <button type="button" className="min-h-8 text-data hover:underline" onClick={talk.toNewest}>
                    {say('branchBack')}
                  </button>
                </p>
              )}
            </div>
          </ScrollRegion>
        )}
        <div className="relative grid justify-items-center gap-2 px-3 pb-3 md:px-8 md:pb-5">
          {!empty && scroll.away && (
            <button
              type="button"
              onClick={scroll.toNewest}
              className="absolute -top-11 inline-flex min-h-8 items-center gap-1.5 rounded-full border border-line bg-card px-3 text-small shadow-box"
            >
              <Icon name="down" size={14} />
              {say('toNewest')}
            </button>
          )}
          {problem}
          {composer}
        </div>
        {hovering && (
          <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-card border-2 border-dashed border-data bg-paper p-6 text-center text-[16px] font-medium">
            {say('dropHere')}
          </div>
        )}
      </div>
      {source && wideSource && (
        <aside aria-label={say('sources')} className="w-[360px] shrink-0 border-l border-line bg-card">
          {sourcePanel}
        </aside>
      )}
      <Dialog side open={source !== null && !wideSource} onClose={() => setSource(null)} title={say('sources')}>
        <div className="-mx-5 h-full">{sourcePanel}</div>
      </Dialog>
    </div>
  );
}

const spokenLength = 400;

/** Tells screen readers that an answer began, and what it says once it is whole. */
function Announcer({
  streaming,
  text,
}: {
  readonly streaming: boolean;
  readonly text: ConversationMessage | undefined;
}) {
  const say = useWords(chatWords);
  const began = useRef(false);
  if (streaming) began.current = true;
  const done = !streaming && began.current && text?.role === 'assistant';
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {streaming ? say('answering') : done ? `${say('answered')} ${text.text.slice(0, spokenLength)}` : ''}
    </p>
  );
}
