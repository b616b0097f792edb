/** Why a call of this package failed; stable words that a caller may branch on. */
export type TaizhangErrorCode =
  | 'parse'
  | 'unsupported_gate'
  | 'budget_exceeded'
  | 'worker_lost'
  | 'aborted'
  | 'invalid_argument'
  | 'checkpoint_mismatch';

/** Base of every error thrown on purpose here. `facts` holds plain JSON values, never circuit text. */
export class TaizhangError extends Error {
  readonly code: TaizhangErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: TaizhangErrorCode, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

/** A place in a circuit text; both count from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The text is not a circuit. Carries the place, what would have been accepted, and the nearest known word. */
export class ParseError extends TaizhangError {
  readonly line: number;
  readonly column: number;
  readonly expected: readonly string[];
  readonly suggestion: string | null;

  constructor(
    message: string,
    at: SourcePosition,
    detail: { expected?: readonly string[]; suggestion?: string | null } = {},
  ) {
    const expected = detail.expected ?? [];
    const suggestion = detail.suggestion ?? null;
    const want = expected.length > 0 ? `, expected ${expected.join(' or ')}` : '';
    const hint = suggestion === null ? '' : `; did you mean "${suggestion}"?`;
    super('parse', `${at.line}:${at.column}: ${message}${want}${hint}`, { ...at, expected, suggestion });
    this.line = at.line;
    this.column = at.column;
    this.expected = expected;
    this.suggestion = suggestion;
  }
}

/** The circuit is valid, but the chosen engine cannot do this operation. */
export class UnsupportedGateError extends TaizhangError {
  constructor(message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super('unsupported_gate', message, facts);
  }
}

/** The work would not fit: says how much it needs and how much it may have, in the unit named. */
export class BudgetExceededError extends TaizhangError {
  readonly need: number;
  readonly have: number;
  readonly unit: string;

  constructor(what: string, need: number, have: number, unit: string) {
    super('budget_exceeded', `${what} needs ${need} ${unit}, and the budget is ${have} ${unit}.`, { need, have, unit });
    this.need = need;
    this.have = have;
    this.unit = unit;
  }
}

/** Workers died more often than a slice may be retried. */
export class WorkerLostError extends TaizhangError {
  constructor(chunk: number, attempts: number, cause: string) {
    super('worker_lost', `Chunk ${chunk} lost its worker ${attempts} times: ${cause}`, { chunk, attempts });
  }
}

/** The caller's signal ended the work; finished slices stay in the checkpoint. */
export class AbortedError extends TaizhangError {
  constructor(done: number, total: number, unit: 'chunks of slices' | 'gates' | 'shots') {
    super('aborted', `Aborted with ${done} of ${total} ${unit} done.`, { done, total, unit });
  }
}
