import { expect, test } from 'vitest';
import { asymptoticSequence } from '../compare/asymptotic-sequence.ts';
import type { Effect } from '../compare/effect.ts';
import { seededRandom } from '../numerics/random.ts';
import { aaHealth } from './aa-test.ts';
import { contamination } from './contamination.ts';
import { guardrail } from './guardrail.ts';
import {
  advanceSampleRatio,
  logDirichletSequence,
  logMultinomialSequence,
  type SequentialSampleRatio,
  sampleRatioPValue,
} from './sample-ratio.ts';

test('[K1] the χ² of a sample ratio meets the peer, arms of weight 0 left out', () => {
  // growthbook packages/back-end/test/stats.test.ts
  expect(sampleRatioPValue([1000, 1200], [0.5, 0.5])).toBeCloseTo(2.0079e-5, 8);
  expect(sampleRatioPValue([310, 98], [0.75, 0.25])).toBeCloseTo(0.647434186, 8);
  expect(sampleRatioPValue([0, 10, 10], [0.34, 0.33, 0.33])).toBeCloseTo(0.005790624, 8);
  expect(sampleRatioPValue([1000, 1200, 900], [0.5, 0.5, 0])).toBeCloseTo(2.0079e-5, 8);
  expect(sampleRatioPValue([0, 0], [0.5, 0.5])).toBe(1);
  expect(() => sampleRatioPValue([1], [0.5, 0.5])).toThrow('weights');
});

test('[K2] the sequential marginals meet the reference after every unit', () => {
  // optimizely/ssrm ssrm_test/test_ssrm_test.py, test_sequential_posteriors
  expect(logDirichletSequence([2, 2, 1], [1, 1, 1])).toBeCloseTo(-6.4457198193855785, 12);
  expect(logMultinomialSequence([2, 2, 1], [0.4, 0.4, 0.2])).toBeCloseTo(-5.27460083993072, 12);
});

test('[K3] looked at after every hundred units, a sound split alarms in at most 5 % of runs and a broken one soon', () => {
  const random = seededRandom(3);
  const alarmAt = (share: number) => {
    let state: SequentialSampleRatio | null = null;
    for (let look = 1; look <= 100; look++) {
      let first = 0;
      for (let i = 0; i < 100; i++) if (random() < share) first += 1;
      const next = advanceSampleRatio(state, [first, 100 - first], [0.5, 0.5]);
      state = next.state;
      if (next.pValue < 0.05) return look;
    }
    return null;
  };
  const sound = Array.from({ length: 300 }, () => alarmAt(0.5)).filter((look) => look !== null).length;
  expect(sound / 300).toBeLessThanOrEqual(0.05);
  const broken = Array.from({ length: 20 }, () => alarmAt(0.56));
  expect(broken.every((look) => look !== null && look < 60)).toBe(true);
});

test('[K4] contamination is the share delivered otherwise than assigned, and blocks above its limit', () => {
  const clean = contamination([
    [990, 10],
    [0, 1000],
  ]);
  expect(clean.shareRatio).toBeCloseTo(0.005, 12);
  expect(clean.blocks).toBe(false);
  const dirty = contamination([
    [900, 100],
    [50, 950],
  ]);
  expect(dirty.byVariant).toEqual([0.1, 0.05]);
  expect(dirty.dilution).toBeCloseTo(0.85, 12);
  expect(dirty.blocks).toBe(true);
  expect(() => contamination([[1, 2]])).toThrow('square');
});

test('[K5] the A/A fails only when alarms come far more often than their level explains', () => {
  const alarms = (count: number) => Array.from({ length: 200 }, (_, i) => (i < count ? 0.01 : 0.5));
  expect(aaHealth(alarms(10))).toMatchObject({ alarms: 10, errorRatio: 0.05, failed: false });
  expect(aaHealth(alarms(18)).failed).toBe(false);
  expect(aaHealth(alarms(25)).failed).toBe(true);
  expect(aaHealth([]).failed).toBe(false);
});

test('[K6] a guardrail trips for sure harm beyond its margin, in either direction of the KPI', () => {
  const effect: Effect = { difference: 'absolute', estimate: -0.2, standardError: 0.03, degrees: 4000, n: 5000 };
  expect(guardrail(effect, 'increase').tripped).toBe(true);
  expect(guardrail(effect, 'decrease').tripped).toBe(false);
  expect(guardrail(effect, 'increase', { margin: 0.15 }).tripped).toBe(false);
  const bound = asymptoticSequence(effect, { sides: 'lesser' }).interval[1];
  expect(guardrail(effect, 'increase').sureHarm).toBeCloseTo(-bound, 12);
  expect(guardrail({ ...effect, estimate: 0.2 }, 'decrease').pValue).toBeLessThan(0.05);
});
