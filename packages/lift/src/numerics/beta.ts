import { LiftError } from '../lift-error.ts';
import { findRoot } from './find-root.ts';
import { devianceTerm, logBeta, logGamma, stirlingError } from './gamma.ts';

const EPSILON = 2 ** -53;
const TINY = 1e-300;
const MAX_TERMS = 1_000_000;

/** ln of x^a y^b / B(a, b), y = 1 − x, by saddle points where a and b are large (Loader 2000). */
function logPrefactor(a: number, b: number, x: number, y: number): number {
  if (Math.min(a, b) < 8) {
    const logX = x > 0.5 ? Math.log1p(-y) : Math.log(x);
    const logY = y > 0.5 ? Math.log1p(-x) : Math.log(y);
    return a * logX + b * logY - logBeta(a, b);
  }
  const n = a + b;
  const core = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return core - devianceTerm(a, n * x) - devianceTerm(b, n * y) + 0.5 * Math.log((a * b) / (2 * Math.PI * n));
}

/** Continued fraction of the incomplete beta (Lentz form), Abramowitz & Stegun 26.5.8. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < TINY) d = TINY;
  d = 1 / d;
  let h = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + even / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + odd / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 4 * EPSILON) return h;
  }
  throw new LiftError('no_convergence', `Incomplete beta did not converge at a=${a}, b=${b}, x=${x}.`, { a, b, x });
}

/** Σ (a+b)ₙ/(a+1)ₙ·xⁿ, all terms positive: Abramowitz & Stegun 26.5.4 times a·B(a, b)/(x^a(1−x)^b). */
function betaSeries(a: number, b: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MAX_TERMS; n++) {
    term *= ((a + b + n) * x) / (a + 1 + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum;
}

/**
 * ln of the regularised incomplete beta I_x(a, b), with y = 1 − x passed separately so that neither loses digits.
 * Keeps its relative precision in the lower tail.
 */
export function logIncompleteBeta(a: number, b: number, x: number, y: number = 1 - x): number {
  if (!(a > 0 && b > 0))
    throw new LiftError('invalid_input', `Beta shapes must be positive, not ${a}, ${b}.`, { a, b });
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  if (y <= 0) return 0;
  // near the far end of a very lopsided shape the complement's series is quicker and more exact than the fraction
  if (a > 1000 && y * (a + b) < 5)
    return Math.log1p(-Math.exp(logPrefactor(b, a, y, x) + Math.log(betaSeries(b, a, y) / b)));
  if (x < (a + 1) / (a + b + 2)) return logPrefactor(a, b, x, y) + Math.log(betaFraction(a, b, x) / a);
  return Math.log1p(-Math.exp(logPrefactor(b, a, y, x) + Math.log(betaFraction(b, a, y) / b)));
}

/** Regularised incomplete beta I_x(a, b): distribution function of Beta(a, b). */
export const incompleteBeta = (a: number, b: number, x: number, y: number = 1 - x): number =>
  Math.exp(logIncompleteBeta(a, b, x, y));

/** Quantile of Beta(a, b), by a bracketed search. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return findRoot((x) => incompleteBeta(a, b, x) - p, 0, 1, 1e-16);
}

/** ψ(x), the derivative of ln Γ. Recurrence to x ≥ 12, then Abramowitz & Stegun 6.3.18. */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 12) {
    shift -= 1 / z;
    z += 1;
  }
  const w = 1 / (z * z);
  return (
    shift +
    Math.log(z) -
    0.5 / z -
    w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w * (1 / 240 - w * (1 / 132 - w * (691 / 32760 - w / 12))))))
  );
}

/** ln of the density of Beta(a, b) at x. */
export const logBetaDensity = (x: number, a: number, b: number): number =>
  (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b);

/** ln of the binomial coefficient C(n, k), n ≥ k ≥ 0. */
export const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
