import { expect, test } from 'vitest';
import { estimateArms } from '../metrics/estimate-arms.ts';
import {
  asymptoticSequence,
  eProcess,
  oneSidedMultiplier,
  sequenceMultiplier,
  sequenceRho,
} from './asymptotic-sequence.ts';
import { expectedPositivePart, gaussianPosterior, priorOnAbsoluteScale } from './bayes.ts';
import { betaBinomial } from './beta-binomial.ts';
import { absoluteEffect, relativeEffect } from './effect.ts';
import { fiellerContains, fiellerRoots, fiellerSet } from './fieller.ts';
import { fixedHorizon } from './fixed-horizon.ts';

const close = (got: number, want: number, tolerance = 1e-9) =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance);

// growthbook packages/stats/tests/frequentist/test_tests.py
const control = { type: 'mean', n: 3000, sum: 1396.87, sum_squares: 52377.9767 } as const;
const treatment = { type: 'mean', n: 3461, sum: 2422.7, sum_squares: 134698.29 } as const;
const pair = estimateArms(control, treatment);

test('[F1] the relative Welch test meets the peer one-sided, greater and lesser', () => {
  const effect = relativeEffect(pair);
  close(effect.estimate, 0.5033610858562358, 1e-12);
  close(effect.standardError, 0.3334122146400735, 1e-12);
  const greater = fixedHorizon(effect, { sides: 'greater' });
  close(greater.interval[0], -0.045136675850396046, 1e-10);
  expect(greater.interval[1]).toBe(Number.POSITIVE_INFINITY);
  close(greater.pValue, 0.06558262868467746, 1e-11);
  const lesser = fixedHorizon(effect, { sides: 'lesser' });
  close(lesser.interval[1], 1.0518588475628676, 1e-10);
  close(lesser.pValue + greater.pValue, 1, 1e-12);
});

test('[F2] a fixed-horizon level outside (0, 1) is refused', () => {
  expect(() => fixedHorizon(absoluteEffect(pair), { alpha: 0 })).toThrow('alpha');
});

test('[F3] arms without any variance, or with one unit, are refused rather than called certain', () => {
  const flat = { type: 'mean', n: 10, sum: 10, sum_squares: 10 } as const;
  expect(() => absoluteEffect(estimateArms(flat, flat))).toThrow('Neither arm varies');
  const single = { type: 'mean', n: 1, sum: 3, sum_squares: 9 } as const;
  expect(() => absoluteEffect(estimateArms(single, treatment))).toThrow('two units');
});

test('[F4] a control mean of 0 has no relative lift, and a negative one flips no sign', () => {
  const zero = { type: 'mean', n: 10, sum: 0, sum_squares: 10 } as const;
  expect(() => relativeEffect(estimateArms(zero, treatment))).toThrow('control mean is 0');
  const negative = { type: 'mean', n: 10, sum: -20, sum_squares: 50 } as const;
  const better = { type: 'mean', n: 10, sum: -10, sum_squares: 30 } as const;
  close(relativeEffect(estimateArms(negative, better)).estimate, 0.5);
});

test('[S1] the asymptotic sequence meets the peer (two-sided, proportions, N* = 5,000)', () => {
  const binary = estimateArms({ type: 'proportion', n: 3000, sum: 1396 }, { type: 'proportion', n: 3461, sum: 2422 });
  const result = asymptoticSequence(relativeEffect(binary));
  close(result.interval[0], 0.4009784966859415, 1e-11);
  close(result.interval[1], 0.6067482066783576, 1e-11);
  expect(Math.abs(result.pValue / 5.174716682839778e-44 - 1)).toBeLessThan(1e-9);
});

test('[S2] the one-sided sequence is open on one side and tighter than the two-sided one', () => {
  const effect = absoluteEffect(pair);
  const greater = asymptoticSequence(effect, { sides: 'greater' });
  close(greater.interval[0], -0.12656844172804982, 1e-12);
  expect(greater.interval[1]).toBe(Number.POSITIVE_INFINITY);
  expect(greater.interval[0]).toBeGreaterThan(asymptoticSequence(effect).interval[0]);
  const lesser = asymptoticSequence(effect, { sides: 'lesser' });
  close(lesser.interval[1], 0.5953217750613832, 1e-12);
  expect(lesser.pValue).toBe(1);
});

test('[S3] a sequence excludes 0 exactly when its p-value is below alpha', () => {
  for (const shift of [0.5, 1, 2, 2.9, 3, 3.1, 4]) {
    const effect = { ...absoluteEffect(pair), estimate: shift * absoluteEffect(pair).standardError };
    for (const sides of ['two', 'greater'] as const) {
      const result = asymptoticSequence(effect, { sides });
      expect(result.interval[0] > 0).toBe(result.pValue < 0.05);
    }
  }
});

test('[S4] a sequence is never narrower than a single look, and tightest near N*', () => {
  for (const n of [50, 500, 5000, 50_000]) expect(sequenceMultiplier(n, 0.05)).toBeGreaterThan(1.96);
  expect(sequenceMultiplier(5000, 0.05)).toBeLessThan(sequenceMultiplier(100, 0.05));
  expect(sequenceMultiplier(5000, 0.05)).toBeLessThan(sequenceMultiplier(1_000_000, 0.05));
  expect(oneSidedMultiplier(5000, 0.05)).toBeLessThan(sequenceMultiplier(5000, 0.05));
  expect(sequenceRho(0.05, 5000)).toBeCloseTo(
    Math.sqrt((-2 * Math.log(0.05) + Math.log(1 - 2 * Math.log(0.05))) / 5000),
    15,
  );
});

