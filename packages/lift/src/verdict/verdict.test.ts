import { expect, test } from 'vitest';
import { simulateShares } from '../simulation/simulate-shares.ts';
import { DAILY_STEP, fitShares, nextShare, type ShareInput } from './next-share.ts';
import { valueOfLift } from './value-of-lift.ts';
import { orient, type VerdictInput, verdict } from './verdict.ts';
import { VERDICT_SENTENCES, type VerdictReason, verdictSentence } from './verdict-sentences.ts';

const value = (net: readonly [number, number], spentMicros = 1_000_000) => ({
  ...valueOfLift({ difference: 0, interval: [0, 0], moneyMicros: 1, exposedUnits: 1, spentMicros }),
  netIntervalMicros: net,
});

const input: VerdictInput = {
  difference: 0.05,
  interval: [0.01, 0.09],
  units: 5000,
  selected: true,
  value: value([100, 900]),
  smallestThatMatters: 0.02,
  variance: 1,
  unitsPerDay: 500,
};

test.each<[string, Partial<VerdictInput>, string, VerdictReason]>([
  ['a proven gain that pays even at its lower end grows', {}, 'Grow', 'pays'],
  ['a proven gain not selected among all apps is kept', { selected: false }, 'Keep', 'works_not_among_many'],
  ['a proven gain whose value is open is kept', { value: value([-5, 900]) }, 'Keep', 'works_value_unknown'],
  ['a proven gain that can never pay is reviewed', { value: value([-900, -5]) }, 'Review', 'works_costs_more'],
  ['a proven harm is retired', { interval: [-0.09, -0.01] }, 'Retire', 'harms'],
  [
    'an app that cannot pay at best is retired',
    { interval: [-0.01, 0.09], value: value([-9, -1]) },
    'Retire',
    'cannot_pay',
  ],
  ['an effect too small to matter is kept', { interval: [-0.01, 0.015] }, 'Keep', 'no_difference_that_matters'],
  ['an open interval is too early', { interval: [-0.5, 0.5], value: value([-9, 9]) }, 'Too early', 'not_yet_clear'],
  ['few units are too early whatever they show', { units: 50 }, 'Too early', 'too_few_units'],
  ['a tripped guardrail comes before a gain', { guardrailTripped: 'complaints' }, 'Review', 'guardrail_harmed'],
])('[D1] %s', (_, change, name, reason) => {
  const result = verdict({ ...input, ...change });
  expect([result.verdict, result.reason, result.blocked]).toEqual([name, reason, false]);
});

test('[D2] broken measurement blocks: sample ratio before contamination before a failed A/A', () => {
  const all = {
    ...input,
    sampleRatioPValue: 1e-6,
    contamination: { shareRatio: 0.2, blocks: true },
    aaTest: { errorRatio: 0.3, failed: true },
  };
  expect(verdict(all)).toMatchObject({ verdict: 'Review', reason: 'sample_ratio_mismatch', blocked: true });
  expect(verdict({ ...all, sampleRatioPValue: 0.4 })).toMatchObject({ reason: 'contaminated', blocked: true });
  expect(verdict({ ...input, aaTest: all.aaTest })).toMatchObject({ reason: 'aa_failed', blocked: true });
});

test('[D3] "too early" says how many days are left', () => {
  const result = verdict({ ...input, interval: [-0.5, 0.5], value: value([-9, 9]) });
  expect(result.daysToVerdict).toBeGreaterThan(1);
  expect(verdictSentence(result.reason, result.facts)).toContain(`about ${Math.ceil(result.daysToVerdict)} more days`);
});

test('[D4] every reason has a sentence in English and Chinese whose every placeholder is a fact', () => {
  const { facts } = verdict(input);
  for (const reason of Object.keys(VERDICT_SENTENCES) as VerdictReason[]) {
    for (const language of ['en', 'zh'] as const) {
      for (const [, key] of VERDICT_SENTENCES[reason][language].matchAll(/\{(\w+)\}/g))
        expect(facts).toHaveProperty(key as string);
      expect(verdictSentence(reason, facts, language)).not.toContain('{');
    }
  }
});

