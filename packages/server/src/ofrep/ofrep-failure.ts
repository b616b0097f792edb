/** Refusals in the words of OpenFeature: `errorCode` and `errorDetails`. */
import { asMyriadError } from '@myriad/contracts';
import { retryAfterSeconds, sendJson } from '../http/problem.ts';
import type { Exchange } from '../v1/exchange.ts';

export type OfrepCode = 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'FLAG_NOT_FOUND' | 'GENERAL';

export class OfrepFailure extends Error {
  readonly status: number;
  readonly errorCode: OfrepCode;
  readonly key: string | null;
  constructor(status: number, errorCode: OfrepCode, details: string, key: string | null) {
    super(details);
    this.status = status;
    this.errorCode = errorCode;
    this.key = key;
  }
}

export function sendOfrepError(exchange: Exchange, thrown: unknown): void {
  const headers = { 'x-request-id': exchange.requestId };
  if (thrown instanceof OfrepFailure) {
    const { status, errorCode, key, message } = thrown;
    const body = { ...(key === null ? {} : { key }), errorCode, errorDetails: message };
    sendJson(exchange.response, status, body, headers);
    return;
  }
  const error = asMyriadError(thrown);
  const retryAfter = retryAfterSeconds(error);
  sendJson(
    exchange.response,
    error.class.status,
    { errorCode: 'GENERAL', errorDetails: error.message },
    { ...headers, ...(retryAfter ? { 'retry-after': retryAfter } : {}) },
  );
}
