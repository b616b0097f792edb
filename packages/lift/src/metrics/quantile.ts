import { LiftError } from '../lift-error.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { type ArmEstimate, plainEstimate } from './arm-estimate.ts';

/** Order statistics around the ν-quantile of one arm, taken at 95 % whatever the level of the later interval. */
export interface QuantileSums {
  readonly type: 'quantile';
  /** Observations. */
  readonly n: number;
  /** Observations on which the two order statistics were taken (differs from n only under down-sampling). */
  readonly n_star: number;
  readonly nu: number;
  readonly quantile_hat: number;
  readonly quantile_lower: number;
  readonly quantile_upper: number;
}

/** The same where a unit has several observations: sums over units of I = #{y ≤ quantile} and of the count. */
export interface ClusteredQuantileSums extends Omit<QuantileSums, 'type'> {
  readonly type: 'quantile_clustered';
  readonly main_sum: number;
  readonly main_sum_squares: number;
  readonly denominator_sum: number;
  readonly denominator_sum_squares: number;
  readonly main_denominator_sum_product: number;
  readonly n_clusters: number;
}

const Z95 = normalQuantile(0.975);

/**
 * Ranks (1-based) of the lower and upper order statistics n(ν ± z√(ν(1−ν)/n)), z for 95 %.
 * Source: arXiv 2401.14549, and Howard's outer confidence interval of quantiles.
 */
export function quantileRanks(n: number, nu: number): { lower: number; hat: number; upper: number } {
  const half = Z95 * Math.sqrt((nu * (1 - nu)) / n);
  return {
    lower: Math.max(1, Math.floor(n * (nu - half))),
    hat: Math.max(1, Math.ceil(n * nu)),
    upper: Math.min(n, Math.ceil(n * (nu + half))),
  };
}

/** Whether n is too small for both ranks to exist: n ≤ z²ν/(1−ν), or the same mirrored. */
export function quantileTooSmall(n: number, nu: number): boolean {
  return n <= (Z95 ** 2 * nu) / (1 - nu) || n <= (Z95 ** 2 * (1 - nu)) / nu;
}

/**
 * The ν-quantile with per-observation variance (n_star/n)(n−1)·((Y_U − Y_L)/2z)², times the cluster inflation
 * Var_cluster(Ī)/(ν(1−ν)/n) for several observations a unit (delta method). Source: arXiv 2401.14549.
 *
 * @throws LiftError `not_enough_data` when n ≤ z²ν/(1−ν) (or mirrored), or Y_U = Y_L under 1,000 observations.
 */
export function estimateQuantile(sums: QuantileSums | ClusteredQuantileSums): ArmEstimate {
  const { n, nu } = sums;
  if (!(nu > 0 && nu < 1)) throw new LiftError('invalid_input', `A quantile lies between 0 and 1, not ${nu}.`, { nu });
  if (quantileTooSmall(n, nu)) {
    throw new LiftError('not_enough_data', `${n} observations are too few for the ${nu}-quantile.`, { n, nu });
  }
  const spread = (sums.quantile_upper - sums.quantile_lower) / (2 * Z95);
  let variance = (sums.n_star / n) * (n - 1) * spread ** 2;
  if (sums.type === 'quantile_clustered') {
    variance *= (clusterVariance(sums) * n) / (nu * (1 - nu));
  }
  if (variance <= 0 && n < 1000) {
    throw new LiftError('not_enough_data', 'The order statistics around the quantile coincide.', { n, nu });
  }
  // in a large sample tied order statistics mean a variance too small to see, not none: the peers' floor
  return plainEstimate(n, sums.quantile_hat, n < 100 ? variance : Math.max(variance, 1e-5));
}

/** Var of Ī = ΣI/ΣN over clusters, by the delta method of a ratio of means. */
function clusterVariance(sums: ClusteredQuantileSums): number {
  const k = sums.n_clusters;
  if (k <= 1 || sums.denominator_sum <= 0) return 0;
  const meanI = sums.main_sum / k;
  const meanN = sums.denominator_sum / k;
  const bessel = k / (k - 1);
  const varI = (sums.main_sum_squares / k - meanI ** 2) * bessel;
  const varN = (sums.denominator_sum_squares / k - meanN ** 2) * bessel;
  const cov = (sums.main_denominator_sum_product / k - meanI * meanN) * bessel;
  return (varI - (2 * meanI * cov) / meanN + (meanI ** 2 * varN) / meanN ** 2) / (k * meanN ** 2);
}
