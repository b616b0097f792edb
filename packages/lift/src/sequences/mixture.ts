import { findRoot } from '../numerics/find-root.ts';

/**
 * A mixture supermartingale exp(logValue(S_t, V_t)): for a sub-ψ process the chance that it ever passes 1/α is at
 * most α. Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", Annals of Statistics 49(2), section 3.
 */
export interface Mixture {
  logValue(s: number, v: number): number;
  /** Largest value that S can take at intrinsic time v. */
  largestS(v: number): number;
}

/** The boundary u(v) with P(∃t: S_t ≥ u(V_t)) ≤ α: where the mixture reaches ln(1/α), or the largest S if it never does. */
export function mixtureBound(mixture: Mixture, v: number, alpha: number): number {
  const threshold = Math.log(1 / alpha);
  const gap = (s: number) => mixture.logValue(s, v) - threshold;
  let high = mixture.largestS(v);
  if (high === Number.POSITIVE_INFINITY) {
    high = Math.max(v, 1);
    for (let i = 0; i < 60 && gap(high) <= 0; i++) high *= 2;
  } else if (!(gap(high) >= 0)) {
    return high;
  }
  return findRoot(gap, 0, high, 1e-12);
}

/** ρ with which the two-sided normal mixture is tightest at v: v/(2 ln(1/α) + ln(1 + 2 ln(1/α))). Howard et al., eq. 3.7. */
export function bestRho(v: number, alpha: number): number {
  const l = 2 * Math.log(1 / alpha);
  return v / (l + Math.log1p(l));
}

/** The same for one-sided boundaries. */
export const bestRhoOneSided = (v: number, alpha: number): number => bestRho(v, 2 * alpha);
