import type { Citation } from '@myriad/contracts';
import { useEffect, useRef } from 'react';
import { myriad } from '../api/client.ts';
import { useApi } from '../api/use-api.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { markPassage } from './passage-marks.ts';
import { chatWords } from './words.ts';

/** A cited passage in its place: the text around it, the passage, and the quoted words marked. */
export function SourcePanel({
  citations,
  at,
  onMove,
  onClose,
}: {
  /** One a number, in the order of the numbers. */
  readonly citations: readonly Citation[];
  readonly at: number;
  readonly onMove: (at: number) => void;
  readonly onClose: () => void;
}) {
  const say = useWords(chatWords);
  const sayCommon = useWords(common);
  const citation = citations[at];
  const place = useApi(
    'GET /api/passages/:id',
    { params: { id: citation?.passageId ?? '' } },
    { enabled: citation !== undefined, staleTime: 300_000 },
  );
  const mark = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the passage has come or changed
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
  }, [place.data, at]);
  if (!citation) return null;
  const page = citation.page ?? place.data?.passage.page ?? null;
  const pageCount = place.data?.pageCount ?? null;
  const pageText =
    page === null ? '' : pageCount === null ? say('pageOnly', { page }) : say('pageOf', { page, count: pageCount });
  const headings = place.data?.passage.headings ?? [];
  const stretches = place.data
    ? markPassage(place.data.context, place.data.contextStart, place.data.passage, citation)
    : [];
  const firstMark = stretches.findIndex((stretch) => stretch.kind === 'quote');
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-start gap-1 px-[18px] pt-4">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-[13px] font-semibold" title={citation.documentName}>
            {citation.documentName}
          </h2>
          <p className="text-small text-soft">
            {[pageText, say('sourceOf', { at: at + 1, count: citations.length })].filter(Boolean).join(' · ')}
          </p>
        </div>
        <IconButton icon="left" label={say('previousSource')} disabled={at === 0} onClick={() => onMove(at - 1)} />
        <IconButton
          icon="right"
          label={say('nextSource')}
          disabled={at >= citations.length - 1}
          onClick={() => onMove(at + 1)}
        />
        <IconButton icon="close" label={sayCommon('close')} onClick={onClose} />
      </div>
      <ScrollRegion label={citation.documentName} className="min-h-0 flex-1 overflow-y-auto p-[18px]">
        {place.isPending && <Waiting label={sayCommon('loading')} rows={6} />}
        {place.error && (
          <div className="grid gap-3">
            <p className="text-soft">{say('passageGone')}</p>
            <blockquote className="border-l-2 border-line pl-3">{citation.quote}</blockquote>
            <ProblemNote error={place.error} />
          </div>
        )}
        {place.data && (
          <>
            {headings.length > 0 && <p className="mb-2 text-small text-soft">{headings.join(' › ')}</p>}
            <div className="rounded-[8px] border border-line bg-paper p-4 text-[13px] leading-[1.7] break-words whitespace-pre-wrap text-soft">
              {stretches.map((stretch, index) =>
                stretch.kind === 'quote' ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: stretches keep their order
                  <mark key={index} ref={index === firstMark ? mark : undefined}>
                    {stretch.text}
                  </mark>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: stretches keep their order
                  <span key={index} className={stretch.kind === 'passage' ? 'text-ink' : ''}>
                    {stretch.text}
                  </span>
                ),
              )}
            </div>
            <a
              href={myriad.url(`/api/documents/${encodeURIComponent(citation.documentId)}/original`)}
              className="mt-3 inline-flex min-h-8 items-center gap-1.5 text-data hover:underline"
              target="_blank"
              rel="noopener noreferrer"
            >
              <Icon name="download" />
              {say('original')}
            </a>
          </>
        )}
      </ScrollRegion>
    </div>
  );
}
