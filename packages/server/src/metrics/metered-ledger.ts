/** The ledger as the kernel sees it: every settlement is timed and counted once it is durable, on every surface. */
import type { Clock, LedgerStore } from '@myriad/contracts';
import type { Meters } from './meters.ts';
import { currentScope } from './request-scope.ts';

export function meteredLedger(ledger: LedgerStore, meters: Meters, clock: Pick<Clock, 'monotonicMs'>): LedgerStore {
  return {
    hold: (hold) => ledger.hold(hold),
    async settle(settlement) {
      const before = clock.monotonicMs();
      const scope = currentScope();
      await ledger.settle(settlement);
      meters.observeRun(settlement.run, clock.monotonicMs() - before);
      scope?.runs.push(settlement.run);
    },
    staleHolds: (livingOwners) => ledger.staleHolds(livingOwners),
    run: (id) => ledger.run(id),
    runs: (query) => ledger.runs(query),
    spend: (query) => ledger.spend(query),
    budgetState: (scope, periodStart) => ledger.budgetState(scope, periodStart),
    exposures: (query) => ledger.exposures(query),
    totals: () => ledger.totals(),
  };
}
