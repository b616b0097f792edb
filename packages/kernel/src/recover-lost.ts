/** Books runs whose process died, so that their holds bind nobody. */
import { type Exposure, type Hold, noUsage, type RunRecord } from '@myriad/contracts';
import type { Parts } from './run/parts.ts';
import { appendSettlement } from './run/settle-run.ts';

function lostRecord({ run, runId, parts }: Hold, now: number, currency: string): RunRecord {
  return {
    ...run,
    id: runId,
    status: 'lost',
    errorCode: 'internal',
    firstTokenAt: null,
    finishedAt: now,
    usage: { ...noUsage, source: 'estimated' },
    costMicros: null,
    pricedMicros: 0,
    currency: parts[0]?.currency ?? currency,
    model: null,
    calls: [],
    steps: [],
  };
}

function lostExposure({ run, runId }: Hold): Exposure | null {
  const { experiment, unit, assignmentReason, appId, version, assigned, delivered, startedAt } = run;
  if (experiment === null || unit === null) return null;
  if (assignmentReason !== 'experiment' && assignmentReason !== 'global_holdout') return null;
  return { experiment, appId, version, unit, assigned, delivered, runId, time: startedAt };
}

/**
 * What such a run cost is not known: it is booked without a cost (`costMicros` null), and its budgets get back what it
 * held, or are charged all of it.
 *
 * @returns How many runs were booked.
 */
export async function recoverLost(
  parts: Parts,
  livingOwners: readonly string[],
  policy: 'release' | 'charge',
): Promise<number> {
  const stale = await parts.ledger.staleHolds([parts.owner, ...livingOwners]);
  for (const hold of stale) {
    const charges = policy === 'charge' ? hold.parts.filter((part) => part.micros > 0) : [];
    await appendSettlement(parts, {
      run: lostRecord(hold, parts.clock.now(), parts.exchange.base),
      exposure: lostExposure(hold),
      charges,
      holdId: hold.id,
    });
    for (const part of hold.parts) parts.book.releaseForeign(part.scope, part.periodStart, part.micros);
    for (const part of charges) parts.book.chargeForeign(part.scope, part.periodStart, part.micros);
  }
  return stale.length;
}
