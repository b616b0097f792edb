/** What to do after an attempt failed before its first event. */
import type { FailureCode, MyriadError, Random } from '@myriad/contracts';

/** Failures that another endpoint may not have. */
const fallbackCodes: ReadonlySet<FailureCode> = new Set([
  'upstream_unavailable',
  'upstream_timeout',
  'upstream_cut',
  'upstream_rate_limited',
  'upstream_overloaded',
  'upstream_auth',
  'upstream_error',
  'upstream_protocol',
  'context_too_long',
  // An endpoint that was taken away while the call waited.
  'not_found',
  'internal',
]);

/** Failures that may pass by themselves. */
const transientCodes: ReadonlySet<FailureCode> = new Set([
  'upstream_unavailable',
  'upstream_cut',
  'upstream_rate_limited',
  'upstream_overloaded',
  'upstream_error',
]);

/** Failures that speak against the endpoint's health. */
const unhealthyCodes: ReadonlySet<FailureCode> = new Set([
  'upstream_unavailable',
  'upstream_timeout',
  'upstream_cut',
  'upstream_auth',
  'upstream_error',
  'upstream_protocol',
  'internal',
]);

export function mayFallBack(error: MyriadError): boolean {
  return fallbackCodes.has(error.code);
}

export function mayRetry(error: MyriadError): boolean {
  return transientCodes.has(error.code);
}

export function isUnhealthy(error: MyriadError): boolean {
  return unhealthyCodes.has(error.code);
}

/** Rate limits and overload: the endpoint is alive, but takes fewer calls. */
export function isRefusal(error: MyriadError): boolean {
  return error.code === 'upstream_rate_limited' || error.code === 'upstream_overloaded';
}

/** Whoever is asked to come back later than this is told so at once: the caller knows better what to do meanwhile. */
export const longestRetryWaitMs = 5_000;

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/**
 * Wait before the next attempt at the same endpoint: what the server asked for plus up to a fifth, so that clients do not
 * come back together, or else exponential with full jitter.
 *
 * @param attempt 1 after the first failure.
 */
export function retryDelayMs(error: MyriadError, attempt: number, random: Pick<Random, 'next'>): number {
  if (error.retryAfterMs !== undefined) return Math.ceil(error.retryAfterMs * (1 + 0.2 * random.next()));
  const most = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return Math.ceil(most * (0.5 + 0.5 * random.next()));
}
