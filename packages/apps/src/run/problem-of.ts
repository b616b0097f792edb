import { asMyriadError, type MyriadError, type Problem, type RunStatus } from '@myriad/contracts';

/** An error as the event that ends a run's stream; `requestId` is the run's id. */
export function problemOf(cause: unknown, runId: string): Problem {
  const error = asMyriadError(cause);
  return {
    type: `urn:myriad:problem:${error.code}`,
    title: error.class.title,
    status: error.class.status,
    code: error.code,
    detail: error.message,
    facts: error.retryAfterMs === undefined ? error.facts : { ...error.facts, retryAfterMs: error.retryAfterMs },
    requestId: runId,
  };
}

/** How the ledger books a run that ended with this error. */
export function statusOf(error: MyriadError): RunStatus {
  if (error.code === 'aborted') return 'aborted';
  return error.class.kind === 'policy' ? 'refused' : 'error';
}
