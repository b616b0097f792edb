import {
  type AppRunRequest,
  asMyriadError,
  type Budget,
  type Kernel,
  type MyriadError,
  type OpenRun,
  type RunRecord,
  type RunStatus,
} from '@myriad/contracts';
import { statusOf } from './problem-of.ts';
import type { ResolvedRun } from './resolve-run.ts';
import type { Trace } from './trace.ts';

/** An open run that is settled once, however it ends. */
export interface Account {
  readonly run: OpenRun;
  readonly settled: boolean;
  close(status: RunStatus, errorCode: string | null): Promise<RunRecord>;
  fail(error: MyriadError): Promise<RunRecord>;
}

/** Wraps an open run so that a second end is the first one's record. */
export function accountOf(run: OpenRun, trace: Trace): Account {
  let record: Promise<RunRecord> | null = null;
  const close = (status: RunStatus, errorCode: string | null) => {
    record ??= run.settle({ status, errorCode, steps: trace.steps });
    return record;
  };
  return {
    run,
    get settled() {
      return record !== null;
    },
    close,
    fail: (error) => close(statusOf(error), error.code),
  };
}

/** Settles a failed run and returns the error to tell: the cause, or the fault of settling when even that failed. */
export async function settleFailed(account: Account | null, cause: unknown): Promise<unknown> {
  if (!account || account.settled) return cause;
  try {
    await account.fail(asMyriadError(cause));
    return cause;
  } catch (settleFault) {
    return settleFault;
  }
}

/** Begins the run under account: the app's budget and limits bind it. */
export async function openAccount(
  kernel: Kernel,
  request: AppRunRequest,
  resolved: ResolvedRun,
  runId: string,
  trace: Trace,
): Promise<Account> {
  const { app, caller } = request;
  const { manifest, assignment } = resolved;
  const { requestsPerMinute, tokensPerMinute, parallel, deadlineMs } = manifest.limits;
  const run = await kernel.begin({
    runId,
    appId: app.id,
    appName: app.name,
    version: resolved.version,
    tenant: app.tenant,
    surface: request.surface,
    personId: caller.personId,
    keyId: caller.keyId,
    assignment,
    delivered: resolved.delivered,
    conversationId: request.conversationId ?? null,
    priority: request.priority ?? (request.surface === 'page' ? 'interactive' : 'standard'),
    stream: request.stream,
    ...priceOf(request.priceRatio, trace),
    budgets: budgetsOf(request, resolved),
    limits: { requestsPerMinute, tokensPerMinute, parallel, deadlineMs },
    cache: {
      exact: manifest.cache.exact,
      ...(manifest.cache.semantic ? { semantic: true } : {}),
      ttlMs: manifest.cache.ttlMs,
    },
  });
  return accountOf(run, trace);
}

/** A price other than the whole is told in the trace, as the calls' costs are booked by it. */
export function priceOf(priceRatio: number | undefined, trace: Trace): { readonly priceRatio?: number } {
  if (priceRatio === undefined) return {};
  trace.add('policy', 'price', { priceRatio });
  return { priceRatio };
}

function budgetsOf({ app }: AppRunRequest, { manifest }: ResolvedRun): readonly Budget[] {
  if (!manifest.budget) return [];
  const { micros, currency, period, onExceed } = manifest.budget;
  return [{ scope: `app:${app.id}`, limitMicros: micros, currency, period, onExceed }];
}
