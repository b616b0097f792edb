/** A ledger in memory with the port's rules: holds, settlements once, budget states. For tests and benches. */
import {
  type BudgetState,
  type Exposure,
  type Hold,
  type LedgerStore,
  MyriadError,
  type RunRecord,
  type Settlement,
} from '@myriad/contracts';

export interface MemoryLedger extends LedgerStore {
  readonly holds: ReadonlyMap<string, Hold>;
  readonly records: ReadonlyMap<string, RunRecord>;
  readonly settlements: readonly Settlement[];
  /** Called before each write; throw to fail it, return a promise to delay it. */
  beforeWrite: ((kind: 'hold' | 'settle') => void | Promise<void>) | null;
}

export function createMemoryLedger(): MemoryLedger {
  const holds = new Map<string, Hold>();
  const ended = new Set<string>();
  const records = new Map<string, RunRecord>();
  const settlements: Settlement[] = [];
  const spent = new Map<string, { micros: number; currency: string }>();
  const exposures = new Map<string, Exposure>();
  const unused = () => Promise.reject(new MyriadError('unsupported', 'The memory ledger keeps no such list.'));

  const ledger: MemoryLedger = {
    holds,
    records,
    settlements,
    beforeWrite: null,
    async hold(hold) {
      await ledger.beforeWrite?.('hold');
      // One that its settlement overtook is over already.
      if (!ended.has(hold.id)) holds.set(hold.id, hold);
    },
    async settle(settlement) {
      await ledger.beforeWrite?.('settle');
      const { run, exposure, charges, holdId } = settlement;
      if (records.has(run.id)) throw new MyriadError('conflict', `Run ${run.id} is settled.`);
      records.set(run.id, run);
      settlements.push(settlement);
      for (const charge of charges) {
        const name = `${charge.periodStart}|${charge.scope}`;
        const before = spent.get(name)?.micros ?? 0;
        spent.set(name, { micros: before + charge.micros, currency: charge.currency });
      }
      if (exposure) {
        const name = `${exposure.experiment}|${exposure.unit}`;
        if (!exposures.has(name)) exposures.set(name, exposure);
      }
      if (holdId) {
        ended.add(holdId);
        holds.delete(holdId);
      }
    },
    async staleHolds(livingOwners) {
      return [...holds.values()].filter((hold) => !livingOwners.includes(hold.owner));
    },
    async run(id) {
      return records.get(id) ?? null;
    },
    async budgetState(scope, periodStart): Promise<BudgetState | null> {
      const known = spent.get(`${periodStart}|${scope}`);
      const parts = [...holds.values()]
        .flatMap((hold) => hold.parts)
        .filter((part) => part.scope === scope && part.periodStart === periodStart);
      const currency = known?.currency ?? parts[0]?.currency;
      if (currency === undefined) return null;
      const heldMicros = parts.reduce((sum, part) => sum + part.micros, 0);
      return { scope, periodStart, currency, spentMicros: known?.micros ?? 0, heldMicros };
    },
    runs: unused,
    spend: unused,
    async exposures() {
      return { items: [...exposures.values()], nextCursor: null };
    },
    async totals() {
      return { runs: records.size, holds: holds.size, exposures: exposures.size, kpiEvents: 0 };
    },
  };
  return ledger;
}
