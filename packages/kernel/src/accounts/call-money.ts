/** The money of one model call: held before, exchanged between attempts, spent once. */
import type { Money } from '@myriad/contracts';
import type { Binding, Parts, RunAccount } from '../run/parts.ts';
import { exhausted, type Reservation, spreadOver } from './budget-book.ts';

export class CallMoney {
  readonly #parts: Pick<Parts, 'book' | 'exchange'>;
  readonly #run: RunAccount;
  readonly #binding: Binding;
  #reservation: Reservation | null;
  /** Called once when the call is paid; gives back what else was set aside for it. */
  onSpent: (() => void) | null = null;

  constructor(parts: Pick<Parts, 'book' | 'exchange'>, run: RunAccount, binding: Binding, reservation: Reservation) {
    this.#parts = parts;
    this.#run = run;
    this.#binding = binding;
    this.#reservation = reservation;
    for (const account of reservation.accounts) {
      if (run.pinned.has(account)) continue;
      run.pinned.add(account);
      parts.book.pin([account]);
    }
  }

  get held(): Reservation | null {
    return this.#reservation;
  }

  /** Books what an attempt cost (null: nothing that is counted in money) and gives the rest back. Idempotent. */
  spend(cost: Money | null): void {
    this.onSpent?.();
    this.onSpent = null;
    const reservation = this.#reservation;
    if (!reservation) return;
    this.#reservation = null;
    const actual = this.#inBudgets(cost);
    this.#record(actual);
    this.#parts.book.trueUp(reservation, actual);
  }

  /**
   * Books what a failed attempt cost and keeps the same amount held for the next one, with nobody in between.
   *
   * @throws MyriadError `budget_exhausted` when what the attempt cost leaves too little; nothing is held then.
   */
  renew(cost: Money | null): void {
    const reservation = this.#reservation;
    if (!reservation || cost === null || cost.micros === 0) return;
    const actual = this.#inBudgets(cost);
    this.#record(actual);
    for (let at = 0; at < reservation.accounts.length; at += 1)
      (reservation.accounts[at] as { spentMicros: number }).spentMicros += actual[at] as number;
    const zeros = reservation.micros.map(() => 0);
    for (let at = 0; at < reservation.accounts.length; at += 1) {
      const account = reservation.accounts[at]!;
      const budget = this.#binding.budgets[at]!;
      const leftMicros = budget.limitMicros - account.spentMicros - account.heldMicros;
      if (leftMicros >= 0) continue;
      const neededMicros = reservation.micros[at] as number;
      this.#reservation = null;
      this.#parts.book.trueUp(reservation, zeros);
      throw exhausted({ budget, account, leftMicros: leftMicros + neededMicros, neededMicros });
    }
  }

  #inBudgets(cost: Money | null): number[] {
    if (!cost) return this.#binding.budgets.map(() => 0);
    return spreadOver(this.#binding.budgets, cost, this.#parts.exchange);
  }

  #record(actual: readonly number[]): void {
    for (let at = 0; at < actual.length; at += 1) {
      const account = this.#binding.accounts[at]!;
      this.#run.charges.set(account, (this.#run.charges.get(account) ?? 0) + (actual[at] as number));
    }
  }
}
