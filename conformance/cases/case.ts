import type { Need, Wire } from '../wire.ts';

/** One golden case of the wire; it throws, in words, when the gateway does otherwise. */
export interface WireCase {
  /** Number of the group, 1 to 14. */
  readonly group: number;
  readonly name: string;
  /** What it needs of the gateway beside a model that is routed to the mock; not asked where that is missing. */
  readonly needs?: Need;
  readonly check: (wire: Wire) => Promise<void>;
}

export const groups: Readonly<Record<number, string>> = {
  1: 'tool-call deltas',
  2: 'usage',
  3: 'choices, logprobs, refusal, unknown fields',
  4: 'reasoning',
  5: 'JSON schema',
  6: 'media parts',
  7: 'errors',
  8: 'cut and stalled upstreams',
  9: 'a caller that goes away',
  10: 'server-sent events',
  11: 'fallback',
  12: 'Messages',
  13: 'Responses',
  14: 'HTTP',
};

/** Why a case is not asked of a gateway. */
export const unmet: Readonly<Record<Need, string>> = {
  fallback: 'no name with two endpoints was given',
  anthropic: 'no model in Anthropic’s dialect was given',
  stalls: 'no model with a time-out of its own was given',
  narrow: 'no model that takes one call at a time was given',
  transcribe: 'no model that transcribes was given',
  books: 'its books cannot be read from outside',
};
