/** The edge where an error becomes the caller's dialect. */
import type { ServerResponse } from 'node:http';
import { asMyriadError, type FailureFacts, type MyriadError, type Problem } from '@myriad/contracts';

/** RFC 9457. A fault's own text stays in the log: the caller learns that something broke and the request id. */
export function toProblem(thrown: unknown, requestId: string): Problem {
  const error = asMyriadError(thrown);
  const { status, title } = error.class;
  return {
    type: `https://myriad.dev/errors/${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    facts: error.facts,
    requestId,
  };
}

const openAiTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'invalid_request_error',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
};

export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
    readonly facts?: FailureFacts;
  };
}

/** OpenAI's error object. `param` is the fact of that name. */
export function toOpenAiError(thrown: unknown): { status: number; body: OpenAiError; error: MyriadError } {
  const error = asMyriadError(thrown);
  const { status } = error.class;
  const type = openAiTypes[status] ?? (error.class.kind === 'upstream' ? 'upstream_error' : 'server_error');
  const param = typeof error.facts.param === 'string' ? error.facts.param : null;
  return {
    status,
    error,
    body: {
      error: {
        message: error.message,
        type,
        code: error.code === 'model_not_found' ? 'model_not_found' : error.code,
        param,
      },
    },
  };
}

/** Seconds for `Retry-After`, at least 1, or null. */
export function retryAfterSeconds(error: MyriadError): string | null {
  return error.retryAfterMs === undefined ? null : String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

export function sendProblem(response: ServerResponse, thrown: unknown, requestId: string): void {
  const error = asMyriadError(thrown);
  const retryAfter = retryAfterSeconds(error);
  sendJson(response, error.class.status, toProblem(error, requestId), {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': requestId,
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
    ...(error.class.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
}
