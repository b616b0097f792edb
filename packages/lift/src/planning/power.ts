import { sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import { LiftError, requireInside } from '../lift-error.ts';
import { normalCdf, normalQuantile } from '../numerics/normal.ts';

/** Variance of the difference (or delta-method relative difference) of two arms with the given unit variances. */
export function differenceVariance(
  c: { variance: number; mean: number; n: number },
  t: { variance: number; mean: number; n: number },
  relative: boolean,
): number {
  if (!relative) return t.variance / t.n + c.variance / c.n;
  return t.variance / (c.mean ** 2 * t.n) + (c.variance * t.mean ** 2) / (c.mean ** 4 * c.n);
}

/** Power of a two-sided test: Φ(δ/SE − z) + Φ(−δ/SE − z), z the multiplier of SE at which it rejects. */
export function twoSidedPower(effect: number, standardError: number, multiplier: number): number {
  const shift = effect / standardError;
  return normalCdf(shift - multiplier) + normalCdf(-shift - multiplier);
}

/** A planned comparison of a relative effect with equal arms. */
export interface PowerPlan {
  /** Control mean and per-unit variance, both arms alike. */
  readonly mean: number;
  readonly variance: number;
  /** Units over all arms, and the number of arms, control included. */
  readonly total: number;
  readonly arms: number;
  readonly alpha?: number;
  /** N* of the sequence; left out for a fixed horizon. */
  readonly tuning?: number;
}

/** Multiplier at which the planned test rejects: a normal quantile, or the sequence at the pair's units. */
export function planMultiplier(plan: PowerPlan): number {
  const { alpha = 0.05, tuning, total, arms } = plan;
  return tuning ? sequenceMultiplier((2 * total) / arms, alpha, tuning) : normalQuantile(1 - alpha / 2);
}

/**
 * Power to see a relative effect with the planned size, Φ(δ/SE − z) + Φ(−δ/SE − z). For a sequence SE is widened by
 * multiplier/z, as the peers do: cautious where power is high. `powerAfter` has the sequence's own power at one look.
 */
export function relativePower(plan: PowerPlan, effect: number): number {
  const n = plan.total / plan.arms;
  const arm = { variance: plan.variance, n };
  const variance = differenceVariance({ ...arm, mean: plan.mean }, { ...arm, mean: plan.mean * (1 + effect) }, true);
  const z = normalQuantile(1 - (plan.alpha ?? 0.05) / 2);
  return twoSidedPower(effect, (Math.sqrt(variance) * planMultiplier(plan)) / z, z);
}

/** Power of a one-sided test at a fixed horizon, Φ(δ/SE − z₁₋α). */
export function oneSidedPower(plan: PowerPlan, effect: number): number {
  const arm = { variance: plan.variance, n: plan.total / plan.arms };
  const variance = differenceVariance({ ...arm, mean: plan.mean }, { ...arm, mean: plan.mean * (1 + effect) }, true);
  return normalCdf(effect / Math.sqrt(variance) - normalQuantile(1 - (plan.alpha ?? 0.05)));
}

/**
 * The least relative effect seen with the given power: the larger root of
 * (m_t − m)² = z²·s²/n·(1 + (m_t/m)²), z the sum of both quantiles (sequential: variance scaled by the wider multiplier).
 *
 * @throws LiftError `not_enough_data` when no effect of any size would be seen.
 */
export function minimumDetectableEffect(plan: PowerPlan, power: number): number {
  const { alpha = 0.05, mean } = plan;
  requireInside('power', power, alpha, 1);
  const zFixed = normalQuantile(1 - alpha / 2);
  const z = zFixed + normalQuantile(power);
  const scale = planMultiplier(plan) / zFixed;
  const variance = (plan.variance * scale * scale) / (plan.total / plan.arms);
  const share = (z * z * variance) / (mean * mean);
  if (share >= 1) {
    throw new LiftError('not_enough_data', 'With this many units no effect of any size would be seen.', { share });
  }
  return ((mean / Math.abs(mean)) * (1 + Math.sqrt(1 - (1 - share) ** 2))) / (1 - share) - 1;
}
