import { expect, test } from 'vitest';
import { absoluteEffect, relativeEffect } from '../compare/effect.ts';
import { fixedHorizon } from '../compare/fixed-horizon.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { estimateCount } from './count.ts';
import { cupedTheta } from './cuped-mean.ts';
import { estimateCupedQuantiles, linkCovariate, quantileSums } from './cuped-quantile.ts';
import { sumCupedRatio } from './cuped-ratio.ts';
import { type ArmSums, estimateArm, estimateArms } from './estimate-arms.ts';
import { sampleVariance } from './mean.ts';
import { estimateQuantile, quantileRanks } from './quantile.ts';

const close = (got: number, want: number, tolerance = 1e-9) =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance);

test('[M1] a mean has the sample variance, a proportion p(1 − p), a count the variance of a mean', () => {
  expect(sampleVariance(4, 10, 30)).toBeCloseTo((30 - 25) / 3, 14);
  expect(sampleVariance(1, 5, 25)).toBe(0);
  expect(estimateArm({ type: 'proportion', n: 10, sum: 4 }).variance).toBeCloseTo(0.24, 14);
  const sums = { type: 'count', n: 10, sum: 20, sum_squares: 90 } as const;
  expect(estimateCount(sums)).toEqual(estimateArm({ ...sums, type: 'mean' }));
});

test('[M2] arms of different types are not compared', () => {
  expect(() =>
    estimateArms({ type: 'proportion', n: 9, sum: 4 }, { type: 'mean', n: 9, sum: 4, sum_squares: 4 }),
  ).toThrow('cannot be compared');
});

test('[M3] a ratio has the delta-method variance, and no value where denominators add up to 0', () => {
  // spend per visit of the Hillstrom e-mail test, two of its arms; figures from an independent computation
  const c = {
    type: 'ratio',
    n: 21306,
    m_sum: 13908.33,
    m_sum_squares: 2870050.3621,
    d_sum: 2262,
    d_sum_squares: 2262,
    md_sum: 13908.33,
  } as const;
  const t = {
    type: 'ratio',
    n: 21307,
    m_sum: 30311.69,
    m_sum_squares: 6759024.4973,
    d_sum: 3894,
    d_sum_squares: 3894,
    md_sum: 30311.69,
  } as const;
  const effect = absoluteEffect(estimateArms(c, t));
  close(effect.estimate, 1.635516900788672, 1e-9);
  close(effect.standardError, 0.9871405201714457, 1e-9);
  close(effect.degrees, 42035.18945319349, 1e-4);
  close(relativeEffect(estimateArms(c, t)).standardError, 0.18561079287840757, 1e-9);
  expect(() => estimateArm({ ...c, d_sum: 0 })).toThrow('add up to 0');
});

test('[C1] CUPED: pooled θ, relative lift over the unadjusted control mean', () => {
  // growthbook packages/stats/tests/test_gbstats.py, TestAnalyzeMetricDfRegressionAdjustment
  const control = {
    type: 'cuped',
    n: 3001,
    y_sum: 300,
    y_sum_squares: 600,
    x_sum: 210,
    x_sum_squares: 415,
    xy_sum: -20,
  } as const;
  const treatment = {
    type: 'cuped',
    n: 3000,
    y_sum: 222,
    y_sum_squares: 555,
    x_sum: 120,
    x_sum_squares: 405,
    xy_sum: -10,
  } as const;
  const result = fixedHorizon(relativeEffect(estimateArms(control, treatment)));
  close(result.estimate, -0.2817071538457276, 1e-12);
  close(result.standardError, 0.09710487644510962, 1e-12);
  close(result.pValue, 0.003732548615239084, 1e-11);
});

test('[C2] a covariate that never varies changes nothing', () => {
  const arm = { type: 'cuped', n: 5, y_sum: 10, y_sum_squares: 30, x_sum: 0, x_sum_squares: 0, xy_sum: 0 } as const;
  expect(cupedTheta(arm, arm)).toBe(0);
  expect(estimateArms(arm, arm).control.variance).toBeCloseTo(2.5, 12);
});

