import type { Citation, ConversationMessage } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useFormat } from '../format/use-format.ts';
import { IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words/define-words.ts';
import { failureWords } from '../words/failures.ts';
import { AnswerSteps } from './answer-steps.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { Feedback } from './feedback.tsx';
import { Markdown } from './markdown.tsx';
import { type ShownAnswer, shownAnswer } from './shown-answer.ts';
import { SiblingSwitch } from './sibling-switch.tsx';
import type { LiveView } from './use-live-answer.ts';
import { chatWords } from './words.ts';

export interface AnswerProps {
  readonly message: ConversationMessage;
  readonly siblings: readonly string[];
  readonly at: number;
  readonly live: LiveView | null;
  /** Whether the reader may open the run's trace. */
  readonly mayTrace: boolean;
  readonly busy: boolean;
  readonly onCite: (message: ConversationMessage, citations: readonly Citation[], number: number) => void;
  readonly onRegenerate: (message: ConversationMessage) => void;
  readonly onBranch: (message: ConversationMessage) => void;
  readonly onSibling: (id: string) => void;
  readonly onReload: () => void;
}

/** One answer: its steps, its text with citations, its sources, and what it took. */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { message, live, onCite, onReload } = props;
  const say = useWords(chatWords);
  const sayFailure = useWords(failureWords);
  const shown = shownAnswer(message, live?.answer ?? null);
  const cite = (number: number) => onCite(message, shown.citations, number);
  const broken = shown.streaming && Boolean(live?.failure);
  return (
    <article
      aria-label={say('answer')}
      aria-busy={shown.streaming}
      className={`grid grid-cols-[minmax(0,1fr)] gap-2 ${shown.streaming ? 'streaming' : ''}`}
    >
      <AnswerSteps shown={shown} />
      {shown.text !== '' && (
        <Markdown text={shown.text} citations={shown.citations} streaming={shown.streaming} onCite={cite} />
      )}
      {shown.streaming && shown.text === '' && !shown.approval && !broken && (
        <p className="text-soft">{shown.reasoning === '' ? say('answering') : say('thinking')}…</p>
      )}
      {shown.approval && <ApprovalCard key={shown.approval.approvalId} approval={shown.approval} />}
      {shown.error && (
        <div role="alert" className="rounded-card bg-decide-soft px-4 py-2.5">
          <p className="font-medium text-bad">{sayFailure((shown.error.code ?? 'internal') as 'internal')}</p>
          {shown.error.text !== '' && <p>{shown.error.text}</p>}
        </div>
      )}
      {broken && (
        <p role="alert" className="flex flex-wrap items-center gap-2 text-soft">
          {say('cut')}
          <button type="button" className="min-h-8 text-data underline" onClick={onReload}>
            {say('regenerate')}
          </button>
        </p>
      )}
      {shown.stopped && <p className="text-soft">{say('stoppedNote')}</p>}
      {!shown.streaming && shown.citations.length > 0 && <Sources citations={shown.citations} onCite={cite} />}
      {!shown.streaming && <Meta {...props} shown={shown} />}
    </article>
  );
});

/** One chip a document and page that the answer cites. */
function Sources({
  citations,
  onCite,
}: {
  readonly citations: readonly Citation[];
  readonly onCite: (number: number) => void;
}) {
  const say = useWords(chatWords);
  const first = [...new Map([...citations].reverse().map((citation) => [citation.number, citation])).values()].sort(
    (left, right) => left.number - right.number,
  );
  return (
    <ul aria-label={say('sources')} className="flex flex-wrap gap-1.5">
      {first.map((citation) => (
        <li key={citation.number} className="max-w-full">
          <button
            type="button"
            onClick={() => onCite(citation.number)}
            className="flex max-w-full min-h-7 items-center gap-1.5 rounded-[8px] border border-line px-2 text-small text-soft hover:border-field hover:text-ink"
          >
            <span className="font-mono font-semibold text-data">{citation.number}</span>
            <span className="truncate">{citation.documentName}</span>
            {citation.page !== undefined && (
              <span className="whitespace-nowrap">{say('pageOnly', { page: citation.page })}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Meta({
  message,
  shown,
  siblings,
  at,
  busy,
  mayTrace,
  onRegenerate,
  onBranch,
  onSibling,
}: AnswerProps & { readonly shown: ShownAnswer }) {
  const say = useWords(chatWords);
  const format = useFormat();
  return (
    <div className="-ml-2 flex flex-wrap items-center gap-x-1 gap-y-1 text-small text-soft">
      <SiblingSwitch siblings={siblings} at={at} onSibling={onSibling} />
      <CopyButton iconOnly label={say('copyAnswer')} read={() => shown.text} />
      <IconButton icon="again" label={say('regenerate')} disabled={busy} onClick={() => onRegenerate(message)} />
      <IconButton icon="branch" label={say('branch')} disabled={busy} onClick={() => onBranch(message)} />
      <Feedback message={message} />
      <span className="ml-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        {shown.model && (
          <span
            className="rounded-full border border-line px-2 py-px"
            title={shown.generates ? shown.model : say('quotesOnlyTitle', { model: shown.model })}
          >
            {shown.model.replace(/^.*\//, '')}
            {!shown.generates && ` · ${say('quotesOnly')}`}
          </span>
        )}
        {shown.tookMs !== null && <span>{format.duration(shown.tookMs)}</span>}
        {shown.currency !== null && (
          <span>
            {shown.costMicros === null ? say('unpricedModel') : format.money(shown.costMicros, shown.currency)}
          </span>
        )}
        {mayTrace && message.runId && (
          <Link
            to="/runs/$run"
            params={{ run: message.runId } as never}
            className="inline-flex items-center gap-1 hover:text-ink"
          >
            {say('trace')} <Icon name="right" size={12} />
          </Link>
        )}
      </span>
    </div>
  );
}
