/** What chats and embeddings share before they are sent: tokens and money set aside, and the wait between attempts. */
import type { CallPlan } from '../accounts/plan-call.ts';
import type { Cancel } from './cancel.ts';
import { type HeldCall, holdMoney } from './hold-money.ts';
import type { Binding, Parts, RunAccount } from './parts.ts';
import type { RoutedCall } from './route-call.ts';

/** Sets tokens and money aside; the tokens go back when the money is spent, as each attempt counts what it used. */
export async function holdCall(
  parts: Parts,
  run: RunAccount,
  routed: RoutedCall,
  binding: Binding,
  plans: readonly CallPlan[],
  first: CallPlan,
  cancel: Cancel,
  quoting: readonly CallPlan[] = [],
): Promise<HeldCall> {
  const { limits } = parts;
  const tokens = routed.input.tokens + routed.expectedOutputTokens;
  limits.reserveTokens(run.spec, tokens);
  try {
    const held = await holdMoney(parts, run, binding, plans, first, cancel, quoting);
    held.money.onSpent = () => limits.correctTokens(run.spec, -tokens);
    return held;
  } catch (error) {
    limits.correctTokens(run.spec, -tokens);
    throw error;
  }
}

export function sleep({ clock }: Pick<Parts, 'clock'>, delayMs: number, cancel: Cancel): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(delayMs, () => {
      forget();
      resolve();
    });
    const forget = cancel.onCancel((reason) => {
      stop();
      reject(reason);
    });
  });
}
