import { LiftError } from '../lift-error.ts';

/** Estimates of one family of apps, in any scale, with their standard errors. */
export interface FamilyEstimates {
  readonly estimates: ArrayLike<number>;
  readonly standardErrors: ArrayLike<number>;
}

export interface FamilyShrinkage {
  /** Mean and between-app variance of true effects in the family. */
  readonly mean: number;
  readonly variance: number;
  readonly shrunken: Float64Array;
  /** Posterior standard deviations, given mean and variance. */
  readonly standardErrors: Float64Array;
}

/**
 * Between-app variance Â = max(0, Σw(L² − se²)/Σw), w = 1/se⁴. LIFT.md, "From lift to money to capacity".
 * Taken around 0 as there, which is cautious about shrinking families whose mean is not 0; `around` centres it.
 */
export function betweenVariance({ estimates, standardErrors }: FamilyEstimates, around = 0): number {
  let total = 0;
  let weight = 0;
  for (let i = 0; i < estimates.length; i++) {
    const se2 = (standardErrors[i] as number) ** 2;
    const deviation = (estimates[i] as number) - around;
    const w = 1 / (se2 * se2);
    total += w * (deviation * deviation - se2);
    weight += w;
  }
  return weight > 0 ? Math.max(0, total / weight) : 0;
}

/**
 * Empirical-Bayes estimates of a family: B·L + (1 − B)·m_family, B = Â/(Â + se²), m weighted by 1/(Â + se²).
 * Rankings use these, never raw lifts, since the top of a raw ranking is mostly luck.
 * Source: Efron & Morris (1973), "Stein's Estimation Rule and Its Competitors"; Efron (2010), chapter 1.
 */
export function shrinkFamily(family: FamilyEstimates): FamilyShrinkage {
  const { estimates, standardErrors } = family;
  const m = estimates.length;
  if (m !== standardErrors.length) {
    throw new LiftError('invalid_input', `${m} estimates but ${standardErrors.length} standard errors.`, {});
  }
  const variance = betweenVariance(family);
  let total = 0;
  let weight = 0;
  for (let i = 0; i < m; i++) {
    const w = 1 / (variance + (standardErrors[i] as number) ** 2);
    total += w * (estimates[i] as number);
    weight += w;
  }
  const mean = weight > 0 ? total / weight : 0;
  const shrunken = new Float64Array(m);
  const errors = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const se2 = (standardErrors[i] as number) ** 2;
    const b = variance / (variance + se2);
    shrunken[i] = b * (estimates[i] as number) + (1 - b) * mean;
    errors[i] = Math.sqrt(b * se2);
  }
  return { mean, variance, shrunken, standardErrors: errors };
}
