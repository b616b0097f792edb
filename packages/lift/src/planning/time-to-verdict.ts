import { sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import { normalQuantile } from '../numerics/normal.ts';

const DAY_MS = 86_400_000;

/** What is known before an experiment starts. */
export interface VerdictPlan {
  /** Absolute effect that would matter. */
  readonly effect: number;
  /** Per-unit variance (after CUPED, if used). */
  readonly variance: number;
  /** New units a day over both arms, and the treatment's part of them. */
  readonly unitsPerDay: number;
  readonly treatmentShare?: number;
  readonly alpha?: number;
  readonly power?: number;
  /** N* of the sequence; left out for a fixed horizon. */
  readonly tuning?: number;
}

/**
 * Days until the effect, if it is real, is seen with the wanted power: smallest N with
 * δ ≥ (multiplier(N) + z_π)·SE(N). Shown before an experiment starts. Infinity when traffic or effect is 0.
 */
export function timeToVerdict(plan: VerdictPlan): { units: number; days: number; ms: number } {
  const { effect, variance, unitsPerDay, treatmentShare = 0.5, alpha = 0.05, power = 0.8, tuning } = plan;
  if (!(Math.abs(effect) > 0 && unitsPerDay > 0 && variance > 0)) {
    return { units: Number.POSITIVE_INFINITY, days: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
  }
  const zPower = normalQuantile(power);
  const perUnit = variance / (treatmentShare * (1 - treatmentShare));
  const enough = (n: number) => {
    const z = tuning ? sequenceMultiplier(n, alpha, tuning) : normalQuantile(1 - alpha / 2);
    return Math.abs(effect) >= (z + zPower) * Math.sqrt(perUnit / n);
  };
  let high = 4;
  while (!enough(high) && high < 1e15) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  const days = high / unitsPerDay;
  return { units: high, days, ms: Math.ceil(days * DAY_MS) };
}
