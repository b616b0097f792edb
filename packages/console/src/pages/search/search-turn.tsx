import type { ConversationMessage, SearchRecord } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { Feedback } from '../../chat/feedback.tsx';
import { Markdown } from '../../chat/markdown.tsx';
import { shownAnswer } from '../../chat/shown-answer.ts';
import type { LiveView } from '../../chat/use-live-answer.ts';
import { chatWords } from '../../chat/words.ts';
import { useFormat } from '../../format/use-format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useWords } from '../../words/define-words.ts';
import { failureWords } from '../../words/failures.ts';
import { liveSources, type SourceCard, sourceCards } from './search-sources.ts';
import { SearchSteps } from './search-steps.tsx';
import { SourceCards } from './source-cards.tsx';
import { searchWords } from './words.ts';

/** One question and its answer: steps as they run, the answer first, then its sources and what to ask next. */
export function SearchTurn({
  question,
  message,
  record,
  live,
  first,
  mayTrace,
  readOnly = false,
  onOpen,
  onAsk,
}: {
  readonly question: string;
  readonly message: ConversationMessage;
  readonly record: SearchRecord | null;
  readonly live: LiveView | null;
  readonly first: boolean;
  readonly mayTrace: boolean;
  readonly readOnly?: boolean;
  readonly onOpen: (card: SourceCard, cards: readonly SourceCard[]) => void;
  readonly onAsk: (question: string) => void;
}) {
  const say = useWords(searchWords);
  const sayChat = useWords(chatWords);
  const sayFailure = useWords(failureWords);
  const shown = shownAnswer(message, live?.answer ?? null);
  const current = live?.answer ?? null;
  const sources = record?.sources ?? liveSources(current?.passages ?? []);
  const unsupported = record?.unsupported ?? current?.unsupported ?? [];
  const cards = sourceCards(shown.citations, sources);
  const cite = (number: number) => {
    const card = cards.find(({ citation, cited }) => cited && citation.number === number);
    if (card) onOpen(card, cards);
  };
  const Heading = first ? 'h1' : 'h2';
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3" aria-label={question}>
      <Heading className="text-[20px] leading-snug font-semibold tracking-[-0.01em] break-words">{question}</Heading>
      <SearchSteps steps={record?.steps ?? shown.steps} answering={shown.streaming} />
      <article
        aria-label={sayChat('answer')}
        aria-busy={shown.streaming}
        className="grid grid-cols-[minmax(0,1fr)] gap-3"
      >
        {shown.text !== '' && (
          <Markdown text={shown.text} citations={shown.citations} streaming={shown.streaming} onCite={cite} />
        )}
        {shown.error && (
          <div role="alert" className="rounded-card bg-decide-soft px-4 py-2.5">
            <p className="font-medium text-bad">{sayFailure((shown.error.code ?? 'internal') as 'internal')}</p>
            {shown.error.text !== '' && <p>{shown.error.text}</p>}
          </div>
        )}
        {shown.stopped && <p className="text-soft">{sayChat('stoppedNote')}</p>}
        {!shown.streaming && unsupported.length > 0 && (
          <p className="flex items-baseline gap-2 rounded-card bg-wait-soft px-3 py-2 text-[13px] text-wait">
            <Icon name="wrong" size={14} />
            {say('unsupported', { count: unsupported.length })}
          </p>
        )}
      </article>
      {!shown.streaming && <SourceCards cards={cards} onOpen={(card) => onOpen(card, cards)} />}
      {!shown.streaming && !readOnly && <Meta message={message} shown={shown} mayTrace={mayTrace} />}
      {!readOnly && record && record.followUps.length > 0 && (
        <div>
          <p className="text-small font-medium text-soft">{say('followUps')}</p>
          <ul aria-label={say('followUps')} className="mt-1 grid gap-1">
            {record.followUps.map((next) => (
              <li key={next}>
                <button
                  type="button"
                  onClick={() => onAsk(next)}
                  className="flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-hair"
                >
                  <Icon name="right" size={14} />
                  <span className="min-w-0 break-words">{next}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Meta({
  message,
  shown,
  mayTrace,
}: {
  readonly message: ConversationMessage;
  readonly shown: ReturnType<typeof shownAnswer>;
  readonly mayTrace: boolean;
}) {
  const say = useWords(searchWords);
  const sayChat = useWords(chatWords);
  const format = useFormat();
  return (
    <div className="-ml-2 flex flex-wrap items-center gap-x-1 gap-y-1 text-small text-soft">
      <CopyButton iconOnly label={say('copy')} read={() => shown.text} />
      <Feedback message={message} />
      <span className="ml-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        {shown.model && (
          <span className="rounded-full border border-line px-2 py-px">
            {shown.model.replace(/^.*\//, '')}
            {!shown.generates && ` · ${sayChat('quotesOnly')}`}
          </span>
        )}
        {shown.tookMs !== null && <span>{format.duration(shown.tookMs)}</span>}
        {shown.currency !== null && shown.costMicros !== null && (
          <span>{format.money(shown.costMicros, shown.currency)}</span>
        )}
        {mayTrace && message.runId && (
          <Link
            to="/runs/$run"
            params={{ run: message.runId } as never}
            className="inline-flex items-center gap-1 hover:text-ink"
          >
            {sayChat('trace')} <Icon name="right" size={12} />
          </Link>
        )}
      </span>
    </div>
  );
}