test('[C3] CUPED of a ratio from raw units meets the peer; negating the numerator flips the lift and keeps the error', () => {
  // growthbook test_shared_models.py, TestEffectMomentsCupedRatioNegativeBaseline
  const mc = [12, 19, 16, 24, 21, 9, 14, 26];
  const dc = [1, 2, 1.5, 2.5, 2, 1, 1.5, 2.5];
  const mc0 = [16, 11, 21, 19, 26, 11, 9, 21];
  const dc0 = [1.5, 1, 2, 2, 2.5, 1, 1, 2];
  const mt = [14, 9, 17, 23, 9, 18, 22, 13];
  const dt = [1.5, 1, 2, 2.5, 1, 2, 2.5, 1.5];
  const mt0 = [11, 17, 22, 27, 10, 27, 21, 16];
  const dt0 = [1, 1.5, 2, 2.5, 1, 2.5, 2, 1.5];
  const negate = (list: number[]) => list.map((value) => -value);
  const plain = relativeEffect(estimateArms(sumCupedRatio(mc, dc, mc0, dc0), sumCupedRatio(mt, dt, mt0, dt0), 0.5));
  close(plain.estimate, -0.1372067648663393, 1e-12);
  close(plain.standardError, 0.022393415893503056, 1e-12);
  const flipped = relativeEffect(
    estimateArms(sumCupedRatio(negate(mc), dc, negate(mc0), dc0), sumCupedRatio(negate(mt), dt, negate(mt0), dt0), 0.5),
  );
  close(flipped.estimate, -plain.estimate, 1e-12);
  close(flipped.standardError, plain.standardError, 1e-12);
});

test('[Q1] a quantile has the variance of its order statistics, as the peer has it', () => {
  // growthbook packages/stats/tests/bayesian/test_tests.py, TestEffectBayesianABTest
  const c: ArmSums = {
    type: 'quantile',
    n: 11054,
    n_star: 11054,
    nu: 0.9,
    quantile_hat: 7.157987489967789,
    quantile_lower: 7.098780136176828,
    quantile_upper: 7.217194843758751,
  };
  const t: ArmSums = {
    type: 'quantile',
    n: 10861,
    n_star: 10861,
    nu: 0.9,
    quantile_hat: 7.694499927525767,
    quantile_lower: 7.64180598628119,
    quantile_upper: 7.747193868770344,
  };
  const effect = absoluteEffect(estimateArms(c, t));
  close(effect.estimate, 0.5365124375579775, 1e-12);
  close(effect.estimate - 1.959963984540054 * effect.standardError, 0.4572559589115422, 1e-9);
});

test('[Q2] a quantile of too few or tied observations is refused', () => {
  const few: ArmSums = {
    type: 'quantile',
    n: 30,
    n_star: 30,
    nu: 0.9,
    quantile_hat: 5,
    quantile_lower: 4,
    quantile_upper: 6,
  };
  expect(() => estimateArm(few)).toThrow('too few');
  expect(() => estimateArm({ ...few, n: 500, n_star: 500, quantile_lower: 5, quantile_upper: 5 })).toThrow('coincide');
});

test('[Q3] clusters of one observation each leave a quantile as it is', () => {
  const plain: ArmSums = {
    type: 'quantile',
    n: 1000,
    n_star: 1000,
    nu: 0.5,
    quantile_hat: 5,
    quantile_lower: 4.9,
    quantile_upper: 5.1,
  };
  const clustered = estimateQuantile({
    ...plain,
    type: 'quantile_clustered',
    main_sum: 500,
    main_sum_squares: 500,
    denominator_sum: 1000,
    denominator_sum_squares: 1000,
    main_denominator_sum_product: 500,
    n_clusters: 1000,
  });
  expect(Math.abs(clustered.variance / estimateArm(plain).variance - 1)).toBeLessThan(2e-3);
});

test('[Q4] the interval of a quantile covers, and a covariate makes it narrower', () => {
  const normal = normalSampler(seededRandom(12));
  let covered = 0;
  const runs = 300;
  let narrower = 0;
  for (let run = 0; run < runs; run++) {
    const draw = () => {
      const x = Float64Array.from({ length: 400 }, normal);
      const y = x.map((value) => 0.8 * value + 0.6 * normal());
      return { x, y, sums: quantileSums(y.slice().sort(), 0.5) };
    };
    const [a, b] = [draw(), draw()];
    const pair = estimateCupedQuantiles(linkCovariate(a.y, a.x, a.sums), linkCovariate(b.y, b.x, b.sums));
    const adjusted = fixedHorizon(absoluteEffect(pair));
    const plain = fixedHorizon(absoluteEffect(estimateArms(a.sums, b.sums)));
    if (adjusted.interval[0] <= 0 && adjusted.interval[1] >= 0) covered += 1;
    if (adjusted.standardError < plain.standardError) narrower += 1;
  }
  expect(covered / runs).toBeGreaterThan(0.91);
  expect(narrower / runs).toBeGreaterThan(0.95);
});

test('[Q5] ranks stay inside the sample', () => {
  expect(quantileRanks(10, 0.95)).toEqual({ lower: 8, hat: 10, upper: 10 });
});
