/** What can be wrong with a call into this room; every refusal carries one of these codes. */
export type LiftErrorCode =
  | 'invalid_input'
  | 'not_enough_data'
  | 'no_convergence'
  | 'invalid_option'
  | 'invalid_vectors';

/**
 * The only error that this room throws on purpose.
 * `facts` hold the numbers that the sentence names, so that a caller can translate it.
 */
export class LiftError extends Error {
  readonly code: LiftErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: LiftErrorCode, message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'LiftError';
    this.code = code;
    this.facts = facts;
  }
}

/** Throws `invalid_input` unless `value` is a finite number strictly inside (low, high). */
export function requireInside(name: string, value: number, low: number, high: number): void {
  if (!(value > low && value < high)) {
    throw new LiftError('invalid_input', `${name} must lie strictly between ${low} and ${high}, not ${value}.`, {
      name,
      value,
      low,
      high,
    });
  }
}
