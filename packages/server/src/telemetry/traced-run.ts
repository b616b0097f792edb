/** What traces know of a run while it is open. */
import type { ChatRequest } from '@myriad/contracts';
import type { AnswerText } from './span-content.ts';
import type { TraceContext } from './trace-context.ts';

/** A run that is traced: known from its beginning until it is in the ledger. */
export interface TracedRun {
  /** What the run's own span hangs under; null when the trace begins with the run. */
  readonly parent: TraceContext | null;
  readonly traceId: string;
  readonly sampled: boolean;
  /** By the id of the call. */
  readonly calls: Map<string, TracedCall>;
}

export interface TracedCall {
  readonly operation: 'chat' | 'embeddings' | 'generate_content';
  /** What was asked and answered, where the operator opted in; null otherwise. */
  readonly content: { readonly request: ChatRequest; readonly answer: AnswerText } | null;
}
