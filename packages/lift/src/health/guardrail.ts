import { asymptoticSequence, DEFAULT_TUNING } from '../compare/asymptotic-sequence.ts';
import type { Effect } from '../compare/effect.ts';

/** State of one guardrail: a KPI that must not get worse. */
export interface GuardrailState {
  readonly tripped: boolean;
  /** Always-valid bound on the harm side: how bad it surely is, in the KPI's unit; 0 where no harm is shown. */
  readonly sureHarm: number;
  readonly pValue: number;
}

/**
 * A guardrail's one-sided sequence: trips when the absolute effect is surely on the wrong side by more than the margin,
 * however often one looks. The margin is subtracted before testing (non-inferiority).
 *
 * @param margin Harm that is tolerated, at least 0, in the KPI's unit.
 */
export function guardrail(
  effect: Effect,
  direction: 'increase' | 'decrease',
  options: { alpha?: number; tuning?: number; margin?: number } = {},
): GuardrailState {
  const { alpha = 0.05, tuning = DEFAULT_TUNING, margin = 0 } = options;
  const oriented = (direction === 'increase' ? effect.estimate : -effect.estimate) + margin;
  const test = asymptoticSequence({ ...effect, estimate: oriented }, { alpha, tuning, sides: 'lesser' });
  const upper = test.interval[1];
  return { tripped: upper < 0, sureHarm: upper < 0 ? -upper + margin : 0, pValue: test.pValue };
}
