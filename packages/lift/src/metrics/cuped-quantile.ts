import { type ArmEstimate, plainEstimate } from './arm-estimate.ts';
import type { ArmPair } from './estimate-arms.ts';
import { estimateQuantile, type QuantileSums, quantileRanks } from './quantile.ts';

/** The order statistics of sorted values that a quantile needs. */
export function quantileSums(sorted: ArrayLike<number>, nu: number): QuantileSums {
  const n = sorted.length;
  const ranks = quantileRanks(n, nu);
  const at = (rank: number) => sorted[rank - 1] as number;
  return {
    type: 'quantile',
    n,
    n_star: n,
    nu,
    quantile_hat: at(ranks.hat),
    quantile_lower: at(ranks.lower),
    quantile_upper: at(ranks.upper),
  };
}

/** Sorted observations of an arm, with what links them to a covariate. */
export interface QuantileWithCovariate {
  readonly sums: QuantileSums;
  readonly meanX: number;
  readonly varX: number;
  /** Sample covariance of 1{y ≤ quantile_hat} and x. */
  readonly covBelowX: number;
}

/** Covariance of "at or below the quantile" with the covariate. */
export function linkCovariate(
  values: ArrayLike<number>,
  covariate: ArrayLike<number>,
  sums: QuantileSums,
): QuantileWithCovariate {
  const n = values.length;
  let meanX = 0;
  let share = 0;
  for (let i = 0; i < n; i++) {
    meanX += (covariate[i] as number) / n;
    if ((values[i] as number) <= sums.quantile_hat) share += 1 / n;
  }
  let varX = 0;
  let cov = 0;
  for (let i = 0; i < n; i++) {
    const dx = (covariate[i] as number) - meanX;
    varX += dx * dx;
    cov += dx * (((values[i] as number) <= sums.quantile_hat ? 1 : 0) - share);
  }
  return { sums, meanX, varX: varX / (n - 1), covBelowX: cov / (n - 1) };
}

/**
 * CUPED for a quantile: its influence function (ν − 1{y ≤ q})/f(q) takes the place of y, with 1/f(q) read from the
 * same order statistics as the variance (σ = √(ν(1−ν))/f). θ is pooled over the arms. van der Vaart (1998),
 * "Asymptotic Statistics", section 21.1, with Deng et al. (2013).
 */
export function estimateCupedQuantiles(control: QuantileWithCovariate, treatment: QuantileWithCovariate): ArmPair {
  const link = (arm: QuantileWithCovariate) => {
    const plain = estimateQuantile(arm.sums);
    const { nu } = arm.sums;
    const cov = (-arm.covBelowX * Math.sqrt(plain.variance)) / Math.sqrt(nu * (1 - nu));
    return { arm, plain, cov };
  };
  const c = link(control);
  const t = link(treatment);
  const varX = control.varX * c.plain.n + treatment.varX * t.plain.n;
  const theta = varX > 0 ? (c.cov * c.plain.n + t.cov * t.plain.n) / varX : 0;
  const adjust = ({ arm, plain, cov }: ReturnType<typeof link>): ArmEstimate => ({
    ...plainEstimate(plain.n, plain.mean, plain.variance),
    mean: plain.mean - theta * arm.meanX,
    variance: Math.max(plain.variance + theta * theta * arm.varX - 2 * theta * cov, 0),
    covariance: plain.variance - theta * cov,
  });
  return { control: adjust(c), treatment: adjust(t), theta };
}
