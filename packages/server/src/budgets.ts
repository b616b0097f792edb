/** Budgets as pages show them: the limit, and what its present period has spent. */
import type { AppRecord, AppVersion, Budget, BudgetState } from '@myriad/contracts';
import { createPeriods } from '@myriad/kernel';
import type { House } from './house.ts';

export interface BudgetView {
  readonly budget: Budget;
  readonly state: BudgetState | null;
}

/** The budget of an app: one that a person set wins over the manifest's. */
export async function appBudget(house: House, app: AppRecord, version: AppVersion | null): Promise<BudgetView | null> {
  const scope = `app:${app.id}`;
  const set = house.budgets.list().find((budget) => budget.scope === scope);
  const manifest = version?.manifest.budget;
  const budget =
    set ??
    (manifest
      ? {
          scope,
          limitMicros: manifest.micros,
          currency: manifest.currency,
          period: manifest.period,
          onExceed: manifest.onExceed,
        }
      : null);
  return budget ? budgetView(house, budget) : null;
}

export async function budgetView(house: House, budget: Budget): Promise<BudgetView> {
  const { start } = createPeriods(house.config.timeZone)(budget.period, house.clock.now());
  return { budget, state: await house.store.ledger.budgetState(budget.scope, start) };
}
