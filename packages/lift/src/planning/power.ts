import { sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import type { NormalPrior } from '../compare/bayes.ts';
import { LiftError, requireInside } from '../lift-error.ts';
import { findRoot } from '../numerics/find-root.ts';
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

/**
 * Chance that the credible interval of a planned comparison excludes 0 when the effect is the given one: in units of
 * SE the data must pass z·SE·√(1/SE² + 1/τ²) less the prior's pull SE·m/τ². Gelman et al., "Bayesian Data Analysis",
 * section 2.5, over the sampling distribution of the data.
 *
 * @param effect Relative to the control's mean, also where the decision is made on the absolute difference.
 * @param prior Of the relative effect; carried to the absolute scale where `relative` is false.
 */
export function priorPower(plan: PowerPlan, effect: number, prior: NormalPrior, relative = true): number {
  const arm = { variance: plan.variance, n: plan.total / plan.arms };
  const treated = { ...arm, mean: plan.mean * (1 + effect) };
  const se = Math.sqrt(differenceVariance({ ...arm, mean: plan.mean }, treated, relative));
  const scale = relative ? 1 : Math.abs(plan.mean);
  const variance = prior.variance * scale ** 2;
  const reach = normalQuantile(1 - (plan.alpha ?? 0.05) / 2) * se * Math.sqrt(1 / se ** 2 + 1 / variance);
  const shift = (effect * scale) / se;
  const pull = (se * prior.mean * scale) / variance;
  return normalCdf(shift + pull - reach) + normalCdf(-shift - pull - reach);
}

/**
 * Least relative effect above 0 that a credible interval sees with the given power; 0 where the prior alone decides.
 *
 * @throws LiftError `not_enough_data` when no effect up to five times the control's mean would be seen.
 */
export function minimumDetectableEffectWithPrior(
  plan: PowerPlan,
  power: number,
  prior: NormalPrior,
  relative = true,
): number {
  requireInside('power', power, plan.alpha ?? 0.05, 1);
  const missing = (effect: number) => priorPower(plan, effect, prior, relative) - power;
  if (missing(0) >= 0) return 0;
  const step = 1e-3;
  // power need not rise steadily where the relative error grows with the effect: the first crossing is meant
  for (let i = 1; i <= 5 / step; i++) if (missing(i * step) >= 0) return findRoot(missing, (i - 1) * step, i * step);
  throw new LiftError('not_enough_data', 'With this many units no effect of any size would be seen.', { power });
}
