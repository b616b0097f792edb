import type { FailureCode, Problem } from '@myriad/contracts';
import { failureCatalogue, MyriadError } from '@myriad/contracts/errors';

const codeOfStatus: Readonly<Record<number, FailureCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  402: 'budget_exhausted',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'body_too_large',
  429: 'rate_limited',
  502: 'upstream_unavailable',
  503: 'shutting_down',
  504: 'upstream_timeout',
};

/** Whether a value has the shape of an RFC 9457 problem with a code of the catalogue. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    value.code in failureCatalogue
  );
}

/** A problem as the error that callers catch. Facts keep the request's id as `requestId`. */
export function errorOfProblem(problem: Problem, retryAfterMs?: number): MyriadError {
  return new MyriadError(problem.code, problem.detail || problem.title, {
    facts: { ...problem.facts, requestId: problem.requestId },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Reads a refused answer. A body that is no problem (a proxy's page) becomes the code nearest to its status. */
export async function errorOfResponse(response: Response): Promise<MyriadError> {
  const body: unknown = await response.json().catch(() => null);
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
  if (isProblem(body)) return errorOfProblem(body, retryAfterMs);
  const code = codeOfStatus[response.status] ?? (response.status < 500 ? 'invalid_request' : 'internal');
  return new MyriadError(code, `The server answered ${response.status} without saying why.`, {
    facts: { status: response.status },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
