/**
 * The one catalogue of failures. A failure is a code, a sentence with the number in it, and facts; the catalogue says how
 * the code maps to HTTP, who is at fault and whether trying again can help. Facts never hold prompts, answers or keys.
 */

export type FailureKind = 'caller' | 'policy' | 'upstream' | 'fault';

export interface FailureClass {
  readonly status: number;
  readonly kind: FailureKind;
  readonly retryable: boolean;
  readonly title: string;
}

const entry = (status: number, kind: FailureKind, retryable: boolean, title: string): FailureClass => ({
  status,
  kind,
  retryable,
  title,
});

export const failureCatalogue = {
  // What the caller sent
  malformed_json: entry(400, 'caller', false, 'The body is not valid JSON'),
  invalid_request: entry(400, 'caller', false, 'The request is not valid'),
  manifest_invalid: entry(422, 'caller', false, 'The manifest is not valid'),
  config_invalid: entry(400, 'caller', false, 'The configuration is not valid'),
  unsupported: entry(400, 'caller', false, 'Not supported'),
  unsupported_media_type: entry(415, 'caller', false, 'This type of content is not supported'),
  body_too_large: entry(413, 'caller', false, 'The body is too large'),
  method_not_allowed: entry(405, 'caller', false, 'Method not allowed'),
  not_found: entry(404, 'caller', false, 'Not found'),
  app_not_found: entry(404, 'caller', false, 'No such app'),
  model_not_found: entry(404, 'caller', false, 'No such model'),
  conflict: entry(409, 'caller', false, 'The thing changed meanwhile'),
  context_too_long: entry(400, 'caller', false, 'The input is longer than the model can read'),
  parse_failed: entry(422, 'caller', false, 'The file could not be read'),
  parse_limit: entry(422, 'caller', false, 'The file goes past a limit of the parser'),
  aborted: entry(499, 'caller', false, 'The caller went away'),
  // Who the caller is
  unauthenticated: entry(401, 'caller', false, 'Sign in or send a valid key'),
  forbidden: entry(403, 'policy', false, 'Not allowed'),
  csrf_rejected: entry(403, 'policy', false, 'The request did not come from this site'),
  // What the house decided
  quota_exceeded: entry(507, 'policy', false, 'The drive is full'),
  locked: entry(423, 'policy', false, 'Somebody has locked it'),
  budget_exhausted: entry(402, 'policy', false, 'The budget is used up'),
  exchange_rate_missing: entry(409, 'policy', false, 'No exchange rate between the price and the budget'),
  rate_limited: entry(429, 'policy', true, 'Too many requests'),
  queue_full: entry(429, 'policy', true, 'The queue of this app is full'),
  deadline_exceeded: entry(429, 'policy', true, 'No slot came free in time'),
  capability_unavailable: entry(503, 'policy', false, 'No attached model can do this'),
  app_stopped: entry(403, 'policy', false, 'The app is stopped'),
  app_not_served: entry(403, 'policy', false, 'The app is not served to this unit'),
  approval_required: entry(409, 'policy', false, 'A person must approve this first'),
  approval_denied: entry(403, 'policy', false, 'A person refused this'),
  policy_blocked: entry(403, 'policy', false, 'A policy of the app blocks this'),
  address_blocked: entry(403, 'policy', false, 'This address may not be reached'),
  evals_failed: entry(422, 'policy', false, 'The evals of the app did not pass'),
  // What a base model or another server did
  upstream_unavailable: entry(502, 'upstream', true, 'The model server cannot be reached'),
  upstream_timeout: entry(504, 'upstream', true, 'The model server took too long'),
  upstream_cut: entry(502, 'upstream', true, 'The model server cut the answer off'),
  upstream_rate_limited: entry(429, 'upstream', true, 'The model server limits the rate'),
  upstream_overloaded: entry(503, 'upstream', true, 'The model server is overloaded'),
  upstream_auth: entry(502, 'upstream', false, 'The model server refused the key'),
  upstream_rejected: entry(400, 'upstream', false, 'The model server refused the request'),
  upstream_error: entry(502, 'upstream', true, 'The model server failed'),
  upstream_protocol: entry(502, 'upstream', false, 'The model server answered in a shape that is not its dialect'),
  content_filtered: entry(400, 'upstream', false, 'The model server filtered the content'),
  // What went wrong here
  storage_full: entry(507, 'fault', true, 'The disk is full'),
  storage_read_only: entry(500, 'fault', false, 'The data folder cannot be written'),
  storage_locked: entry(500, 'fault', false, 'Another process uses the data folder'),
  storage_corrupt: entry(500, 'fault', false, 'The data is damaged'),
  migration_failed: entry(500, 'fault', false, 'The data could not be brought to this version'),
  port_taken: entry(500, 'fault', false, 'The port is taken'),
  shutting_down: entry(503, 'fault', true, 'The node is stopping'),
  internal: entry(500, 'fault', false, 'Something broke here'),
} as const satisfies Record<string, FailureClass>;

export type FailureCode = keyof typeof failureCatalogue;

export type FailureFacts = Readonly<Record<string, unknown>>;

export interface FailureOptions {
  readonly facts?: FailureFacts;
  readonly cause?: unknown;
  /** Milliseconds after which trying again makes sense; becomes `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** The only error that crosses a room's front door on purpose. */
export class MyriadError extends Error {
  readonly code: FailureCode;
  readonly facts: FailureFacts;
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MyriadError';
    this.code = code;
    this.facts = options.facts ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  get class(): FailureClass {
    return failureCatalogue[this.code];
  }
}

export function isMyriadError(error: unknown): error is MyriadError {
  return error instanceof MyriadError;
}

/** Turns anything thrown into a MyriadError; what is not ours becomes `internal` with the cause kept for the log. */
export function asMyriadError(error: unknown): MyriadError {
  if (isMyriadError(error)) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new MyriadError('aborted', 'The caller went away.', { cause: error });
  }
  return new MyriadError('internal', 'Something broke here. The log has the details.', { cause: error });
}
