import { LiftError } from '../lift-error.ts';
import type { ArmEstimate } from './arm-estimate.ts';
import { sampleCovariance, sampleVariance } from './mean.ts';

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

interface RatioMoments {
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
 */
function moments(s: CupedRatioSums): RatioMoments {
  const { n } = s;
  if (n === 0 || s.d_post_sum === 0 || s.d_pre_sum === 0) {
    throw new LiftError('not_enough_data', 'The denominators of this arm add up to 0.', { n });
  }
  const meanD = s.d_post_sum / n;
  const meanD0 = s.d_pre_sum / n;
  const post = s.m_post_sum / s.d_post_sum;
  const pre = s.m_pre_sum / s.d_pre_sum;
  const cov = (a: number, b: number, ab: number) => sampleCovariance(n, a, b, ab);
  const mm0 = cov(s.m_post_sum, s.m_pre_sum, s.m_post_m_pre);
  const md0 = cov(s.m_post_sum, s.d_pre_sum, s.m_post_d_pre);
  const dm0 = cov(s.d_post_sum, s.m_pre_sum, s.m_pre_d_post);
  const dd0 = cov(s.d_post_sum, s.d_pre_sum, s.d_post_d_pre);
  const linear = (m: number, mm: number, d: number, dd: number, md: number, ratio: number, mean: number) =>
    (sampleVariance(n, m, mm) - 2 * ratio * cov(m, d, md) + ratio * ratio * sampleVariance(n, d, dd)) / mean ** 2;
  return {
    n,
    post,
    pre,
    varPost: linear(
      s.m_post_sum,
      s.m_post_sum_squares,
      s.d_post_sum,
      s.d_post_sum_squares,
      s.m_post_d_post,
      post,
      meanD,
    ),
    varPre: linear(s.m_pre_sum, s.m_pre_sum_squares, s.d_pre_sum, s.d_pre_sum_squares, s.m_pre_d_pre, pre, meanD0),
    cov: (mm0 - pre * md0 - post * dm0 + post * pre * dd0) / (meanD * meanD0),
  };
}

/** θ = (cov_c + cov_t)/(varPre_c + varPre_t) of the linearised ratios; 0 when nothing varied before. */
export function cupedRatioTheta(control: CupedRatioSums, treatment: CupedRatioSums): number {
  const c = moments(control);
  const t = moments(treatment);
  const total = c.varPre + t.varPre;
  return total === 0 ? 0 : (c.cov + t.cov) / total;
}

/** The adjusted ratio R_post − θR_pre of one arm. */
export function estimateCupedRatio(sums: CupedRatioSums, theta: number): ArmEstimate {
  const m = moments(sums);
  return {
    n: m.n,
    mean: m.post - theta * m.pre,
    variance: m.varPost + theta * theta * m.varPre - 2 * theta * m.cov,
    unadjustedMean: m.post,
    unadjustedVariance: m.varPost,
    covariance: m.varPost - theta * m.cov,
  };
}
