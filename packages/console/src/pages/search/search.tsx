import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { ConversationList } from '../../chat/conversation-list.tsx';
import { useReader } from '../../session/use-session.ts';
import { useFilters } from '../../shell/use-filters.ts';
import { useWide } from '../../shell/use-wide.ts';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Waiting } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { SearchBox } from './search-box.tsx';
import { SearchOptions } from './search-options.tsx';
import type { SourceCard } from './search-sources.ts';
import { SearchTurn } from './search-turn.tsx';
import { wishOf } from './search-wish.ts';
import { ShareDialog } from './share-dialog.tsx';
import { SourceView } from './source-view.tsx';
import { useSearch } from './use-search.ts';
import { searchWords } from './words.ts';

const linkOf = (thread: string | null) => (thread === null ? '/search' : `/search/${thread}`);

/** Search: ask, read the answer with its sources, ask on. */
export default function SearchPage() {
  const { thread = null } = useParams({ strict: false }) as { thread?: string };
  const say = useWords(searchWords);
  const sayCommon = useWords(common);
  const language = useLanguage();
  const { person, may } = useReader();
  const navigate = useNavigate();
  const [filters, change] = useFilters();
  const setting = useApi('GET /api/search', {}, { staleTime: 30_000 });
  const about = useApi('GET /api/apps/:app', { params: { app: 'search' } }, { staleTime: 60_000 });
  const wideList = useWide(1100);
  const wideSource = useWide(1360);
  const [listOpen, setListOpen] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [opened, setOpened] = useState<{
    readonly thread: string | null;
    readonly card: SourceCard;
    readonly cards: readonly SourceCard[];
  } | null>(null);
  const open = opened?.thread === thread ? opened : null;
  const go = useCallback(
    (id: string | null, replace = false) =>
      void navigate({ to: linkOf(id), search: ((kept: object) => kept) as never, replace }),
    [navigate],
  );
  const search = useSearch(thread, (made) => go(made, true));
  const end = useRef<HTMLDivElement>(null);
  const title = search.detail.data?.conversation.title || say('title');
  useEffect(() => {
    document.title = `${title} · Myriad`;
  }, [title]);
  const turnCount = search.turns.length;
  useEffect(() => {
    if (turnCount > 1) end.current?.scrollIntoView({ block: 'start' });
  }, [turnCount]);

  const ask = (question: string) => void search.ask({ question, language, ...wishOf(filters, Date.now(), person.id) });
  const show = (card: SourceCard, cards: readonly SourceCard[]) => setOpened({ thread, card, cards });
  const starters = (about.data?.version?.manifest.starters ?? []).map((each) => each[language] || each.en);
  const options = <SearchOptions setting={setting.data} filters={filters} onChange={change} />;
  const nothing = setting.data?.collections.length === 0 && !setting.data.web;
  const list = (
    <ConversationList
      app="search"
      current={thread}
      linkOf={linkOf}
      onOpen={() => setListOpen(false)}
      onDeletedCurrent={() => go(null)}
    />
  );
  const source = open && (
    <SourceView
      cards={open.cards}
      open={open.card}
      onOpen={(card) => show(card, open.cards)}
      onClose={() => setOpened(null)}
    />
  );

  return (
    <div className="flex h-full min-h-0">
      {wideList && <div className="w-[248px] shrink-0 border-r border-line">{list}</div>}
      <Dialog side open={listOpen && !wideList} onClose={() => setListOpen(false)} title={say('history')}>
        <div className="-mx-4 h-full">{list}</div>
      </Dialog>
      <div className="flex min-w-0 flex-1 flex-col">
        {(!wideList || thread !== null) && (
          <div className="flex min-h-12 items-center gap-1 border-b border-line px-2">
            {!wideList && <IconButton icon="panel" label={say('history')} onClick={() => setListOpen(true)} />}
            <p className="min-w-0 flex-1 truncate px-1 font-medium">{thread === null ? '' : title}</p>
            {thread !== null && (
              <Button look="quiet" onClick={() => setSharing(true)}>
                {say('share')}
              </Button>
            )}
            <IconButton icon="plus" label={say('newSearch')} onClick={() => go(null)} />
          </div>
        )}
        <ScrollRegion label={title} className="min-h-0 flex-1 overflow-y-auto outline-offset-[-2px]">
          {thread === null ? (
            <div className="mx-auto grid w-full max-w-[784px] gap-4 px-4 pt-[8vh] pb-10 md:px-8 md:pt-[14vh]">
              <h1 className="text-[22px] leading-[1.32] font-semibold tracking-[-0.012em] md:text-sentence">
                {say('title')}
              </h1>
              {setting.data && (
                <p className="text-soft">
                  {nothing ? say('underNone') : say('under', { count: setting.data.collections.length })}
                </p>
              )}
              {nothing && may.includes('build') && (
                <div>
                  <Link to="/knowledge" className={buttonClass('plain')}>
                    {say('addFiles')}
                  </Link>
                </div>
              )}
              <SearchBox label={say('ask')} running={search.running} onAsk={ask} onStop={search.stop} />
              {options}
              {search.asking === null && (
                <ul className="grid gap-1">
                  {starters.map((text) => (
                    <li key={text}>
                      <button
                        type="button"
                        className="min-h-8 w-full rounded-control px-2 text-left text-soft hover:bg-hair hover:text-ink"
                        onClick={() => ask(text)}
                      >
                        {text}
                      </button>
                    </li>
                  ))}
                </ul>
              )}
              {search.failure !== null && <ProblemNote error={search.failure} />}
            </div>
          ) : (
            <div className="mx-auto grid w-full max-w-[784px] grid-cols-[minmax(0,1fr)] gap-9 px-4 pt-6 pb-8 md:px-8">
              {search.detail.isPending && <Waiting label={sayCommon('loading')} rows={5} />}
              {search.detail.error && (
                <ProblemNote error={search.detail.error} onRetry={() => void search.detail.refetch()} />
              )}
              {search.turns.map(({ question, message, record }, at) => (
                <div key={message.id} ref={at === search.turns.length - 1 ? end : undefined} className="scroll-mt-4">
                  <SearchTurn
                    question={question}
                    message={message}
                    record={record}
                    live={search.streaming?.id === message.id ? search.live : null}
                    first={at === 0}
                    mayTrace={may.includes('operate')}
                    onOpen={show}
                    onAsk={ask}
                  />
                </div>
              ))}
            </div>
          )}
        </ScrollRegion>
        {thread !== null && (
          <div className="grid justify-items-center border-t border-hair px-3 py-3 md:px-8">
            <div className="grid w-full max-w-[720px] gap-2">
              {search.failure !== null && <ProblemNote error={search.failure} />}
              <SearchBox key={thread} label={say('askOn')} running={search.running} onAsk={ask} onStop={search.stop} />
              {options}
            </div>
          </div>
        )}
        <p role="status" aria-live="polite" className="sr-only">
          {search.running ? say('answering') : (search.turns.at(-1)?.message.text.slice(0, 400) ?? '')}
        </p>
      </div>
      {open && wideSource && (
        <aside aria-label={say('sources')} className="w-[360px] shrink-0 border-l border-line bg-card">
          {source}
        </aside>
      )}
      <Dialog side open={open !== null && !wideSource} onClose={() => setOpened(null)} title={say('sources')}>
        <div className="-mx-5 h-full">{source}</div>
      </Dialog>
      {sharing && thread !== null && (
        <ShareDialog thread={thread} share={search.detail.data?.share ?? null} onClose={() => setSharing(false)} />
      )}
    </div>
  );
}
