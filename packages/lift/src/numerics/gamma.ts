import { LiftError } from '../lift-error.ts';

const HALF_LOG_TWO_PI = 0.9189385332046728;
const EPSILON = 2 ** -53;
const TINY = 1e-300;
const MAX_TERMS = 200_000;

/**
 * Error of Stirling's formula: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x > 0.
 * Asymptotic series (Abramowitz & Stegun 6.1.41) from x ≥ 16; below, the recurrence Γ(x+1) = xΓ(x) lifts x there.
 */
export function stirlingError(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 16) {
    // difference of the error at z and z+1: (z + ½) ln(1 + 1/z) − 1
    shift += (z + 0.5) * Math.log1p(1 / z) - 1;
    z += 1;
  }
  const w = 1 / (z * z);
  const series =
    (1 / 12 -
      w *
        (1 / 360 -
          w *
            (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360 - w * (1 / 156 - w * (3617 / 122400)))))))) /
    z;
  return shift + series;
}

/** ln Γ(x) for x > 0. Source: Stirling's series, Abramowitz & Stegun 6.1.41. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new LiftError('invalid_input', `logGamma needs x > 0, not ${x}.`, { x });
  if (x === 1 || x === 2) return 0;
  if (x < 16) {
    // exact products lose nothing here, while differences of large logarithms would
    let product = 1;
    let z = x;
    while (z < 16) {
      product *= z;
      z += 1;
    }
    return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirlingError(z) - Math.log(product);
  }
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a+b), without the cancellation of the three large terms. */
export function logBeta(a: number, b: number): number {
  const p = Math.min(a, b);
  const q = Math.max(a, b);
  if (q < 16) return logGamma(p) + logGamma(q) - logGamma(p + q);
  const correction = stirlingError(q) - stirlingError(p + q);
  if (p < 16) {
    return logGamma(p) + correction + p - p * Math.log(p + q) + (q - 0.5) * Math.log1p(-p / (p + q));
  }
  return (
    -0.5 * Math.log(q) +
    HALF_LOG_TWO_PI +
    stirlingError(p) +
    correction +
    (p - 0.5) * Math.log(p / (p + q)) +
    q * Math.log1p(-p / (p + q))
  );
}

/**
 * x ln(x/m) + m − x, kept accurate where x is near m.
 * Source: Loader (2000), "Fast and Accurate Computation of Binomial Probabilities", function bd0.
 */
export function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    const v = (x - m) / (x + m);
    let sum = (x - m) * v;
    let term = 2 * x * v;
    const square = v * v;
    for (let j = 1; j < 1000; j++) {
      term *= square;
      const next = sum + term / (2 * j + 1);
      if (next === sum) return next;
      sum = next;
    }
  }
  return x * Math.log(x / m) + m - x;
}

/** ln of x^a e^(−x) / Γ(a+1): the Poisson weight with real count a. Source: Loader (2000). */
function logPoissonWeight(a: number, x: number): number {
  return -devianceTerm(a, x) - stirlingError(a) - HALF_LOG_TWO_PI - 0.5 * Math.log(a);
}

/** ln of the regularised lower incomplete gamma P(a, x). Series, Abramowitz & Stegun 6.5.29. */
function logLowerSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < MAX_TERMS; k++) {
    term *= x / (a + k);
    sum += term;
    if (term < sum * EPSILON) return logPoissonWeight(a, x) + Math.log(sum);
  }
  throw new LiftError('no_convergence', `Incomplete gamma did not converge at a=${a}, x=${x}.`, { a, x });
}

/** ln of the regularised upper incomplete gamma Q(a, x). Continued fraction (Lentz), Abramowitz & Stegun 6.5.31. */
function logUpperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < MAX_TERMS; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < TINY) d = TINY;
    c = b + an / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 4 * EPSILON) return logPoissonWeight(a, x) + Math.log(a * h);
  }
  throw new LiftError('no_convergence', `Incomplete gamma did not converge at a=${a}, x=${x}.`, { a, x });
}

/** ln P(a, x), a > 0, x ≥ 0: keeps its digits where P itself would underflow. */
export function logGammaP(a: number, x: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  if (x < a + 1) return logLowerSeries(a, x);
  return Math.log1p(-Math.exp(logUpperFraction(a, x)));
}

/** ln Q(a, x) = ln(1 − P(a, x)), a > 0, x ≥ 0. */
export function logGammaQ(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x < a + 1) return Math.log1p(-Math.exp(logLowerSeries(a, x)));
  return logUpperFraction(a, x);
}

/** Regularised lower incomplete gamma P(a, x). */
export const gammaP = (a: number, x: number): number => Math.exp(logGammaP(a, x));
/** Regularised upper incomplete gamma Q(a, x). */
export const gammaQ = (a: number, x: number): number => Math.exp(logGammaQ(a, x));
