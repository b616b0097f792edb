import type { Citation, ConversationMessage } from '@myriad/contracts';
import type { LiveAnswer, LiveApproval, LiveStep, LiveTool } from './live-answer.ts';

/** An answer as it is shown, whether it is kept or still comes. */
export interface ShownAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly citations: readonly Citation[];
  readonly steps: readonly LiveStep[];
  readonly tools: readonly LiveTool[];
  readonly approval: LiveApproval | null;
  readonly model: string | null;
  readonly generates: boolean;
  readonly streaming: boolean;
  readonly error: { readonly code: string | null; readonly text: string } | null;
  readonly stopped: boolean;
  readonly tookMs: number | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/**
 * Joins what is kept of an answer with what its stream has brought. While a reload replays the stream the longer text
 * wins, so nothing that was read disappears.
 */
export function shownAnswer(message: ConversationMessage, live: LiveAnswer | null): ShownAnswer {
  const current = message.status === 'streaming' ? live : null;
  const run = current?.run ?? null;
  const model = current?.model ?? message.model;
  const caughtUp =
    current !== null && !(message.text.length > current.text.length && message.text.startsWith(current.text));
  const keptTools: readonly LiveTool[] = message.toolCalls.map((call, index) => ({
    id: String(index),
    name: call.name,
    argumentsJson: call.argumentsJson,
    ok: call.ok,
    preview: call.result,
  }));
  const problem = current?.problem;
  return {
    text: caughtUp ? current.text : message.text,
    reasoning: current?.reasoning || message.reasoning || '',
    citations: current && current.citations.length >= message.citations.length ? current.citations : message.citations,
    steps: live?.steps ?? [],
    tools: current && current.tools.length > 0 ? current.tools : keptTools,
    approval: current?.approval ?? null,
    model,
    generates: current?.generates ?? !(model !== null && /(^|\/)extract-\d/.test(model)),
    streaming: message.status === 'streaming' && run === null && !problem,
    error: problem
      ? { code: problem.code, text: problem.detail || problem.title }
      : message.status === 'error' || message.status === 'refused' || message.status === 'lost'
        ? { code: message.errorCode, text: message.errorText ?? '' }
        : null,
    stopped: message.status === 'aborted' || run?.status === 'aborted',
    tookMs: message.tookMs ?? (run ? run.finishedAt - run.startedAt : null),
    costMicros: message.costMicros ?? run?.costMicros ?? null,
    currency: message.currency ?? run?.currency ?? null,
  };
}
