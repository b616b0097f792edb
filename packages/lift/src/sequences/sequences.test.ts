import { expect, test } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { bernoulliInterval } from './bernoulli-interval.ts';
import { betaBinomialMixture } from './beta-binomial-mixture.ts';
import { gammaExponentialMixture, gammaPoissonMixture } from './gamma-mixtures.ts';
import { bestRho, mixtureBound } from './mixture.ts';
import { martingaleMargin, normalMixture, normalMixtureBound } from './normal-mixture.ts';
import { quantileComparison } from './quantile-comparison.ts';
import { doubleStitchingBound, empiricalProcessBound, polyStitchingBound } from './stitching.ts';

// gostevehoward/confseq test/uniform_boundaries_unittest.cpp (from a reference implementation in R)
const near = (got: number, want: number) => expect(Math.abs(got - want)).toBeLessThan(1e-5);

test('[A1] normal mixtures meet the reference, one- and two-sided', () => {
  near(bestRho(100, 0.05), 12.60056);
  near(normalMixture(100, 0.05, false).logValue(10, 100), -0.6510052);
  near(normalMixtureBound(100, 0.05, 100, 0.05, false), 30.35209);
  near(normalMixture(100).logValue(10, 100), -0.06502391);
  near(normalMixtureBound(100, 0.05, 100), 27.66071);
});

test('[A1] the bound of a mixture is where its value reaches ln(1/α)', () => {
  const mixture = normalMixture(100, 0.05, false);
  near(mixtureBound(mixture, 100, 0.05), normalMixtureBound(100, 0.05, 100, 0.05, false));
  near(mixture.logValue(mixtureBound(mixture, 37, 0.01), 37), Math.log(100));
});

test('[A2] gamma mixtures meet the reference', () => {
  near(gammaExponentialMixture(100, 2).logValue(10, 100), -0.2490165);
  near(mixtureBound(gammaExponentialMixture(100, 2), 100, 0.05), 33.02017);
  near(gammaPoissonMixture(100, 2).logValue(10, 100), -0.06991219);
  near(mixtureBound(gammaPoissonMixture(100, 2), 100, 0.05), 30.1949);
});

test('[A3] beta-binomial mixtures meet the reference, and stop at the largest sum possible', () => {
  near(betaBinomialMixture(100, 0.2, 0.8, 0.05, false).logValue(10, 100), -0.6941012);
  near(mixtureBound(betaBinomialMixture(100, 0.2, 0.8, 0.05, false), 100, 0.05), 31.4308);
  near(betaBinomialMixture(100, 0.2, 0.8).logValue(10, 100), -0.07134019);
  near(mixtureBound(betaBinomialMixture(100, 0.2, 0.8), 100, 0.05), 28.41238);
  near(mixtureBound(betaBinomialMixture(100, 0.2, 0.8), 2 * 0.2 * 0.8, 0.05), 2 * 0.8);
});

test('[A4] stitched and empirical-process bounds meet the reference', () => {
  near(polyStitchingBound(100, 0.05, 10, 3), 64.48755);
  near(polyStitchingBound(100, 0.05, 10, -1), 28.99389);
  near(empiricalProcessBound(1000, 0.05, 100, 0.85), 0.08204769);
  expect(empiricalProcessBound(99, 0.05, 100)).toBe(Number.POSITIVE_INFINITY);
  near(doubleStitchingBound(0.5, 1000, 0.05, 100), 68.62803);
  near(doubleStitchingBound(0.9, 1000, 0.05, 100), 43.72119);
  near(doubleStitchingBound(0.1, 1000, 0.05, 100), 59.96521);
});

test.each([
  [700, 1000, 100, 0.651629, 0.745949],
  [15, 50, 50, 0.129556, 0.511896],
  [1, 50, 50, 0, 0.13489],
  [1, 2, 50, 0, 1],
  [100, 200, 1, 0.328923, 0.671076],
  [0, 1, 50, 0, 1],
  [1, 1, 50, 0, 1],
])(
  '[A5] the Bernoulli sequence of %d of %d (tightest at %d) meets the reference',
  (successes, trials, tOpt, low, high) => {
    const interval = bernoulliInterval(successes, trials, 0.05, tOpt);
    near(interval[0], low);
    near(interval[1], high);
  },
);

test('[A5] the Bernoulli sequence misses the truth at any of 300 looks in at most 5 % of runs', () => {
  const random = seededRandom(8);
  let missed = 0;
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    let successes = 0;
    let out = false;
    for (let n = 1; n <= 300; n++) {
      if (random() < 0.3) successes += 1;
      if (n % 10) continue;
      const [low, high] = bernoulliInterval(successes, n, 0.05, 100);
      if (low > 0.3 || high < 0.3) out = true;
    }
    if (out) missed += 1;
  }
  expect(missed / runs).toBeLessThanOrEqual(0.05);
});

test.each([
  [0.5, 70, 0.814704],
  [0.5, 85, 0.0838055],
  [0.5, 100, 0.0054947],
  [0.9, 55, 0.0340463],
])(
  '[A6] comparing the %d-quantile of arms shifted by %d meets the reference, from either side',
  (quantile, shift, want) => {
    const a = Array.from({ length: 1000 }, (_, i) => i + 1);
    const b = a.map((value) => value + shift);
    near(quantileComparison(a, b, quantile, 100), want);
    const reversed = a.map((value) => 2000 - value);
    near(
      quantileComparison(
        reversed,
        reversed.map((value) => value - shift),
        1 - quantile,
        100,
      ),
      want,
    );
  },
);

test('[A7] the martingale margin is the closed form of proposition 2.5', () => {
  // tensorzero asymptotic_confidence_sequences.rs, test_margin_calculation_correctness
  expect(martingaleMargin(0.25, 100, 0.05, 0.296)).toBeCloseTo(0.16137371404799886, 14);
});
