const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / SQRT_TWO_PI;

/**
 * Mills ratio (1 − Φ(z)) / φ(z) for z ≥ 2 by its continued fraction (Abramowitz & Stegun 26.2.14),
 * evaluated from the bottom with a depth that grows as z shrinks.
 */
function millsRatio(z: number): number {
  let value = z;
  for (let k = Math.ceil(12 + 700 / (z * z)); k >= 1; k--) value = z + k / value;
  return 1 / value;
}

/** Φ(z) − ½ for small |z| by the all-positive series of Abramowitz & Stegun 26.2.11. */
function centralPart(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; k < 200; k++) {
    term *= (z * z) / (2 * k + 1);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return sum * normalDensity(z);
}

/** Upper tail 1 − Φ(z), with full relative precision far out. */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z > 2) return z > 40 ? 0 : normalDensity(z) * millsRatio(z);
  if (z < -2) return 1 - normalUpperTail(-z);
  return 0.5 - centralPart(z);
}

/** Φ(z), the distribution function of the standard normal. */
export const normalCdf = (z: number): number => normalUpperTail(-z);

/** ln Φ(z), finite for any finite z. */
export function logNormalCdf(z: number): number {
  if (z < -2) return -0.5 * z * z - HALF_LOG_TWO_PI + Math.log(millsRatio(-z));
  return z > 3 ? Math.log1p(-normalUpperTail(z)) : Math.log(normalCdf(z));
}

/**
 * z with Φ(z) = p. Start from Abramowitz & Stegun 26.2.23, then Halley steps on ln(tail) until nothing changes.
 *
 * @returns ∓Infinity at 0 and 1, NaN outside [0, 1].
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

/** z with upper tail 1 − Φ(z) = p; keeps its digits for p far below 1e−16, where 1 − p would not. */
export const normalUpperQuantile = (p: number): number => -normalQuantile(p);

function lowerQuantile(p: number): number {
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  const target = Math.log(p);
  for (let i = 0; i < 6; i++) {
    // f(z) = ln Φ(z) − ln p; f' = r = φ/Φ; f'' = −r(z + r)
    const f = logNormalCdf(z) - target;
    const slope = Math.exp(-0.5 * z * z - HALF_LOG_TWO_PI - (f + target));
    const step = f / slope / (1 + (0.5 * f * (z + slope)) / slope);
    z -= step;
    if (Math.abs(step) <= 1e-16 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}
