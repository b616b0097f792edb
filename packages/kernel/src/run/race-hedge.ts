/** A second attempt beside a slow first one; only before the first event. The loser is cancelled and its cost booked. */
import { MyriadError } from '@myriad/contracts';
import { CallMoney } from '../accounts/call-money.ts';
import type { CallPlan } from '../accounts/plan-call.ts';
import type { Slot } from '../scheduler/slot-scheduler.ts';
import { Attempt, asUpstreamFailure } from './attempt.ts';
import type { Cancel } from './cancel.ts';
import type { Parts, RunAccount } from './parts.ts';
import { type CallSpec, type RoutedCall, slotRequest } from './route-call.ts';

export interface HedgeRace {
  readonly parts: Parts;
  readonly run: RunAccount;
  readonly call: CallSpec;
  readonly routed: RoutedCall;
  readonly plans: readonly CallPlan[];
  readonly money: CallMoney;
  readonly cancel: Cancel;
  readonly timeouts: Parts['rules']['timeouts'];
}

interface Runner {
  readonly attempt: Attempt;
  readonly money: CallMoney;
  readonly opening: Promise<void>;
}

/**
 * @returns The attempt whose answer began first, with its money; the other is ended and paid.
 * @throws The first attempt's failure when no hedge ran or both failed; then only the first is left to be ended.
 */
export async function raceHedge(
  race: HedgeRace,
  attempt: Attempt,
  opening: Promise<void>,
): Promise<{ readonly attempt: Attempt; readonly money: CallMoney }> {
  const { parts, cancel, money } = race;
  const first: Runner = { attempt, money, opening };
  const slow = new Promise<'slow'>((resolve) => {
    const stop = parts.clock.after(parts.rules.hedgeAfterMs as number, () => resolve('slow'));
    const settle = () => stop();
    opening.then(settle, settle);
  });
  const outcome = await cancel.race(Promise.race([opening, slow]));
  if (outcome !== 'slow') return first;
  const second = startSecond(race, attempt);
  if (!second) {
    await cancel.race(opening);
    return first;
  }
  // A runner that fails is ended at once, so that its slot serves others while the other runs on.
  opening.catch((error) => attempt.end(asUpstreamFailure(error, cancel.reason !== null)));
  second.opening.catch((error) =>
    second.money.spend(second.attempt.end(asUpstreamFailure(error, cancel.reason !== null))),
  );
  try {
    const winner = await cancel.race(Promise.any([first.opening.then(() => first), second.opening.then(() => second)]));
    const loser = winner === first ? second : first;
    loser.attempt.cancel();
    loser.money.spend(loser.attempt.end(new MyriadError('aborted', 'Another endpoint answered first.'), true));
    return { attempt: winner.attempt, money: winner.money };
  } catch (error) {
    second.attempt.cancel();
    const failure = cancel.reason ?? new MyriadError('upstream_error', 'The hedge failed as well.');
    second.money.spend(second.attempt.end(failure));
    if (error instanceof AggregateError) throw error.errors[0];
    throw error;
  }
}

/** A free slot elsewhere and money for it, both at once; otherwise there is no hedge. */
function startSecond(race: HedgeRace, first: Attempt): Runner | null {
  const { parts, run, call, routed, plans } = race;
  const others = plans.filter((plan) => plan.slots !== first.spec.slot.slots);
  if (others.length === 0) return null;
  let slot: Slot | null = null;
  const pool = parts.scheduler.pool(others.map((plan) => plan.slots));
  const { book } = parts;
  const { budgets } = run.spec;
  const accounts = book.accounts(budgets, parts.clock.now());
  if (accounts instanceof Promise) return null;
  const micros = budgets.map((_, at) => Math.max(...others.map((plan) => plan.worstMicros[at] as number)));
  const reserved = book.reserve(budgets, accounts, micros);
  if ('shortfall' in reserved) return null;
  const money = new CallMoney(parts, run, { budgets, accounts }, reserved);
  const granted = parts.scheduler.grantNow(pool, {
    ...slotRequest(parts, run, routed, () => {}),
    onSlot: (free) => {
      slot = free;
    },
  });
  if (!granted || slot === null) {
    money.spend(null);
    return null;
  }
  const taken: Slot = slot;
  const attempt = new Attempt(parts, run, {
    plan: others.find((plan) => plan.slots === taken.slots) as CallPlan,
    slot: taken,
    input: routed.input,
    number: first.spec.number + 1,
    queuedMs: 0,
    because: `hedge: ${first.spec.slot.slots.endpoint.name} had shown nothing after ${parts.rules.hedgeAfterMs} ms`,
  });
  return { attempt, money, opening: attempt.open(call.request, call.stream, race.timeouts) };
}
