import { expect, test } from 'vitest';
import { betaQuantile, digamma, incompleteBeta, logIncompleteBeta } from './beta.ts';
import { binomialCdf, binomialDensity } from './binomial.ts';
import { chiSquaredCdf, chiSquaredQuantile, chiSquaredUpperTail } from './chi-squared.ts';
import { findMinimum, findRoot } from './find-root.ts';
import { devianceTerm, gammaP, gammaQ, logBeta, logGamma, stirlingError } from './gamma.ts';
import { integrate } from './integrate.ts';
import { logNormalCdf, normalCdf, normalQuantile, normalUpperTail } from './normal.ts';
import { normalSampler, seededRandom } from './random.ts';
import { stableSum } from './stable-sum.ts';
import { studentCdf, studentQuantile, studentTwoSided, studentUpperTail } from './student-t.ts';
import { zeta } from './zeta.ts';

/** Relative difference. */
const off = (got: number, want: number) => Math.abs(got - want) / Math.abs(want);

// expected numbers: mpmath 1.3 with 40 digits
test.each([
  [-3.1, 0.999032396786782],
  [0.3, 0.382088577811047],
  [1.96, 0.0249978951482204],
  [2.5, 0.0062096653257761],
  [5, 2.8665157187919391e-7],
  [20, 2.7536241186062337e-89],
])('[N1] the upper tail of the normal at %d keeps its relative precision', (z, want) => {
  expect(off(normalUpperTail(z), want)).toBeLessThan(1e-13);
});

test('[N1] the logarithm of Φ stays finite where Φ itself is 0', () => {
  expect(normalCdf(-50)).toBe(0);
  expect(off(logNormalCdf(-50), -1254.83136113942)).toBeLessThan(1e-13);
});

test('[N1] the normal quantile undoes the distribution function from 1e-300 to almost 1', () => {
  for (const p of [1e-300, 1e-20, 1e-5, 0.025, 0.4, 0.49999, 0.6, 0.999999]) {
    expect(off(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12);
  }
  expect(off(normalQuantile(0.975), 1.959963984540054)).toBeLessThan(4e-15);
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1.2)).toBeNaN();
});

// expected numbers: scipy 1.17 stats.t
test.each([
  [0.1, 1, 0.46827448256944643],
  [3, 2.5, 0.036288047774515914],
  [2, 10, 0.036694017385370196],
  [-2, 10, 0.9633059826146299],
  [30, 3, 4.067640213581979e-5],
])('[N2] the upper tail of Student t at %d with %d degrees is right', (t, degrees, want) => {
  expect(off(studentUpperTail(t, degrees), want)).toBeLessThan(1e-13);
});

test('[N2] Student t quantiles undo the distribution function, for few and for very many degrees of freedom', () => {
  for (const degrees of [0.7, 1, 2, 5.5, 40_593.7, 1e6]) {
    for (const p of [1e-9, 0.025, 0.3, 0.6, 0.975]) {
      expect(off(studentCdf(studentQuantile(p, degrees), degrees), p)).toBeLessThan(1e-11);
    }
  }
  expect(studentQuantile(0.975, 2)).toBeCloseTo(0.95 * Math.sqrt(2 / (4 * 0.975 * 0.025)), 12);
  expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 12);
});

test('[N2] with a billion degrees of freedom Student t is the normal', () => {
  expect(off(studentTwoSided(2, 1e9), 2 * normalUpperTail(2))).toBeLessThan(1e-7);
});

test('[N3] log gamma, log beta and the incomplete gamma agree with exact values', () => {
  expect(logGamma(1)).toBe(0);
  expect(off(logGamma(0.5), 0.5 * Math.log(Math.PI))).toBeLessThan(1e-14);
  expect(off(logGamma(101), 363.7393755555635)).toBeLessThan(1e-15);
  expect(off(logBeta(3, 5), Math.log(1 / 105))).toBeLessThan(1e-14);
  // P(1, x) = 1 − e^−x
  expect(off(gammaP(1, 0.3), -Math.expm1(-0.3))).toBeLessThan(1e-14);
  expect(off(gammaQ(1, 50), Math.exp(-50))).toBeLessThan(1e-13);
  expect(() => logGamma(0)).toThrow('needs x > 0');
});

