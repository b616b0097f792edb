/** The end of a run: one append to the ledger, tried again while the storage's trouble may pass. */
import {
  addUsage,
  type BudgetCharge,
  convertMoney,
  type Exposure,
  isMyriadError,
  noUsage,
  type RunOutcome,
  type RunRecord,
  type RunSpec,
  type Settlement,
} from '@myriad/contracts';
import type { Parts, RunAccount } from './parts.ts';

const firstRetryMs = 50;
const attempts = 6;

/** @throws MyriadError of the storage when it stays unwritable; memory keeps the money spent, and settling may be tried again. */
export async function appendSettlement(parts: Parts, settlement: Settlement): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await parts.ledger.settle(settlement);
      return;
    } catch (error) {
      // An earlier try may have reached the disk before its answer was lost: a run settles once.
      if (isMyriadError(error) && error.code === 'conflict') return;
      const passing = !isMyriadError(error) || error.class.retryable;
      parts.log(passing && attempt < attempts ? 'warn' : 'error', 'A run could not be settled.', {
        runId: settlement.run.id,
        attempt,
        cause: String(error),
      });
      if (!passing || attempt >= attempts) throw error;
      await new Promise<void>((resolve) => {
        parts.clock.after(firstRetryMs * 2 ** (attempt - 1), resolve);
      });
    }
  }
}

/** First moment at which the unit's experience could differ; units outside an experiment are not exposed. */
export function exposureOf(spec: RunSpec, delivered: string, time: number): Exposure | null {
  const { experiment, unit, variant, reason } = spec.assignment;
  if (experiment === null || unit === null || (reason !== 'experiment' && reason !== 'global_holdout')) return null;
  return {
    experiment,
    appId: spec.appId,
    version: spec.version,
    unit,
    // a unit that is kept from all apps is no part of this one's experiment, and the log must tell
    assigned: reason === 'global_holdout' ? reason : variant,
    delivered,
    runId: spec.runId,
    time,
  };
}

export function settlementOf(parts: Parts, run: RunAccount, outcome: RunOutcome): Settlement {
  const { spec, calls } = run;
  let usage = noUsage;
  for (const call of calls) usage = addUsage(usage, call.usage);
  const currency =
    spec.budgets[0]?.currency ?? calls.find((call) => call.cost !== null)?.cost?.currency ?? parts.exchange.base;
  let pricedMicros = 0;
  let allPriced = true;
  for (const { cost } of calls) {
    const converted = cost && convertMoney(cost, currency, parts.exchange);
    if (converted) pricedMicros += converted.micros;
    else allPriced = false;
  }
  const delivered = outcome.delivered ?? spec.delivered;
  const record: RunRecord = {
    id: spec.runId,
    appId: spec.appId,
    appName: spec.appName,
    version: spec.version,
    surface: spec.surface,
    tenant: spec.tenant,
    personId: spec.personId,
    keyId: spec.keyId,
    unit: spec.assignment.unit,
    experiment: spec.assignment.experiment,
    assigned: spec.assignment.variant,
    delivered,
    assignmentReason: spec.assignment.reason,
    conversationId: spec.conversationId,
    status: outcome.status,
    errorCode: outcome.errorCode,
    stream: spec.stream,
    startedAt: run.startedAt,
    firstTokenAt: run.firstTokenAt,
    finishedAt: parts.clock.now(),
    usage,
    costMicros: allPriced ? pricedMicros : null,
    pricedMicros,
    currency,
    model: run.servedBy?.model ?? null,
    calls,
    steps: outcome.steps,
  };
  const charges: BudgetCharge[] = [];
  for (const [account, micros] of run.charges)
    if (micros !== 0)
      charges.push({ scope: account.scope, periodStart: account.periodStart, currency: account.currency, micros });
  return { run: record, exposure: exposureOf(spec, delivered, run.startedAt), charges, holdId: run.holdId };
}
