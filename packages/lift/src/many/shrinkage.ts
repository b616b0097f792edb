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
  const deviations = Float64Array.from(estimates, (estimate) => estimate - around);
  return shrinkColumns(deviations, standardErrors).familyVariance[0] as number;
}

/** Family means and variances, and every app's posterior, from columns. */
export interface ShrunkenColumns {
  readonly familyMean: Float64Array;
  readonly familyVariance: Float64Array;
  readonly shrunken: Float64Array;
}

/**
 * Empirical-Bayes estimates by family, for columns of any length: B·L + (1 − B)·m_family, B = Â/(Â + se²), m weighted
 * by 1/(Â + se²). Apps with a NaN estimate are left out and stay NaN. Rankings use these, never raw lifts, since the
 * top of a raw ranking is mostly luck.
 * Source: Efron & Morris (1973), "Stein's Estimation Rule and Its Competitors"; Efron (2010), chapter 1.
 *
 * @param family Number of each app's family, from 0; one family without it.
 */
export function shrinkColumns(
  estimates: ArrayLike<number>,
  standardErrors: ArrayLike<number>,
  family?: Int32Array,
): ShrunkenColumns {
  const m = estimates.length;
  let families = 1;
  if (family) for (let i = 0; i < m; i++) families = Math.max(families, (family[i] as number) + 1);
  const weight = new Float64Array(families);
  const familyVariance = new Float64Array(families);
  const familyMean = new Float64Array(families);
  for (let i = 0; i < m; i++) {
    const estimate = estimates[i] as number;
    if (Number.isNaN(estimate)) continue;
    const f = family ? (family[i] as number) : 0;
    const se2 = (standardErrors[i] as number) ** 2;
    const w = 1 / (se2 * se2);
    weight[f] = (weight[f] as number) + w;
    familyVariance[f] = (familyVariance[f] as number) + w * (estimate * estimate - se2);
  }
  for (let f = 0; f < families; f++) {
    familyVariance[f] =
      (weight[f] as number) > 0 ? Math.max(0, (familyVariance[f] as number) / (weight[f] as number)) : 0;
    weight[f] = 0;
  }
  for (let i = 0; i < m; i++) {
    const estimate = estimates[i] as number;
    if (Number.isNaN(estimate)) continue;
    const f = family ? (family[i] as number) : 0;
    const w = 1 / ((familyVariance[f] as number) + (standardErrors[i] as number) ** 2);
    weight[f] = (weight[f] as number) + w;
    familyMean[f] = (familyMean[f] as number) + w * estimate;
  }
  for (let f = 0; f < families; f++) {
    familyMean[f] = (weight[f] as number) > 0 ? (familyMean[f] as number) / (weight[f] as number) : 0;
  }
  const shrunken = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    const f = family ? (family[i] as number) : 0;
    const variance = familyVariance[f] as number;
    const b = variance / (variance + (standardErrors[i] as number) ** 2);
    shrunken[i] = b * (estimates[i] as number) + (1 - b) * (familyMean[f] as number);
  }
  return { familyMean, familyVariance, shrunken };
}

/** One family, with posterior standard deviations √(B·se²) given its mean and variance. */
export function shrinkFamily(family: FamilyEstimates): FamilyShrinkage {
  const { estimates, standardErrors } = family;
  if (estimates.length !== standardErrors.length) {
    throw new LiftError('invalid_input', `${estimates.length} estimates but ${standardErrors.length} errors.`, {});
  }
  const { familyMean, familyVariance, shrunken } = shrinkColumns(estimates, standardErrors);
  const variance = familyVariance[0] as number;
  const errors = Float64Array.from(standardErrors, (se) => Math.sqrt((variance / (variance + se * se)) * se * se));
  return { mean: familyMean[0] as number, variance, shrunken, standardErrors: errors };
}
