/** Ties the runs that a request settles to the request, through everything it awaits. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RunRecord } from '@myriad/contracts';

export interface RequestScope {
  readonly runs: RunRecord[];
  /** Trace context that the caller sent, as received. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

const scopes = new AsyncLocalStorage<RequestScope>();

export function inRequestScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

export function currentScope(): RequestScope | undefined {
  return scopes.getStore();
}