test('[D5] a KPI for which less is better is turned round, interval and all', () => {
  expect(orient(-0.2, [-0.3, -0.1], 'decrease')).toEqual({ difference: 0.2, interval: [0.1, 0.3] });
});

test('[D6] value is difference × money × exposed units − cost, its interval in order for negative money too', () => {
  const result = valueOfLift({
    difference: 0.5,
    interval: [0.1, 0.9],
    moneyMicros: 2_000_000,
    exposedUnits: 100,
    spentMicros: 40_000_000,
    tokens: 500_000,
  });
  expect(result.earnedMicros).toBe(100_000_000);
  expect(result.netMicros).toBe(60_000_000);
  expect(result.netIntervalMicros).toEqual([-20_000_000, 140_000_000]);
  expect(result.netMicrosPerThousandTokens).toBe(120_000);
  expect(result.earnedPerSpent).toBe(2.5);
  const costs = valueOfLift({
    difference: 0.5,
    interval: [0.1, Number.POSITIVE_INFINITY],
    moneyMicros: -1,
    exposedUnits: 10,
    spentMicros: 0,
  });
  expect(costs.earnedIntervalMicros).toEqual([Number.NEGATIVE_INFINITY, -1]);
  expect(costs.earnedPerSpent).toBeNull();
});

const share: ShareInput = {
  current: 0.1,
  base: 0.1,
  floor: 0.01,
  enabled: true,
  lower: -1,
  upper: 1,
  selected: false,
  guardrailTripped: false,
  blocked: false,
};

test('[D7] a share rises only with both gates, by at most a quarter a day', () => {
  expect(nextShare({ ...share, lower: 0.1, selected: true })).toEqual({
    share: 0.1 * (1 + DAILY_STEP),
    because: 'proven_gain',
  });
  expect(nextShare({ ...share, lower: 0.1 }).share).toBe(0.1);
  expect(nextShare({ ...share, selected: true }).share).toBe(0.1);
  expect(nextShare({ ...share, lower: 0.1, selected: true, blocked: true }).share).toBe(0.1);
  expect(nextShare({ ...share, lower: 0.1, selected: true, observational: true }).share).toBe(0.1);
  expect(nextShare({ ...share, lower: 0.1, selected: true, guardrailTripped: true }).share).toBeCloseTo(0.075, 12);
});

test('[D8] a share falls for proven harm, to its floor and never to 0 while enabled, and returns when doubt returns', () => {
  let now = share.current;
  for (let day = 0; day < 30; day++) now = nextShare({ ...share, current: now, upper: -0.1 }).share;
  expect(now).toBe(share.floor);
  for (let day = 0; day < 30; day++) now = nextShare({ ...share, current: now }).share;
  expect(now).toBe(share.base);
  expect(nextShare({ ...share, enabled: false }).share).toBe(0);
});

test('[D9] over-promised capacity is taken from what stands above base; a tenth stays for exploration', () => {
  const fitted = fitShares([0.6, 0.3, 0.3], [0.3, 0.3, 0.3], [false, true, true]);
  expect(fitted.shares[0]).toBeCloseTo(0.3, 12);
  expect(fitted.shares[1]).toBe(0.3);
  expect(fitted.explorationEach).toBeCloseTo(0.05, 12);
  expect(fitShares([0.5, 0.5], [0.5, 0.5], [false, false]).shares.reduce((sum, s) => sum + s, 0)).toBeCloseTo(0.9, 12);
});

test('[D10] in at least 95 % of simulated runs no app without effect gains share, and good apps do', () => {
  const result = simulateShares({
    runs: 60,
    apps: 100,
    days: 40,
    unitsPerDay: 150,
    effect: 0.1,
    good: 10,
    bad: 5,
    seed: 12,
  });
  expect(result.runsWithoutNullGain).toBeGreaterThanOrEqual(0.95);
  expect(result.goodAppsRaised).toBeGreaterThan(0.7);
  expect(result.badAppsLowered).toBeGreaterThan(0.7);
});
