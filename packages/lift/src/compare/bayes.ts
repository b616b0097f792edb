import { normalCdf, normalDensity, normalQuantile } from '../numerics/normal.ts';
import type { Effect, Interval } from './effect.ts';

/** A normal prior of the effect, on the scale of the effect. */
export interface NormalPrior {
  readonly mean: number;
  readonly variance: number;
}

export interface PosteriorResult {
  /** Posterior mean and standard deviation. */
  readonly estimate: number;
  readonly standardError: number;
  /** Equal-tailed credible interval. */
  readonly interval: Interval;
  /** P(treatment better), under `inverse` P(effect < 0). */
  readonly chanceToWin: number;
  /** Expected loss of choosing [control, treatment], in units of the effect. */
  readonly expectedLoss: readonly [control: number, treatment: number];
}

/** E[max(d, 0)] for d ~ N(μ, σ²): μΦ(μ/σ) + σφ(μ/σ). */
export function expectedPositivePart(mean: number, sd: number): number {
  return mean * normalCdf(mean / sd) + sd * normalDensity(mean / sd);
}

/**
 * Gaussian posterior of an effect: precision 1/V + 1/τ². Chance to win Φ(μ/σ); expected loss of shipping
 * −μΦ(−μ/σ) + σφ(μ/σ). Gelman et al., "Bayesian Data Analysis", section 2.5.
 *
 * @param prior On the scale of the effect; null for a flat prior.
 * @param inverse True when a decrease is good.
 */
export function gaussianPosterior(
  effect: Pick<Effect, 'estimate' | 'standardError'>,
  options: { prior?: NormalPrior | null; alpha?: number; inverse?: boolean } = {},
): PosteriorResult {
  const { prior = null, alpha = 0.05, inverse = false } = options;
  const dataPrecision = 1 / effect.standardError ** 2;
  const priorPrecision = prior ? 1 / prior.variance : 0;
  const precision = dataPrecision + priorPrecision;
  const mean = (effect.estimate * dataPrecision + (prior?.mean ?? 0) * priorPrecision) / precision;
  const sd = Math.sqrt(1 / precision);
  const half = -normalQuantile(alpha / 2) * sd;
  const gain = expectedPositivePart(mean, sd);
  const loss = expectedPositivePart(-mean, sd);
  return {
    estimate: mean,
    standardError: sd,
    interval: [mean - half, mean + half],
    chanceToWin: normalCdf((inverse ? -mean : mean) / sd),
    expectedLoss: inverse ? [loss, gain] : [gain, loss],
  };
}

/** A prior stated for relative lifts, carried to the absolute scale: mean × |ȳc|, variance × ȳc². */
export function priorOnAbsoluteScale(prior: NormalPrior, controlMean: number): NormalPrior {
  return { mean: prior.mean * Math.abs(controlMean), variance: prior.variance * controlMean ** 2 };
}
