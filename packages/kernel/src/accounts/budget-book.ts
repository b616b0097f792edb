/**
 * The one owner of budgets in a process: what each has spent and set aside, decided without waiting, so that parallel
 * runs cannot overspend together. The ledger is read once per budget and period; after that memory is the truth and the
 * ledger its record.
 */
import {
  type Budget,
  convertMoney,
  type ExchangeRates,
  type LedgerStore,
  type Money,
  MyriadError,
} from '@myriad/contracts';
import type { PeriodAt } from './budget-period.ts';

/** One budget in one period. */
export interface Account {
  readonly scope: string;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly currency: string;
  spentMicros: number;
  heldMicros: number;
  /** Part of `heldMicros` that other processes held when the ledger was read. */
  foreignMicros: number;
  /** Reservations and unsettled runs that refer to it; it is not forgotten before they end. */
  pins: number;
  /** Runs that wait for money, first come first served; each tries and says whether it is done waiting. */
  waiters: (() => boolean)[];
}

/** Money set aside for one model call, in each budget that binds it. */
export interface Reservation {
  readonly accounts: readonly Account[];
  /** Aligned with `accounts`. */
  readonly micros: readonly number[];
}

/** The narrowest truth about a refusal. */
export interface Shortfall {
  readonly budget: Budget;
  readonly account: Account;
  readonly leftMicros: number;
  readonly neededMicros: number;
}

export interface BudgetBook {
  /** Accounts of the budgets now; a promise only when the ledger must be read first. */
  accounts(budgets: readonly Budget[], now: number): readonly Account[] | Promise<readonly Account[]>;
  /** Sets aside in all budgets or in none. `micros` is aligned with the budgets. */
  reserve(
    budgets: readonly Budget[],
    accounts: readonly Account[],
    micros: readonly number[],
  ): Reservation | { readonly shortfall: Shortfall };
  /** Turns what was set aside into what was spent; wakes who waits. */
  trueUp(reservation: Reservation, actualMicros: readonly number[]): void;
  /** Takes off money that dead processes held, after the ledger released it. */
  releaseForeign(scope: string, periodStart: number, micros: number): void;
  /** Books money that dead processes spent. */
  chargeForeign(scope: string, periodStart: number, micros: number): void;
  pin(accounts: readonly Account[]): void;
  unpin(accounts: readonly Account[]): void;
  readonly size: number;
}

export interface BudgetBookOptions {
  readonly ledger: Pick<LedgerStore, 'budgetState'>;
  readonly periodAt: PeriodAt;
  readonly exchange: ExchangeRates;
  /** Accounts kept in memory while nobody uses them. */
  readonly keepAccounts: number;
}

export function leftOf(budget: Budget, account: Account): number {
  return budget.limitMicros - account.spentMicros - account.heldMicros;
}

function isSettled(account: Account): boolean {
  return account.pins === 0 && account.waiters.length === 0;
}

