import { markdownOfNodes } from '@myriad/builtin/wenku';
import type { WenkuContent, WenkuDeck, WenkuDoc, WenkuFormat, WenkuJob } from '@myriad/contracts';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { Markdown } from '../../chat/markdown.tsx';
import { useReader } from '../../session/use-session.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { PageFrame, Waiting } from '../../ui/page.tsx';
import { ProblemNote, sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { DeckEditor } from '../../wenku/deck-editor.tsx';
import { DocOutline } from '../../wenku/doc-outline.tsx';
import { ShareDialog } from '../../wenku/share-dialog.tsx';
import { Show } from '../../wenku/show.tsx';
import { TranslateDialog } from '../../wenku/translate-dialog.tsx';
import { type OpenDocument, useDocument } from '../../wenku/use-document.ts';
import { useJob } from '../../wenku/use-job.ts';
import { VersionsPanel } from '../../wenku/versions-panel.tsx';
import { wenkuWords } from '../../wenku/words.ts';
import { WriteDialog } from '../../wenku/write-dialog.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';

/** The editor is the largest part of Wenku: a deck does not load it. */
const DocEditor = lazy(async () => ({ default: (await import('../../wenku/doc-editor.tsx')).DocEditor }));

type Panel = 'write' | 'share' | 'versions' | 'translate' | null;

/** One document or deck. */
export default function WenkuDocumentPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return <OpenedDocument key={id} id={id} />;
}

function OpenedDocument({ id }: { readonly id: string }) {
  const say = useWords(wenkuWords);
  const sayCommon = useWords(common);
  const navigate = useNavigate();
  const { node } = useReader();
  const open = useDocument(id);
  const [panel, setPanel] = useState<Panel>(null);
  const [showing, setShowing] = useState(false);
  const [at, setAt] = useState(0);
  const [started, setStarted] = useState<WenkuJob | null>(null);
  const running = started ?? open.detail?.job ?? null;
  const job = useJob(running, (ended) => {
    setStarted(null);
    void open.reload();
    tell(ended.status === 'failed' ? say('draftFailed', { reason: ended.errorText ?? '' }) : say('drafted'));
  });
  const title = open.detail?.document.title ?? '';
  useEffect(() => {
    document.title = `${title || say('untitled')} · Myriad`;
  }, [title, say]);
  if (!open.detail || !open.content)
    return (
      <PageFrame sentence={open.error ? sentenceOf(open.error) : say('doc')}>
        {open.error ? (
          <ProblemNote error={open.error} onRetry={() => void open.reload()} />
        ) : (
          <Waiting label={sayCommon('loading')} />
        )}
      </PageFrame>
    );
  const { document: record, may } = open.detail;
  const writing = job?.status === 'running' && job.kind === 'draft' ? job : null;
  const mayWrite = may.includes('write') && !writing;
  const { content } = open;
  const change = mayWrite ? open.change : null;
  const copyAs = async (kind: 'doc' | 'deck') => {
    await open.flush();
    const made = await myriad.call('POST /api/wenku/:id/fork', { params: { id }, body: { kind } });
    await navigate({ to: `/wenku/${made.document.id}` });
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-2 md:px-5">
        <Link to="/wenku" aria-label={say('library')} title={say('library')} className="text-soft hover:text-ink">
          ‹ <span className="max-md:sr-only">{say('library')}</span>
        </Link>
        <h1 className="sr-only">{title || say('untitled')}</h1>
        <TitleField open={open} mayWrite={mayWrite} />
        <SaveNote open={open} />
        <div className="ml-auto flex items-center gap-1.5">
          {content.type === 'deck' && (
            <Button look="primary" onClick={() => setShowing(true)}>
              {say('present')}
            </Button>
          )}
          {mayWrite && <Button onClick={() => setPanel('write')}>{say('write')}</Button>}
          <ExportMenu id={id} deck={content.type === 'deck'} onBefore={open.flush} />
          <Menu
            trigger={<IconButton icon="more" label={say('more')} />}
            items={[
              {
                key: 'versions',
                label: say('versions'),
                onSelect: () => void open.flush().then(() => setPanel('versions')),
              },
              ...(may.includes('share')
                ? [{ key: 'share', label: say('share'), onSelect: () => setPanel('share') }]
                : []),
              { key: 'translate', label: say('translate'), onSelect: () => setPanel('translate') },
              null,
              { key: 'fork', label: say('fork'), onSelect: () => void copyAs(content.type) },
              content.type === 'doc'
                ? { key: 'deck', label: say('toDeck'), onSelect: () => void copyAs('deck') }
                : { key: 'doc', label: say('toDoc'), onSelect: () => void copyAs('doc') },
            ]}
          />
        </div>
      </header>
      {writing && <WritingNote job={writing} />}
      {content.type === 'deck' ? (
        <DeckEditor
          deck={content}
          documentId={id}
          at={Math.min(at, content.slides.length - 1)}
          onSelect={setAt}
          onChange={change as ((deck: WenkuDeck) => void) | null}
        />
      ) : (
        <div className="scrollbar-quiet min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto flex w-full max-w-[1120px] gap-8 px-4 md:px-8">
            <div className="mx-auto w-full max-w-[720px] min-w-0 pb-24">
              <Suspense fallback={<Waiting label={sayCommon('loading')} />}>
                <DocEditor
                  doc={content}
                  documentId={id}
                  generation={open.generation}
                  generates={node.generates}
                  onChange={change as ((doc: WenkuDoc) => void) | null}
                />
              </Suspense>
            </div>
            <DocOutline doc={content} />
          </div>
        </div>
      )}
      {showing && content.type === 'deck' && (
        <Show
          deck={content}
          documentId={id}
          from={at}
          onEnd={(last) => {
            setAt(last);
            setShowing(false);
          }}
        />
      )}
      {panel === 'versions' && (
        <VersionsPanel
          id={id}
          mayWrite={mayWrite}
          onClose={() => setPanel(null)}
          onRestored={() => void open.reload()}
        />
      )}
      {panel === 'share' && <ShareDialog document={record} onClose={() => setPanel(null)} onSave={open.patch} />}
      {panel === 'write' && (
        <WriteDialog
          document={record}
          generates={node.generates}
          onClose={() => setPanel(null)}
          onSources={(sources) => open.patch({ sources })}
          onStarted={(begun) => {
            setPanel(null);
            setStarted(begun);
          }}
          onUse={(next: WenkuContent) => {
            setPanel(null);
            open.change(next);
            void open.flush().then(open.reload);
          }}
        />
      )}
      {panel === 'translate' && (
        <TranslateDialog
          title={`${title} (${say('translation')})`}
          from={record.language}
          generates={node.generates}
          blocks={blocksOf(content)}
          start={(into, blocks) =>
            myriad.call('POST /api/wenku/:id/jobs', { params: { id }, body: { kind: 'translate', into, blocks } })
          }
          onClose={() => setPanel(null)}
        />
      )}
    </div>
  );
}

