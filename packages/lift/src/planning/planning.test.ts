import { expect, test } from 'vitest';
import { sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import { relativeEffect } from '../compare/effect.ts';
import { estimateArms } from '../metrics/estimate-arms.ts';
import { spendingBounds, spendingLevels } from './alpha-spending.ts';
import { moreSampleNeeded, powerAfter } from './mid-experiment.ts';
import { differenceVariance, minimumDetectableEffect, relativePower } from './power.ts';
import { proportionSampleSizePerArm, sampleSizePerArm } from './sample-size.ts';
import { timeToVerdict } from './time-to-verdict.ts';

const near = (got: number, want: number, tolerance = 1e-5) =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(tolerance);

// growthbook packages/shared/test/power.test.ts
const plan = { mean: 10, variance: 3909.9997749994377, total: 400_000, arms: 3 };

test('[P1] power and minimum detectable effect meet the peer, fixed and sequential', () => {
  near(relativePower(plan, 0.05), 0.52144);
  near(minimumDetectableEffect(plan, 0.8), 0.07027);
  near(minimumDetectableEffect({ ...plan, tuning: 5000 }, 0.8), 0.12821);
  near(differenceVariance({ variance: 2, mean: 7, n: 4 }, { variance: 0.5, mean: 5, n: 15 }, true), 0.00589);
});

test('[P1] a plan with too few units has no detectable effect at all', () => {
  expect(() => minimumDetectableEffect({ mean: 0.01, variance: 100, total: 20, arms: 2 }, 0.8)).toThrow(
    'no effect of any size',
  );
});

test('[P2] at the minimum detectable effect a fixed test has the wanted power', () => {
  near(relativePower(plan, minimumDetectableEffect(plan, 0.8)), 0.8, 2e-3);
});

test('[P3] power by week, sequential, meets the peer', () => {
  const week = { mean: 0.1, variance: 0.5, arms: 3, tuning: 5000 };
  [0.09832, 0.14992, 0.19972].forEach((want, i) => {
    near(relativePower({ ...week, total: 4500 * (i + 1) }, 0.3), want);
  });
});

test('[P4] sample sizes meet G*Power', () => {
  // spotify/confidence tests/samplesize: 39,906 and 897,348 in both arms, to half a percent
  near((2 * sampleSizePerArm({ effect: 0.3, variance: 100, power: 0.85 })) / 39_906, 1, 1e-4);
  near((2 * proportionSampleSizePerArm({ effect: 0.003, p: 0.34, power: 0.85 })) / 897_348, 1, 1e-4);
});

test('[P5] more sample needed in the middle of an experiment meets the peer', () => {
  const effect = relativeEffect(
    estimateArms(
      { type: 'mean', n: 500, sum: 500, sum_squares: 1500 },
      { type: 'mean', n: 500, sum: 525, sum_squares: 1551.25 },
    ),
  );
  const needed = moreSampleNeeded(effect, { target: 0.05, tuning: 5000 });
  near(needed.extraFactor as number, 55.66796875, 1e-9);
  near(powerAfter(effect, needed.extraFactor as number, { target: 0.05, tuning: 5000 }), 0.8, 2e-5);
  expect(moreSampleNeeded(effect, { target: 10 }).extraFactor).toBe(0);
  expect(moreSampleNeeded(effect, { target: 1e-9 }).extraFactor).toBeNull();
});

test('[P5] a very wide prior changes nothing about the power', () => {
  const effect = { difference: 'relative', estimate: 0.02, standardError: 0.02, degrees: 900, n: 1000 } as const;
  const flat = powerAfter(effect, 3, { target: 0.05 });
  near(powerAfter(effect, 3, { target: 0.05, prior: { mean: 0, variance: 1e6 } }), flat, 1e-8);
});

test('[P6] the time to a verdict is the first size with enough power, and never for no traffic', () => {
  const input = { effect: 0.1, variance: 1, unitsPerDay: 500, tuning: 5000 };
  const { units, days } = timeToVerdict(input);
  const enough = (n: number) => 0.1 >= (sequenceMultiplier(n, 0.05, 5000) + 0.8416212335729143) * Math.sqrt(4 / n);
  expect(enough(units)).toBe(true);
  expect(enough(units - 1)).toBe(false);
  expect(days).toBe(units / 500);
  expect(timeToVerdict({ ...input, unitsPerDay: 0 }).days).toBe(Number.POSITIVE_INFINITY);
});

test('[P7] power-family alpha spending meets the peer, and one look spends it all', () => {
  // spotify/confidence tests/frequentist/test_bounds.py, test_seq_bounds_run_over
  const levels = spendingLevels({ times: [250, 450, 630, 810].map((n) => n / 810), alpha: 0.01, sides: 2 });
  [0.00095, 0.00241, 0.0041, 0.00636].forEach((want, i) => {
    near(levels[i] as number, want);
  });
  near(spendingBounds({ times: [1], alpha: 0.05, sides: 2 })[0] as number, 1.959963984540054, 1e-9);
});