test('[N3] Stirling error and deviance obey their own definitions', () => {
  expect(off(stirlingError(10), logGamma(10) - (9.5 * Math.log(10) - 10 + 0.5 * Math.log(2 * Math.PI)))).toBeLessThan(
    1e-9,
  );
  expect(off(devianceTerm(3, 2), 3 * Math.log(1.5) - 1)).toBeLessThan(1e-14);
  expect(devianceTerm(5, 5)).toBe(0);
});

test('[N4] the incomplete beta is symmetric, exact for whole shapes, and keeps its tail', () => {
  // I_x(2, 3) = 6x² − 8x³ + 3x⁴
  expect(off(incompleteBeta(2, 3, 0.2), 6 * 0.04 - 8 * 0.008 + 3 * 0.0016)).toBeLessThan(1e-14);
  expect(incompleteBeta(2.5, 7, 0.3) + incompleteBeta(7, 2.5, 0.7)).toBeCloseTo(1, 14);
  expect(off(logIncompleteBeta(200, 1, 0.01), 200 * Math.log(0.01))).toBeLessThan(1e-14);
  expect(incompleteBeta(3, 4, betaQuantile(0.1, 3, 4))).toBeCloseTo(0.1, 12);
});

test('[N4] binomial probabilities add up to the distribution function', () => {
  const masses = Array.from({ length: 8 }, (_, k) => binomialDensity(k, 20, 0.3));
  expect(stableSum(masses)).toBeCloseTo(binomialCdf(7, 20, 0.3), 13);
  expect(binomialCdf(-1, 20, 0.3)).toBe(0);
  expect(binomialCdf(20, 20, 0.3)).toBe(1);
});

test('[N5] chi-squared tails: two degrees are an exponential', () => {
  expect(off(chiSquaredUpperTail(7, 2), Math.exp(-3.5))).toBeLessThan(1e-14);
  expect(chiSquaredCdf(chiSquaredQuantile(0.95, 3), 3)).toBeCloseTo(0.95, 12);
});

test('[N6] zeta and digamma meet their known values', () => {
  expect(off(zeta(2), Math.PI ** 2 / 6)).toBeLessThan(1e-15);
  expect(off(zeta(1.4), 3.10554727797758)).toBeLessThan(1e-14);
  expect(off(digamma(1), -0.5772156649015329)).toBeLessThan(1e-14);
});

test('[N7] a compensated sum keeps what a plain sum loses', () => {
  const values = [1, 1e100, 1, -1e100];
  expect(values.reduce((sum, value) => sum + value, 0)).toBe(0);
  expect(stableSum(values)).toBe(2);
});

test('[N8] roots and minima are found, and a missing sign change is refused', () => {
  expect(findRoot((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 14);
  expect(findMinimum((x) => (x - 0.3) ** 2, 0, 1)).toBeCloseTo(0.3, 6);
  expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow('No sign change');
  expect(integrate(Math.exp, 0, 1)).toBeCloseTo(Math.E - 1, 14);
});

test('[N9] a seed gives the same numbers again, uniform and normal in their moments', () => {
  const [a, b] = [seededRandom(5), seededRandom(5)];
  expect(Array.from({ length: 5 }, a)).toEqual(Array.from({ length: 5 }, b));
  const normal = normalSampler(seededRandom(6));
  const draws = Array.from({ length: 50_000 }, normal);
  const mean = stableSum(draws) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(stableSum(draws.map((d) => d * d)) / draws.length - 1)).toBeLessThan(0.03);
});
