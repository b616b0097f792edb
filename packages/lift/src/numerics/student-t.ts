import { incompleteBeta, logIncompleteBeta } from './beta.ts';
import { logBeta } from './gamma.ts';
import { normalQuantile, normalUpperTail } from './normal.ts';

/** Beyond this many degrees of freedom Student's t equals the normal to better than 1e−12. */
const NORMAL_FROM = 1e13;

/** Upper tail P(T > t) of Student's t; relative precision far out. Abramowitz & Stegun 26.7.1 with 26.5.27. */
export function studentUpperTail(t: number, degrees: number): number {
  if (!(degrees < NORMAL_FROM)) return normalUpperTail(t);
  const square = t * t;
  const half = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
  return t >= 0 ? half : 1 - half;
}

/** P(T ≤ t). */
export const studentCdf = (t: number, degrees: number): number => studentUpperTail(-t, degrees);

/** Two-sided p-value of a t statistic. */
export function studentTwoSided(t: number, degrees: number): number {
  return Math.min(1, 2 * studentUpperTail(Math.abs(t), degrees));
}

/** t with P(T ≤ t) = p: Newton on ln(tail) from the expansion of Abramowitz & Stegun 26.7.5. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  if (!(p > 0)) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  const z = -normalQuantile(p);
  if (!(degrees < NORMAL_FROM)) return -z;
  let t =
    degrees < 3
      ? roughTail(p, degrees)
      : z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
  const target = Math.log(2 * p);
  const logScale = -0.5 * Math.log(degrees) - logBeta(degrees / 2, 0.5);
  for (let i = 0; i < 60; i++) {
    const square = t * t;
    const logTail = logIncompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
    const logDensity = logScale - 0.5 * (degrees + 1) * Math.log1p(square / degrees);
    const step = (logTail - target) / (2 * Math.exp(logDensity - logTail));
    t = Math.max(t / 4, t + step);
    if (Math.abs(step) <= 4e-16 * t) break;
  }
  return -t;
}

/** Closed forms near one and two degrees of freedom, as a start. */
function roughTail(p: number, degrees: number): number {
  if (degrees < 1.5) return 1 / Math.tan(Math.PI * p);
  const a = 4 * p * (1 - p);
  return (2 * (0.5 - p) * Math.sqrt(2)) / Math.sqrt(a);
}
