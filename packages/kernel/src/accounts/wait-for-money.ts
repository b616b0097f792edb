import type { Budget, Clock } from '@myriad/contracts';
import type { Cancel } from '../run/cancel.ts';
import type { Account, BudgetBook, Reservation, Shortfall } from './budget-book.ts';
import { exhausted } from './budget-book.ts';

export interface MoneyWait {
  readonly book: BudgetBook;
  readonly clock: Clock;
  readonly budgets: readonly Budget[];
  readonly accounts: readonly Account[];
  readonly micros: readonly number[];
  readonly waitMs: number;
  readonly cancel: Cancel;
}

/** Removes one waiter wherever it stands. */
function leave(account: Account, waiter: () => boolean): void {
  const at = account.waiters.indexOf(waiter);
  if (at >= 0) account.waiters.splice(at, 1);
}

/**
 * Waits until other runs give enough money back, in the order of arrival at the budget that lacks it.
 *
 * @throws MyriadError `budget_exhausted` when it did not come within `waitMs`, or at once when the whole limit is too
 * small; `aborted` when the caller went away.
 */
export function waitForMoney(wait: MoneyWait, shortfall: Shortfall): Promise<Reservation> {
  const { book, clock, budgets, accounts, micros, waitMs, cancel } = wait;
  if (shortfall.neededMicros > shortfall.budget.limitMicros - shortfall.account.spentMicros || waitMs <= 0)
    return Promise.reject(exhausted(shortfall));
  return new Promise((resolve, reject) => {
    let lacking = shortfall;
    const done = () => {
      stopTimer();
      stopCancel();
    };
    const attempt = (): boolean => {
      const outcome = book.reserve(budgets, accounts, micros);
      if ('accounts' in outcome) {
        done();
        resolve(outcome);
        return true;
      }
      if (outcome.shortfall.account === lacking.account) {
        lacking = outcome.shortfall;
        return false;
      }
      leave(lacking.account, attempt);
      lacking = outcome.shortfall;
      lacking.account.waiters.push(attempt);
      return true;
    };
    const stopTimer = clock.after(waitMs, () => {
      stopCancel();
      leave(lacking.account, attempt);
      reject(exhausted(lacking));
    });
    const stopCancel = cancel.onCancel((reason) => {
      stopTimer();
      leave(lacking.account, attempt);
      reject(reason);
    });
    lacking.account.waiters.push(attempt);
  });
}
