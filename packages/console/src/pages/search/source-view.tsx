import { markPassage } from '../../chat/passage-marks.ts';
import { safeLink } from '../../chat/safe-address.ts';
import { SourcePanel } from '../../chat/source-panel.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Chip } from '../../ui/page.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import type { SourceCard } from './search-sources.ts';
import { searchWords } from './words.ts';

/** A source in its place: a document around the passage, or the passage of a web page with its address. */
export function SourceView({
  cards,
  open,
  onOpen,
  onClose,
}: {
  readonly cards: readonly SourceCard[];
  readonly open: SourceCard;
  readonly onOpen: (card: SourceCard) => void;
  readonly onClose: () => void;
}) {
  if (open.url !== null) return <WebPassage card={open} url={open.url} onClose={onClose} />;
  const documents = cards.filter(({ url, cited }) => url === null && cited === open.cited);
  const at = documents.findIndex(({ citation }) => citation === open.citation);
  return (
    <SourcePanel
      citations={documents.map(({ citation }) => citation)}
      at={Math.max(0, at)}
      onMove={(next) => {
        const card = documents[next];
        if (card) onOpen(card);
      }}
      onClose={onClose}
    />
  );
}

function WebPassage({
  card: { citation, text, start },
  url,
  onClose,
}: {
  readonly card: SourceCard;
  readonly url: string;
  readonly onClose: () => void;
}) {
  const say = useWords(searchWords);
  const sayCommon = useWords(common);
  const href = safeLink(url);
  const stretches = markPassage(text, start, { start, end: start + text.length }, citation);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-start gap-2 px-[18px] pt-4">
        <div className="min-w-0 flex-1">
          <h2 className="text-[13px] font-semibold break-words">{citation.documentName}</h2>
          <p className="mt-1">
            <Chip tone="wait">{say('source_web')}</Chip>
          </p>
        </div>
        <IconButton icon="close" label={sayCommon('close')} onClick={onClose} />
      </div>
      <ScrollRegion label={citation.documentName} className="min-h-0 flex-1 overflow-y-auto p-[18px]">
        <blockquote className="rounded-[8px] border border-line bg-paper p-4 text-[13px] leading-[1.7] break-words whitespace-pre-wrap">
          {stretches.map((stretch, index) =>
            stretch.kind === 'quote' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: stretches keep their order
              <mark key={index}>{stretch.text}</mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: stretches keep their order
              <span key={index}>{stretch.text}</span>
            ),
          )}
        </blockquote>
        {href && (
          <a
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            className="mt-3 inline-flex min-h-8 items-center gap-1.5 break-all text-data hover:underline"
          >
            <Icon name="external" />
            {say('openPage')}
          </a>
        )}
      </ScrollRegion>
    </div>
  );
}
