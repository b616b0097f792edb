import { LiftError } from '../lift-error.ts';
import { type ArmEstimate, plainEstimate } from './arm-estimate.ts';
import { sampleCovariance, sampleVariance } from './mean.ts';

/** Sums of one arm of a ratio metric Σm/Σd (revenue per order, clicks per search), over its units. */
export interface RatioSums {
  readonly type: 'ratio';
  readonly n: number;
  readonly m_sum: number;
  readonly m_sum_squares: number;
  readonly d_sum: number;
  readonly d_sum_squares: number;
  readonly md_sum: number;
}

/**
 * Variance of a ratio of means by the delta method:
 * s²m/d̄² + s²d·m̄²/d̄⁴ − 2·s_md·m̄/d̄³. Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics".
 */
export function ratioVariance(meanM: number, varM: number, meanD: number, varD: number, covariance: number): number {
  return varM / meanD ** 2 + (varD * meanM ** 2) / meanD ** 4 - (2 * covariance * meanM) / meanD ** 3;
}

/**
 * R = Σm/Σd with its per-unit delta-method variance.
 * @throws LiftError `not_enough_data` when the denominators add up to 0.
 */
export function estimateRatio(sums: RatioSums): ArmEstimate {
  const { n } = sums;
  if (n === 0 || sums.d_sum === 0) {
    throw new LiftError('not_enough_data', 'The denominators of this arm add up to 0.', { n, d_sum: sums.d_sum });
  }
  const variance = ratioVariance(
    sums.m_sum / n,
    sampleVariance(n, sums.m_sum, sums.m_sum_squares),
    sums.d_sum / n,
    sampleVariance(n, sums.d_sum, sums.d_sum_squares),
    sampleCovariance(n, sums.m_sum, sums.d_sum, sums.md_sum),
  );
  return plainEstimate(n, sums.m_sum / sums.d_sum, variance);
}
