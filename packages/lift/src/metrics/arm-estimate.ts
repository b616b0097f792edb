/**
 * What every metric type is reduced to before arms are compared. All variances are *per unit*:
 * the squared standard error of `mean` is `variance / n`.
 */
export interface ArmEstimate {
  /** Units in the arm (for a quantile: observations). */
  readonly n: number;
  /** The estimate that differences use; with CUPED, adjusted. */
  readonly mean: number;
  readonly variance: number;
  /** The estimate before CUPED: relative lifts divide by the control's. Equal to `mean` without CUPED. */
  readonly unadjustedMean: number;
  readonly unadjustedVariance: number;
  /** Per-unit covariance of the adjusted and the unadjusted estimate; equal to `variance` without CUPED. */
  readonly covariance: number;
}

/** An estimate without regression adjustment. */
export function plainEstimate(n: number, mean: number, variance: number): ArmEstimate {
  return { n, mean, variance, unadjustedMean: mean, unadjustedVariance: variance, covariance: variance };
}
