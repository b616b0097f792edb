import { Dialog as Base } from '@base-ui/react/dialog';
import type { ListedNode } from '@myriad/contracts';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { myriad } from '../api/client.ts';
import { useApi } from '../api/use-api.ts';
import type { Highlight } from '../chat/highlight.ts';
import { Markdown } from '../chat/markdown.tsx';
import { driveWords } from '../pages/drive/words.ts';
import { buttonClass, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Empty, Waiting } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { fileIcon, fileKind, languageOf } from './file-kind.ts';

const PdfView = lazy(() => import('./pdf-view.tsx'));

/** Characters of a text that are shown; what is longer is read in one's own program. */
const shownBytes = 512 * 1024;

export const contentUrl = (id: string, query = ''): string =>
  myriad.url(`/api/drive/nodes/${encodeURIComponent(id)}/content${query}`);

/** A file shown over the page: arrows go to the neighbours, Escape closes. */
export function Preview({
  node,
  neighbours,
  onShow,
  onClose,
}: {
  readonly node: ListedNode;
  /** Files of the list, in its order. */
  readonly neighbours: readonly ListedNode[];
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const at = neighbours.findIndex(({ id }) => id === node.id);
  const go = (step: number) => {
    const next = neighbours[at + step];
    if (at >= 0 && next) onShow(next.id);
  };
  return (
    <Base.Root open onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(20_23_27/0.5)]" />
        <Base.Popup
          onKeyDown={(event) => {
            if (event.target instanceof HTMLMediaElement) return;
            if (event.key === 'ArrowLeft') go(-1);
            if (event.key === 'ArrowRight') go(1);
          }}
          className="fixed inset-x-0 top-[3dvh] bottom-[3dvh] z-50 mx-auto flex w-[min(1080px,calc(100vw-16px))] flex-col overflow-hidden rounded-card border border-line bg-card shadow-over outline-none"
        >
          <div className="flex items-center gap-1 border-b border-hair px-3 py-2">
            <span className="text-soft">
              <Icon name={fileIcon(node)} />
            </span>
            <Base.Title className="min-w-0 flex-1 truncate px-1 font-medium">{node.name}</Base.Title>
            <IconButton icon="left" label={say('previous')} disabled={at <= 0} onClick={() => go(-1)} />
            <IconButton
              icon="right"
              label={say('next')}
              disabled={at < 0 || at >= neighbours.length - 1}
              onClick={() => go(1)}
            />
            <a
              href={contentUrl(node.id, '?download')}
              className="inline-grid size-8 place-items-center rounded-control text-soft hover:bg-hair hover:text-ink"
              aria-label={say('download')}
              title={say('download')}
            >
              <Icon name="download" />
            </a>
            <Base.Close render={<IconButton icon="close" label={sayCommon('close')} />} />
          </div>
          <ScrollRegion
            label={say('preview', { name: node.name })}
            className="min-h-0 flex-1 overflow-auto bg-paper p-4 outline-offset-[-2px]"
          >
            <Suspense fallback={<Waiting label={sayCommon('loading')} rows={6} />}>
              <Content key={`${node.id}.${node.version}`} node={node} />
            </Suspense>
          </ScrollRegion>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function Content({ node }: { readonly node: ListedNode }): ReactNode {
  const say = useWords(driveWords);
  const url = contentUrl(node.id, `?version=${node.version}`);
  switch (fileKind(node)) {
    case 'image':
      return <img src={url} alt={node.name} className="mx-auto max-h-full max-w-full rounded-[4px] object-contain" />;
    case 'sound':
      // biome-ignore lint/a11y/useMediaCaption: there are no captions of what people upload
      return <audio src={url} controls className="mx-auto mt-[20dvh] w-full max-w-[560px]" />;
    case 'film':
      // biome-ignore lint/a11y/useMediaCaption: there are no captions of what people upload
      return <video src={url} controls className="mx-auto max-h-full max-w-full" />;
    case 'pdf':
      return <PdfView url={url} label={(page, count) => say('pageOf', { page, count })} />;
    case 'page':
      return <iframe src={url} title={node.name} sandbox="" className="h-full w-full rounded-[4px] bg-[#fff]" />;
    case 'markdown':
    case 'text':
    case 'code':
      return <TextContent node={node} url={url} />;
    case 'office':
      return <ExtractedText node={node} />;
    default:
      return <NoPreview node={node} />;
  }
}

function NoPreview({ node }: { readonly node: ListedNode }) {
  const say = useWords(driveWords);
  return (
    <Empty
      title={say('noPreview')}
      action={
        <a href={contentUrl(node.id, '?download')} className={buttonClass('primary')}>
          {say('download')}
        </a>
      }
    />
  );
}

function TextContent({ node, url }: { readonly node: ListedNode; readonly url: string }) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const text = useQuery({
    queryKey: ['drive-text', node.id, node.version],
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const headers = node.sizeBytes > shownBytes ? { range: `bytes=0-${shownBytes - 1}` } : undefined;
      const response = await fetch(url, { signal, ...(headers ? { headers } : {}) });
      if (!response.ok) throw new Error(`${response.status}`);
      return response.text();
    },
  });
  if (text.isPending) return <Waiting label={sayCommon('loading')} rows={8} />;
  if (text.error) return <ProblemNote error={text.error} />;
  return (
    <>
      {node.sizeBytes > shownBytes && <p className="mb-3 text-soft">{say('tooLong')}</p>}
      {fileKind(node) === 'markdown' ? (
        <div className="mx-auto max-w-[760px] rounded-card border border-line bg-card px-6 py-5">
          <Markdown text={text.data ?? ''} citations={[]} />
        </div>
      ) : (
        <Code text={text.data ?? ''} language={fileKind(node) === 'code' ? languageOf(node.name) : ''} />
      )}
    </>
  );
}

function Code({ text, language }: { readonly text: string; readonly language: string }) {
  const [colour, setColour] = useState<Highlight | null>(null);
  useEffect(() => {
    if (language === '' || text.length > 100_000) return;
    let here = true;
    void import('../chat/highlight.ts').then((module) => here && setColour(() => module.highlightCode));
    return () => {
      here = false;
    };
  }, [language, text]);
  return (
    <pre className="font-mono text-[13px] leading-[1.55] break-words whitespace-pre-wrap">
      <code>{colour ? colour(text, language) : text}</code>
    </pre>
  );
}

function ExtractedText({ node }: { readonly node: ListedNode }) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const text = useApi(
    'GET /api/drive/nodes/:id/text',
    { params: { id: node.id } },
    { staleTime: 60_000, enabled: node.index?.status === 'ready' },
  );
  if (node.index?.status !== 'ready') return <NoPreview node={node} />;
  if (text.isPending) return <Waiting label={sayCommon('loading')} rows={8} />;
  if (text.error) return <ProblemNote error={text.error} />;
  return (
    <div className="mx-auto max-w-[760px]">
      <p className="mb-3 text-small text-soft">{say('extracted')}</p>
      <div className="rounded-card border border-line bg-card px-6 py-5 leading-[1.65] break-words whitespace-pre-wrap">
        {text.data?.text}
      </div>
    </div>
  );
}