export function createBudgetBook({ ledger, periodAt, exchange, keepAccounts }: BudgetBookOptions): BudgetBook {
  const open = new Map<string, Account>();
  const loading = new Map<string, Promise<Account>>();

  const nameOf = (scope: string, periodStart: number) => `${periodStart}|${scope}`;

  /** Forgets accounts that nobody uses now, oldest first; what they spent is in the ledger. */
  const trim = () => {
    if (open.size <= keepAccounts) return;
    let looked = 0;
    for (const [name, account] of open) {
      open.delete(name);
      // One in use goes to the end, so that the next look meets others.
      if (!isSettled(account)) open.set(name, account);
      looked += 1;
      if (open.size <= keepAccounts || looked >= 64) return;
    }
  };

  const load = async (budget: Budget, name: string, periodStart: number, periodEnd: number): Promise<Account> => {
    const state = await ledger.budgetState(budget.scope, periodStart);
    const inCurrency = (micros: number, from: string): number => {
      const money = convertMoney({ micros, currency: from }, budget.currency, exchange);
      if (!money) throw missingRate(from, budget);
      return money.micros;
    };
    const foreignMicros = state ? inCurrency(state.heldMicros, state.currency) : 0;
    const account: Account = {
      scope: budget.scope,
      periodStart,
      periodEnd,
      currency: budget.currency,
      spentMicros: state ? inCurrency(state.spentMicros, state.currency) : 0,
      heldMicros: foreignMicros,
      foreignMicros,
      pins: 0,
      waiters: [],
    };
    open.set(name, account);
    trim();
    return account;
  };

  const accountOf = (budget: Budget, now: number): Account | Promise<Account> => {
    const { start, end } = periodAt(budget.period, now);
    const name = nameOf(budget.scope, start);
    const known = open.get(name);
    if (known) return known;
    let promise = loading.get(name);
    if (!promise) {
      promise = load(budget, name, start, end).finally(() => loading.delete(name));
      loading.set(name, promise);
    }
    return promise;
  };

  /** Lets those who wait try again, in order; the first who still lacks money stops the rest. */
  const wake = (account: Account) => {
    while (account.waiters.length > 0) {
      const waiter = account.waiters[0] as () => boolean;
      if (!waiter()) return;
      const at = account.waiters.indexOf(waiter);
      if (at >= 0) account.waiters.splice(at, 1);
    }
  };

  return {
    accounts(budgets, now) {
      const accounts: Account[] = [];
      let waits = false;
      const found = budgets.map((budget) => {
        const account = accountOf(budget, now);
        if (account instanceof Promise) waits = true;
        else accounts.push(account);
        return account;
      });
      return waits ? Promise.all(found) : accounts;
    },
    reserve(budgets, accounts, micros) {
      for (let at = 0; at < budgets.length; at += 1) {
        const budget = budgets[at] as Budget;
        const account = accounts[at] as Account;
        const leftMicros = leftOf(budget, account);
        const neededMicros = micros[at] as number;
        if (neededMicros > 0 && neededMicros > leftMicros)
          return { shortfall: { budget, account, leftMicros, neededMicros } };
      }
      for (let at = 0; at < accounts.length; at += 1) {
        const account = accounts[at] as Account;
        account.heldMicros += micros[at] as number;
        account.pins += 1;
      }
      return { accounts, micros };
    },
    trueUp({ accounts, micros }, actualMicros) {
      for (let at = 0; at < accounts.length; at += 1) {
        const account = accounts[at] as Account;
        account.heldMicros -= micros[at] as number;
        account.spentMicros += actualMicros[at] as number;
        account.pins -= 1;
      }
      for (const account of accounts) if (account.waiters.length > 0) wake(account);
    },
    releaseForeign(scope, periodStart, micros) {
      const account = open.get(nameOf(scope, periodStart));
      if (!account) return;
      const released = Math.min(micros, account.foreignMicros);
      account.foreignMicros -= released;
      account.heldMicros -= released;
      wake(account);
    },
    chargeForeign(scope, periodStart, micros) {
      const account = open.get(nameOf(scope, periodStart));
      if (account) account.spentMicros += micros;
    },
    pin(accounts) {
      for (const account of accounts) account.pins += 1;
    },
    unpin(accounts) {
      for (const account of accounts) account.pins -= 1;
    },
    get size() {
      return open.size;
    },
  };
}

export function missingRate(currency: string, budget: Budget): MyriadError {
  return new MyriadError(
    'exchange_rate_missing',
    `No exchange rate from ${currency} to ${budget.currency}, the currency of budget ${budget.scope}.`,
    { facts: { from: currency, to: budget.currency, scope: budget.scope } },
  );
}

/** The same money in each budget's currency, rounded up in each. @throws MyriadError `exchange_rate_missing`. */
export function spreadOver(budgets: readonly Budget[], money: Money, exchange: ExchangeRates): number[] {
  return budgets.map((budget) => {
    if (money.micros === 0) return 0;
    const converted = convertMoney(money, budget.currency, exchange);
    if (!converted) throw missingRate(money.currency, budget);
    return converted.micros;
  });
}

export function exhausted({ budget, account, leftMicros, neededMicros }: Shortfall): MyriadError {
  const left = Math.max(0, leftMicros);
  return new MyriadError(
    'budget_exhausted',
    `Budget ${budget.scope} has ${left} of ${budget.limitMicros} micros ${budget.currency} left; this call may need ${neededMicros}.`,
    {
      facts: {
        scope: budget.scope,
        period: budget.period,
        currency: budget.currency,
        limitMicros: budget.limitMicros,
        spentMicros: account.spentMicros,
        heldMicros: account.heldMicros,
        leftMicros: left,
        neededMicros,
        periodEndsAt: Number.isFinite(account.periodEnd) ? account.periodEnd : null,
      },
    },
  );
}
