import { logNormalCdf } from '../numerics/normal.ts';
import { bestRho, bestRhoOneSided, type Mixture, mixtureBound } from './mixture.ts';

/** Normal mixture (Robbins 1970; Howard et al. 2021, proposition 3.5 and section 3.2), tightest at `vOpt`. */
export function normalMixture(vOpt: number, alphaOpt = 0.05, oneSided = true): Mixture {
  const rho = oneSided ? bestRhoOneSided(vOpt, alphaOpt) : bestRho(vOpt, alphaOpt);
  return {
    largestS: () => Number.POSITIVE_INFINITY,
    logValue(s, v) {
      const common = 0.5 * Math.log(rho / (v + rho)) + (s * s) / (2 * (v + rho));
      return oneSided ? common + Math.LN2 + logNormalCdf(s / Math.sqrt(v + rho)) : common;
    },
  };
}

/** Boundary of the normal mixture; two-sided in closed form √((v+ρ)(ln(1 + v/ρ) + 2 ln(1/α))). */
export function normalMixtureBound(v: number, alpha: number, vOpt: number, alphaOpt = 0.05, oneSided = true): number {
  if (oneSided) return mixtureBound(normalMixture(vOpt, alphaOpt, true), v, alpha);
  const rho = bestRho(vOpt, alphaOpt);
  return Math.sqrt((v + rho) * (Math.log1p(v / rho) - 2 * Math.log(alpha)));
}

/**
 * Margin of the asymptotic confidence sequence of one mean, martingale form: with n observations of variance s²,
 * √((n·s²·ρ² + 1)/(n²ρ²) · ln((n·s²·ρ² + 1)/α²)). Not scale-free: ρ multiplies n·s².
 * Source: Waudby-Smith et al. (2021), arXiv 2103.06476, proposition 2.5.
 */
export function martingaleMargin(variance: number, n: number, alpha: number, rho: number): number {
  const k = n * variance * rho * rho + 1;
  return Math.sqrt((k / (n * rho) ** 2) * Math.log(k / (alpha * alpha)));
}
