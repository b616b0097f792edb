import type { ArmEstimate } from './arm-estimate.ts';
import { sampleCovariance, sampleVariance } from './mean.ts';

/**
 * Sums of an outcome y and its covariate x (from before the experiment) over the units of one arm.
 * Without squares both are proportions, with the variances of proportions.
 */
export interface CupedSums {
  readonly type: 'cuped';
  readonly n: number;
  readonly y_sum: number;
  readonly y_sum_squares: number | null;
  readonly x_sum: number;
  readonly x_sum_squares: number | null;
  readonly xy_sum: number;
}

/** Means, variances and covariance of an outcome and its covariate over the units of an arm. */
export interface JointMoments {
  readonly n: number;
  readonly meanY: number;
  readonly meanX: number;
  readonly varY: number;
  readonly varX: number;
  readonly cov: number;
}

function moments(s: CupedSums): JointMoments {
  const meanY = s.n === 0 ? 0 : s.y_sum / s.n;
  const meanX = s.n === 0 ? 0 : s.x_sum / s.n;
  const binaryY = s.y_sum_squares == null;
  const binaryX = s.x_sum_squares == null;
  return {
    n: s.n,
    meanY,
    meanX,
    varY: binaryY ? meanY * (1 - meanY) : sampleVariance(s.n, s.y_sum, s.y_sum_squares as number),
    varX: binaryX ? meanX * (1 - meanX) : sampleVariance(s.n, s.x_sum, s.x_sum_squares as number),
    cov: binaryY && binaryX ? s.xy_sum / s.n - meanX * meanY : sampleCovariance(s.n, s.x_sum, s.y_sum, s.xy_sum),
  };
}

/** Field-wise sum of two arms. */
export function addCupedSums(a: CupedSums, b: CupedSums): CupedSums {
  const both = (p: number | null, q: number | null) => (p == null || q == null ? null : p + q);
  return {
    type: 'cuped',
    n: a.n + b.n,
    y_sum: a.y_sum + b.y_sum,
    y_sum_squares: both(a.y_sum_squares, b.y_sum_squares),
    x_sum: a.x_sum + b.x_sum,
    x_sum_squares: both(a.x_sum_squares, b.x_sum_squares),
    xy_sum: a.xy_sum + b.xy_sum,
  };
}

/** θ = cov(y, x)/var(x) over both arms pooled; 0 when either never varies. Deng, Xu, Kohavi & Walker (2013), eq. 4. */
export function cupedTheta(control: CupedSums, treatment: CupedSums): number {
  const joint = moments(addCupedSums(control, treatment));
  return joint.varX <= 0 || joint.varY <= 0 ? 0 : joint.cov / joint.varX;
}

/** y − θx of one arm: variance s²y + θ²s²x − 2θ·s_xy. Deng et al. (2013), eq. 3. */
export function estimateCuped(sums: CupedSums, theta: number): ArmEstimate {
  return adjustByCovariate(moments(sums), theta);
}

/** The same from central moments. */
export function adjustByCovariate(m: JointMoments, theta: number): ArmEstimate {
  return {
    n: m.n,
    mean: m.meanY - theta * m.meanX,
    variance: m.varY + theta * theta * m.varX - 2 * theta * m.cov,
    unadjustedMean: m.meanY,
    unadjustedVariance: m.varY,
    covariance: m.varY - theta * m.cov,
  };
}
