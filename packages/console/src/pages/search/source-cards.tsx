import { Icon } from '../../ui/icon.tsx';
import { Chip } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import type { SourceCard } from './search-sources.ts';
import { searchWords } from './words.ts';

/** Sources as cards, cited ones first; each opens its passage in place. */
export function SourceCards({
  cards,
  onOpen,
}: {
  readonly cards: readonly SourceCard[];
  readonly onOpen: (card: SourceCard) => void;
}) {
  const say = useWords(searchWords);
  const cited = cards.filter((card) => card.cited);
  const others = cards.filter((card) => !card.cited);
  return (
    <>
      {cited.length > 0 && <CardList label={say('sources')} cards={cited} onOpen={onOpen} />}
      {others.length > 0 && (
        <details>
          <summary className="min-h-8 py-1.5 text-small text-soft hover:text-ink">
            {say('alsoFound', { count: others.length })}
          </summary>
          <CardList label={say('alsoFound', { count: others.length })} cards={others} onOpen={onOpen} />
        </details>
      )}
    </>
  );
}

function CardList({
  label,
  cards,
  onOpen,
}: {
  readonly label: string;
  readonly cards: readonly SourceCard[];
  readonly onOpen: (card: SourceCard) => void;
}) {
  const say = useWords(searchWords);
  return (
    <ul aria-label={label} className="grid gap-2 sm:grid-cols-2">
      {cards.map((card) => (
        <li key={card.citation.passageId} className="min-w-0">
          <button
            type="button"
            onClick={() => onOpen(card)}
            className="grid h-full w-full content-start gap-1 rounded-card border border-line bg-card px-3 py-2.5 text-left hover:border-field"
          >
            <span className="flex min-w-0 items-center gap-2 text-small">
              {card.cited && <span className="font-mono font-semibold text-data">{card.citation.number}</span>}
              <Icon name={card.url ? 'external' : 'file'} size={14} />
              <span className="min-w-0 flex-1 truncate font-medium">{card.citation.documentName}</span>
              {card.url && <Chip tone="wait">{say('source_web')}</Chip>}
            </span>
            {card.headings.length > 0 && (
              <span className="truncate text-small text-soft">{card.headings.join(' › ')}</span>
            )}
            <span className="line-clamp-2 text-[13px] text-soft">{card.citation.quote.trim()}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