/** Blocks of a document as Markdown; a deck's slides by their words. */
function blocksOf(content: WenkuContent): readonly string[] {
  if (content.type === 'doc')
    return content.content.map((node) => markdownOfNodes([node])).filter((text) => text !== '');
  return content.slides.map(({ title, subtitle, bullets, right, quote }) =>
    [`## ${title}`, subtitle, ...[...bullets, ...right].map(({ text }) => `- ${text}`), quote]
      .filter(Boolean)
      .join('\n'),
  );
}

function TitleField({ open, mayWrite }: { readonly open: OpenDocument; readonly mayWrite: boolean }) {
  const say = useWords(wenkuWords);
  const title = open.detail?.document.title ?? '';
  const [text, setText] = useState(title);
  useEffect(() => setText(title), [title]);
  return (
    <input
      aria-label={say('title')}
      value={text}
      placeholder={say('untitled')}
      readOnly={!mayWrite}
      maxLength={300}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      onBlur={() => {
        if (text.trim() !== title) void open.patch({ title: text.trim() }).catch((error) => tell(sentenceOf(error)));
      }}
      className="min-w-0 flex-1 basis-40 rounded-control bg-transparent px-2 py-1 text-[15px] font-semibold hover:bg-hair"
    />
  );
}

function SaveNote({ open }: { readonly open: OpenDocument }) {
  const say = useWords(wenkuWords);
  const { state } = open;
  if (state.kind === 'failed')
    return (
      <span role="alert" className="flex items-center gap-2 text-small text-bad">
        {say('saveFailed', { reason: sentenceOf(state.error) })}
        {state.conflict && <Button onClick={() => void open.reload()}>{say('loadTheirs')}</Button>}
      </span>
    );
  return (
    <span role="status" className="text-small text-soft">
      {say(state.kind)}
    </span>
  );
}

function ExportMenu({
  id,
  deck,
  onBefore,
}: {
  readonly id: string;
  readonly deck: boolean;
  readonly onBefore: () => Promise<void>;
}) {
  const say = useWords(wenkuWords);
  const formats: readonly WenkuFormat[] = deck
    ? ['pptx', 'pdf', 'docx', 'html', 'xlsx', 'md']
    : ['docx', 'pdf', 'html', 'md', 'xlsx', 'pptx'];
  const take = async (format: WenkuFormat) => {
    await onBefore();
    const response = await fetch(myriad.url(`/api/wenku/${id}/export?format=${format}`));
    if (!response.ok) {
      const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
      tell(problem?.detail ?? response.statusText);
      return;
    }
    const name = /filename\*=UTF-8''(\S+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = name ? decodeURIComponent(name) : `document.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <Menu
      trigger={<Button>{say('export')}</Button>}
      items={formats.map((format) => ({
        key: format,
        label: say(`export_${format}`),
        onSelect: () => void take(format),
      }))}
    />
  );
}

function WritingNote({ job }: { readonly job: WenkuJob }) {
  const say = useWords(wenkuWords);
  const done = job.parts.filter(({ status }) => status === 'done').length;
  const part = job.parts.find(({ status }) => status === 'writing');
  return (
    <section aria-label={say('write')} className="border-b border-line bg-wait-soft px-4 py-3 md:px-8">
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{say('writing', { title: part?.title ?? '' })}</p>
          <p role="status" className="text-small text-soft">
            {say('writingUnder', { done, count: job.parts.length })}
          </p>
        </div>
        <Button onClick={() => void myriad.call('POST /api/wenku-jobs/:id/stop', { params: { id: job.id } })}>
          {say('stop')}
        </Button>
      </div>
      {part && (
        <div className="scrollbar-quiet mt-2 max-h-52 overflow-y-auto rounded-control bg-card p-3">
          <Markdown text={part.text} citations={[]} streaming />
        </div>
      )}
    </section>
  );
}
