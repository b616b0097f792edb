/** The budget's part of a call's path: which endpoints it can carry, and the money set aside for them. */
import type { Reservation, Shortfall } from '../accounts/budget-book.ts';
import { exhausted, leftOf } from '../accounts/budget-book.ts';
import { CallMoney } from '../accounts/call-money.ts';
import { type CallPlan, selectAffordable } from '../accounts/plan-call.ts';
import { waitForMoney } from '../accounts/wait-for-money.ts';
import type { Cancel } from './cancel.ts';
import type { Binding, Parts, RunAccount } from './parts.ts';

export interface HeldCall {
  readonly plans: readonly CallPlan[];
  readonly money: CallMoney;
  readonly because: string | null;
}

/** Whoever may wait for money goes behind those who wait already. */
function queueBefore({ budgets, accounts }: Binding, micros: readonly number[]): Shortfall | null {
  for (let at = 0; at < budgets.length; at += 1) {
    const budget = budgets[at]!;
    const account = accounts[at]!;
    const neededMicros = micros[at] as number;
    if (budget.onExceed === 'queue' && account.waiters.length > 0 && neededMicros > 0)
      return { budget, account, leftMicros: leftOf(budget, account), neededMicros };
  }
  return null;
}

/**
 * @throws MyriadError `budget_exhausted`, or the cancellation while it waits.
 */
export async function holdMoney(
  parts: Parts,
  run: RunAccount,
  binding: Binding,
  plans: readonly CallPlan[],
  first: CallPlan,
  cancel: Cancel,
  quoting: readonly CallPlan[] = [],
): Promise<HeldCall> {
  const { book, clock, rules } = parts;
  const { budgets, accounts } = binding;
  const chosen = selectAffordable(plans, first, budgets, accounts, quoting);
  const wait = (shortfall: Shortfall, micros: readonly number[]): Promise<Reservation> =>
    waitForMoney(
      {
        book,
        clock,
        budgets,
        accounts,
        micros,
        waitMs: Math.min(rules.queueMs, run.deadlineAt - clock.now()),
        cancel,
      },
      shortfall,
    );
  if ('shortfall' in chosen) {
    if (chosen.shortfall.budget.onExceed !== 'queue') throw exhausted(chosen.shortfall);
    const reservation = await wait(chosen.shortfall, first.worstMicros);
    const carried = plans.filter((plan) => plan.worstMicros.every((micros, at) => micros <= reservation.micros[at]!));
    return { plans: carried, money: new CallMoney(parts, run, binding, reservation), because: 'waited for money' };
  }
  const ahead = queueBefore(binding, chosen.micros);
  if (ahead) {
    const reservation = await wait(ahead, chosen.micros);
    return { plans: chosen.plans, money: new CallMoney(parts, run, binding, reservation), because: 'waited for money' };
  }
  const outcome = book.reserve(budgets, accounts, chosen.micros);
  if ('shortfall' in outcome) throw exhausted(outcome.shortfall);
  return { plans: chosen.plans, money: new CallMoney(parts, run, binding, outcome), because: chosen.because };
}