test('[S5] 1/e is the p-value, and no effect gives an e-value below 1', () => {
  const effect = absoluteEffect(pair);
  const e = eProcess(effect);
  close(Math.min(1, 1 / e), asymptoticSequence(effect).pValue, 1e-12);
  expect(eProcess({ ...effect, estimate: 0 })).toBeLessThan(1);
});

test('[L1] without adjustment the Fieller set is the one of the linear contrast', () => {
  const z = 2.5;
  const set = fiellerSet(pair, z);
  if (set.kind !== 'interval') throw new Error('expected an interval');
  const { control: c, treatment: t } = pair;
  for (const lift of set.interval) {
    const contrast = Math.abs(t.mean - (1 + lift) * c.mean);
    const error = Math.sqrt(t.variance / t.n + ((1 + lift) ** 2 * c.variance) / c.n);
    close(contrast / error, z, 1e-9);
  }
});

test('[L2] a control mean that is not separated from 0 leaves the lift "not yet known"', () => {
  const weak = { type: 'mean', n: 20, sum: 1, sum_squares: 40 } as const;
  const other = { type: 'mean', n: 20, sum: 2, sum_squares: 40 } as const;
  expect(fiellerSet(estimateArms(weak, other), 2).kind).toBe('all');
  // the difference is sure, the denominator is not: everything but a gap
  const outside = fiellerRoots(10, 0.5, 1, 1, 0, 2);
  expect(outside.kind).toBe('outside');
  expect(fiellerContains(outside, 0)).toBe(false);
  expect(fiellerContains(outside, 20)).toBe(true);
  expect(fiellerContains(outside, -20)).toBe(true);
});

test('[L3] at lift 0 the Fieller set and the absolute sequence decide alike', () => {
  for (const z of [0.5, 1.5, 1.8, 1.81, 3]) {
    const effect = absoluteEffect(pair);
    const inside = Math.abs(effect.estimate) <= z * effect.standardError;
    expect(fiellerContains(fiellerSet(pair, z), 0)).toBe(inside);
  }
});

test('[L4] with CUPED the Fieller set uses the joint covariance: it is where the adjusted contrast meets its own error', () => {
  const sums = {
    type: 'cuped',
    n: 3001,
    y_sum: 300,
    y_sum_squares: 600,
    x_sum: 210,
    x_sum_squares: 415,
    xy_sum: 200,
  } as const;
  const other = {
    type: 'cuped',
    n: 3000,
    y_sum: 350,
    y_sum_squares: 655,
    x_sum: 220,
    x_sum_squares: 425,
    xy_sum: 210,
  } as const;
  const adjusted = estimateArms(sums, other);
  const set = fiellerSet(adjusted, 2);
  if (set.kind !== 'interval') throw new Error('expected an interval');
  const { control: c, treatment: t } = adjusted;
  for (const lift of set.interval) {
    const variance = t.variance / t.n + (c.variance + 2 * lift * c.covariance + lift ** 2 * c.unadjustedVariance) / c.n;
    close(Math.abs(t.mean - c.mean - lift * c.unadjustedMean), 2 * Math.sqrt(variance), 1e-10);
  }
});

test('[B1] a flat prior gives the peer chance to win and losses, inverse swaps them', () => {
  // growthbook packages/stats/tests/test_gbstats.py, test_get_metric_dfs_inverse
  const count = estimateArms(
    { type: 'count', n: 100, sum: 270, sum_squares: 848.79 },
    { type: 'count', n: 120, sum: 300, sum_squares: 869 },
  );
  const inverse = gaussianPosterior(relativeEffect(count), { inverse: true });
  close(inverse.chanceToWin, 0.9281658322566257, 1e-12);
  close(inverse.expectedLoss[0], 0.0756911309467754, 1e-12);
  close(inverse.expectedLoss[1], 0.0016170568727012554, 1e-12);
  const plain = gaussianPosterior(relativeEffect(count));
  close(plain.chanceToWin + inverse.chanceToWin, 1, 1e-12);
  expect(plain.expectedLoss).toEqual([...inverse.expectedLoss].reverse());
});

test('[B2] a prior pulls the estimate by its precision', () => {
  const result = gaussianPosterior({ estimate: 1, standardError: 0.5 }, { prior: { mean: 0, variance: 0.25 } });
  close(result.estimate, 0.5);
  close(result.standardError, Math.sqrt(1 / 8));
  expect(priorOnAbsoluteScale({ mean: 0.1, variance: 0.04 }, -5)).toEqual({ mean: 0.5, variance: 1 });
  close(expectedPositivePart(0, 1), 0.3989422804014327, 1e-15);
});

test('[B3] the exact Beta comparison meets a simulation and is symmetric', () => {
  // spotify/confidence tests/frequentist/test_betabinomial.py (Monte Carlo), P by quadrature 0.9629065
  const result = betaBinomial({ n: 104, sum: 42 }, { n: 1009, sum: 500 });
  close(result.chanceToWin, 0.9629065, 1e-6);
  close(result.expectedLoss[0] - result.expectedLoss[1], result.difference, 1e-12);
  close(result.interval[0], -0.0092, 1e-3);
  const swapped = betaBinomial({ n: 1009, sum: 500 }, { n: 104, sum: 42 });
  close(result.chanceToWin + swapped.chanceToWin, 1, 1e-9);
});
