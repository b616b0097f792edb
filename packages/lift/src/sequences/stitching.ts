import { findMinimum, findRoot } from '../numerics/find-root.ts';
import { zeta } from '../numerics/zeta.ts';

/**
 * Polynomial stitched boundary for a sub-gamma process of scale c.
 * Howard et al. (2021), theorem 1 with equation 10.
 */
export function polyStitchingBound(v: number, alpha: number, vMin: number, c = 0, s = 1.4, eta = 2): number {
  const used = Math.max(v, vMin);
  const k1 = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2;
  const k2 = (Math.sqrt(eta) + 1) / 2;
  const ell =
    s * Math.log(Math.log((eta * used) / vMin)) + Math.log(zeta(s)) - s * Math.log(Math.log(eta)) - Math.log(alpha);
  const drift = k2 * c * ell;
  return Math.sqrt(k1 * k1 * used * ell + drift * drift) + drift;
}

/**
 * Boundary for the empirical count below a quantile, uniform over quantiles and times.
 * Howard & Ramdas (2022), "Sequential estimation of quantiles", theorem 3 (double stitching).
 */
export function doubleStitchingBound(
  quantile: number,
  t: number,
  alpha: number,
  tOpt: number,
  delta = 0.5,
  s = 1.4,
  eta = 2,
): number {
  const time = Math.max(t, tOpt);
  const logit = Math.log(quantile / (1 - quantile));
  const shifted = 1 / (1 + Math.exp(-(logit + 2 * delta * Math.sqrt((tOpt * eta) / time))));
  const r = quantile >= 0.5 ? quantile : Math.min(0.5, shifted);
  const variance = r * (1 - r);
  const k1 = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2;
  const k2 = (Math.sqrt(eta) + 1) / 2;
  const j = (Math.sqrt(time / tOpt) * Math.abs(logit)) / (2 * delta) + 1;
  const z = zeta(s);
  const ell =
    s * Math.log(Math.log((eta * time) / tOpt)) +
    s * Math.log(j) +
    Math.log((2 * z * (2 * z + 1)) / (alpha * Math.log(eta) ** s));
  const drift = k2 * ((1 - 2 * quantile) / 3) * ell;
  return (
    delta * Math.sqrt((eta * time * variance) / tOpt) +
    Math.sqrt(k1 * k1 * variance * time * ell + drift * drift) +
    drift
  );
}

/** Least error probability that a constant C can promise, over the free η. Howard & Ramdas (2022), equation 14. */
function empiricalProcessError(c: number, a: number): number {
  const upper = findRoot((eta) => Math.sqrt(eta / 2) + Math.sqrt((2 * (eta - 1)) / c) - a, 1, 2 * a * a);
  const error = (eta: number) => {
    const gamma = (2 / eta) * (a - Math.sqrt((2 * (eta - 1)) / c)) ** 2;
    return gamma <= 1 ? Number.MAX_VALUE : 4 * Math.exp(-gamma * c) * (1 + 1 / ((gamma - 1) * Math.log(eta)));
  };
  return error(findMinimum(error, 1 + 1e-12, upper, 1e-12));
}

/**
 * Half-width of a band around the whole empirical distribution, uniform over time from tMin on:
 * A√((ln(1 + ln(t/tMin)) + C)/t). Howard & Ramdas (2022), theorem 2; Infinity before tMin.
 */
export function empiricalProcessBound(t: number, alpha: number, tMin: number, a = 0.85): number {
  if (t < tMin) return Number.POSITIVE_INFINITY;
  const gap = (c: number) => Math.log(empiricalProcessError(c, a)) - Math.log(alpha);
  let high = 5;
  while (gap(high) > 0) high *= 2;
  let low = high;
  while (gap(low) < 0) low /= 2;
  const c = findRoot(gap, low, high, 1e-12);
  return a * Math.sqrt((Math.log(1 + Math.log(t / tMin)) + c) / t);
}
