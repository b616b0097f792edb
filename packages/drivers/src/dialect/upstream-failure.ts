/** What a provider's refusal means in our catalogue. */
import { type FailureCode, MyriadError } from '@myriad/contracts';
import { redact } from './redact.ts';

/** A refusal as the dialect's own reader understood it. */
export interface Refusal {
  /** HTTP status, or the status that an error inside a 200 stream stands for; 0 when it has none. */
  readonly status: number;
  /** The provider's codes, most telling first: error code, error type, numeric codes. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly requestId: string | null;
  readonly retryAfterMs?: number | undefined;
}

export interface RefusalContext {
  readonly provider: string;
  readonly model: string;
  readonly apiKey: string | null;
  /** The provider's codes that mean something else than their HTTP status says. */
  readonly codes: Readonly<Record<string, FailureCode>>;
}

const tooLong =
  /context[ _-]?length|context window|maximum (?:context|number of tokens)|prompt (?:is|was) too long|too many (?:input )?tokens|tokens? (?:length )?too long|token limit|exceeds? the (?:available )?context|range of input length|input.{0,20}too long|prompt.{0,3}超长|上下文|输入.{0,6}过长/i;
const filtered =
  /content (?:management )?(?:policy|filter)|content_filter|content exists risk|high risk|inappropriate content|sensitive content|unsafe|敏感|违规/i;
const noMoney = /insufficient[ _](?:balance|quota|credit)|overdue|arrear|exceeded your current quota|欠费|余额不足/i;

/** Turns a refusal into the MyriadError that drivers throw. Facts: `provider`, `status`, `upstreamCode`, `requestId`. */
export function upstreamFailure(refusal: Refusal, context: RefusalContext): MyriadError {
  const code = codeOf(refusal, context.codes);
  const said = redact(refusal.message, context.apiKey);
  return new MyriadError(code, sentenceOf(code, refusal, context, said), {
    facts: {
      provider: context.provider,
      model: context.model,
      status: refusal.status,
      upstreamCode: refusal.codes[0] === undefined ? null : redact(refusal.codes[0], context.apiKey),
      requestId: refusal.requestId,
    },
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
  });
}

function codeOf(refusal: Refusal, known: Readonly<Record<string, FailureCode>>): FailureCode {
  for (const code of refusal.codes) {
    const mapped = known[code];
    if (mapped) return mapped;
  }
  const { status } = refusal;
  const words = `${refusal.codes.join(' ')} ${refusal.message}`;
  if (status === 401 || status === 402 || status === 403) {
    return status === 403 && filtered.test(words) ? 'content_filtered' : 'upstream_auth';
  }
  if (noMoney.test(words)) return 'upstream_auth';
  if (status === 429) return 'upstream_rate_limited';
  if (status === 408 || status === 504) return 'upstream_timeout';
  if (status === 503 || status === 529) return 'upstream_overloaded';
  if (status >= 500) return 'upstream_error';
  if (tooLong.test(words)) return 'context_too_long';
  if (filtered.test(words)) return 'content_filtered';
  return status >= 400 ? 'upstream_rejected' : 'upstream_error';
}

function sentenceOf(code: FailureCode, refusal: Refusal, context: RefusalContext, said: string): string {
  const who = `${context.provider} (${context.model})`;
  const number = refusal.status > 0 ? ` with ${refusal.status}` : '';
  const tail = said === '' ? '.' : `: ${said}`;
  switch (code) {
    case 'upstream_auth':
      return `${who} refused the key or the account${number}${tail}`;
    case 'upstream_rate_limited':
      return `${who} limits the rate${number}${tail}`;
    case 'upstream_overloaded':
      return `${who} is overloaded${number}${tail}`;
    case 'context_too_long':
      return `The input is longer than ${who} can read${tail}`;
    case 'content_filtered':
      return `${who} filtered the content${number}${tail}`;
    case 'upstream_timeout':
      return `${who} took too long${number}${tail}`;
    case 'upstream_rejected':
      return refusal.status === 404
        ? `${who} is not known at this address${number}${tail}`
        : `${who} refused the request${number}${tail}`;
    default:
      return `${who} failed${number}${tail}`;
  }
}

/**
 * Milliseconds to wait from `retry-after-ms`, or `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3).
 *
 * @param nowMs UTC milliseconds, for the date form.
 */
export function retryAfterOf(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const exact = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] !== undefined && Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  const given = headers['retry-after'];
  if (given === undefined || given === '') return undefined;
  const seconds = Number(given);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  const date = Date.parse(given);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The id under which the provider can find the call. */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | null {
  for (const name of [
    'x-request-id',
    'request-id',
    'x-ds-trace-id',
    'x-tt-logid',
    'x-generation-id',
    'apim-request-id',
  ])
    if (headers[name]) return headers[name];
  return null;
}
