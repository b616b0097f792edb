import { LiftError } from '../lift-error.ts';
import type { ArmEstimate } from './arm-estimate.ts';
import { sampleCovariance } from './mean.ts';

/** Sums of numerator and denominator, during (post) and before (pre) the experiment, over the units of one arm. */
export interface CupedRatioSums {
  readonly type: 'cuped_ratio';
  readonly n: number;
  readonly m_post_sum: number;
  readonly m_post_sum_squares: number;
  readonly d_post_sum: number;
  readonly d_post_sum_squares: number;
  readonly m_pre_sum: number;
  readonly m_pre_sum_squares: number;
  readonly d_pre_sum: number;
  readonly d_pre_sum_squares: number;
  readonly m_post_m_pre: number;
  readonly d_post_d_pre: number;
  readonly m_pre_d_pre: number;
  readonly m_post_d_post: number;
  readonly m_post_d_pre: number;
  readonly m_pre_d_post: number;
}

/** The sums of raw units; all four lists have one entry per unit. */
export function sumCupedRatio(
  mPost: readonly number[],
  dPost: readonly number[],
  mPre: readonly number[],
  dPre: readonly number[],
): CupedRatioSums {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const ones = mPost.map(() => 1);
  return {
    type: 'cuped_ratio',
    n: mPost.length,
    m_post_sum: dot(mPost, ones),
    m_post_sum_squares: dot(mPost, mPost),
    d_post_sum: dot(dPost, ones),
    d_post_sum_squares: dot(dPost, dPost),
    m_pre_sum: dot(mPre, ones),
    m_pre_sum_squares: dot(mPre, mPre),
    d_pre_sum: dot(dPre, ones),
    d_pre_sum_squares: dot(dPre, dPre),
    m_post_m_pre: dot(mPost, mPre),
    d_post_d_pre: dot(dPost, dPre),
    m_pre_d_pre: dot(mPre, dPre),
    m_post_d_post: dot(mPost, dPost),
    m_post_d_pre: dot(mPost, dPre),
    m_pre_d_post: dot(mPre, dPost),
  };
}

/** Two linearised ratios of an arm: during and before. */
export interface RatioMoments {
  readonly n: number;
  readonly post: number;
  readonly pre: number;
  /** Per-unit variances and covariance of the two linearised ratios. */
  readonly varPost: number;
  readonly varPre: number;
  readonly cov: number;
}

/**
 * The 4×4 covariance Λ of (m, d, m₀, d₀) seen through the gradients (1/d̄, −m̄/d̄²) of both ratios.
 * V = ∇ᵀΛ∇ with ∇ = (1/d̄, −m̄/d̄², −θ/d̄₀, θm̄₀/d̄₀²) is then varPost + θ²varPre − 2θcov. LIFT.md, "CUPED".
 *
 * @param covariance Sample covariance of components i and j, 0 to 3 for m, d, m₀, d₀.
 */
export function lineariseRatios(
  n: number,
  means: readonly [m: number, d: number, m0: number, d0: number],
  covariance: (i: number, j: number) => number,
): RatioMoments {
  const [m, d, m0, d0] = means;
  if (n === 0 || d === 0 || d0 === 0) {
    throw new LiftError('not_enough_data', 'The denominators of this arm add up to 0.', { n });
  }
  const post = m / d;
  const pre = m0 / d0;
  const c = covariance;
  return {
    n,
    post,
    pre,
    varPost: (c(0, 0) - 2 * post * c(0, 1) + post * post * c(1, 1)) / d ** 2,
    varPre: (c(2, 2) - 2 * pre * c(2, 3) + pre * pre * c(3, 3)) / d0 ** 2,
    cov: (c(0, 2) - pre * c(0, 3) - post * c(1, 2) + post * pre * c(1, 3)) / (d * d0),
  };
}

function moments(s: CupedRatioSums): RatioMoments {
  const { n } = s;
  const sums = [s.m_post_sum, s.d_post_sum, s.m_pre_sum, s.d_pre_sum] as const;
  const products = [
    [s.m_post_sum_squares, s.m_post_d_post, s.m_post_m_pre, s.m_post_d_pre],
    [s.m_post_d_post, s.d_post_sum_squares, s.m_pre_d_post, s.d_post_d_pre],
    [s.m_post_m_pre, s.m_pre_d_post, s.m_pre_sum_squares, s.m_pre_d_pre],
    [s.m_post_d_pre, s.d_post_d_pre, s.m_pre_d_pre, s.d_pre_sum_squares],
  ] as const;
  return lineariseRatios(n, [sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n], (i, j) =>
    sampleCovariance(n, sums[i] as number, sums[j] as number, products[i]?.[j] as number),
  );
}

/** θ = (cov_c + cov_t)/(varPre_c + varPre_t) of the linearised ratios; 0 when nothing varied before. */
export function cupedRatioTheta(control: CupedRatioSums, treatment: CupedRatioSums): number {
  return pooledRatioTheta(moments(control), moments(treatment));
}

/** The same from linearised moments. */
export function pooledRatioTheta(control: RatioMoments, treatment: RatioMoments): number {
  const total = control.varPre + treatment.varPre;
  return total === 0 ? 0 : (control.cov + treatment.cov) / total;
}

/** The adjusted ratio R_post − θR_pre of one arm. */
export function estimateCupedRatio(sums: CupedRatioSums, theta: number): ArmEstimate {
  return adjustRatio(moments(sums), theta);
}

/** The same from linearised moments. */
export function adjustRatio(m: RatioMoments, theta: number): ArmEstimate {
  return {
    n: m.n,
    mean: m.post - theta * m.pre,
    variance: m.varPost + theta * theta * m.varPre - 2 * theta * m.cov,
    unadjustedMean: m.post,
    unadjustedVariance: m.varPost,
    covariance: m.varPost - theta * m.cov,
  };
}
