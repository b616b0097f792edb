import { expect, test } from 'vitest';
import { fiellerContains } from '../compare/fieller.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { addUnit, createMoments } from '../stream/moments.ts';
import { differenceInDifferences, type PanelUnit } from './difference-in-differences.ts';
import { encouragementEffect } from './encouragement.ts';
import { inWashout, type SwitchbackBlock, switchbackEffect, switchbackVariant } from './switchback.ts';

const random = seededRandom(101);
const normal = normalSampler(random);

test('[W1] an offer taken up by 30 % shows its effect on users, and the Fieller set covers it', () => {
  let covered = 0;
  const runs = 300;
  for (let run = 0; run < runs; run++) {
    const arms = [createMoments(2), createMoments(2)] as const;
    for (let i = 0; i < 600; i++) {
      const eager = normal();
      const used = i % 2 === 1 && eager > 0.52 ? 1 : 0;
      // the eager would do better anyway: comparing users with others would mislead
      addUnit(arms[i % 2 === 1 ? 1 : 0], [eager + normal() + 2 * used, used]);
    }
    const result = encouragementEffect(arms[0], arms[1]);
    if (fiellerContains(result.effectOnUsersSet, 2)) covered += 1;
  }
  expect(covered / runs).toBeGreaterThan(0.915);
  expect(covered / runs).toBeLessThanOrEqual(0.985);
});

test('[W2] an offer that nobody takes leaves the effect on users unknown', () => {
  const arms = [createMoments(2), createMoments(2)] as const;
  for (let i = 0; i < 200; i++) addUnit(arms[i % 2 === 1 ? 1 : 0], [normal(), random() < 0.2 ? 1 : 0]);
  const result = encouragementEffect(arms[0], arms[1], { tuning: 5000 });
  expect(result.effectOnUsersSet.kind).not.toBe('interval');
});

test('[W3] switchback blocks come in pairs of both variants, in an order that only the seed decides', () => {
  const order = Array.from({ length: 200 }, (_, block) => switchbackVariant('s', block));
  for (let i = 0; i < 200; i += 2) expect(order[i]).not.toBe(order[i + 1]);
  expect(Array.from({ length: 200 }, (_, block) => switchbackVariant('s', block))).toEqual(order);
  const first = order.filter((_, i) => i % 2 === 0).filter((variant) => variant === 'control').length;
  expect(first).toBeGreaterThan(30);
  expect(first).toBeLessThan(70);
  expect(inWashout(3_700_000, 0, 3_600_000, 300_000)).toBe(true);
  expect(inWashout(4_000_000, 0, 3_600_000, 300_000)).toBe(false);
});

test('[W4] with shared noise inside blocks, errors counted in blocks hold their level where errors by event would not', () => {
  let rejected = 0;
  let naive = 0;
  const runs = 300;
  for (let run = 0; run < runs; run++) {
    const blocks: SwitchbackBlock[] = Array.from({ length: 40 }, (_, b) => {
      const level = 10 + normal();
      const count = 80 + Math.floor(40 * random());
      return { variant: switchbackVariant(`r${run}`, b), sum: count * level + Math.sqrt(count) * normal(), count };
    });
    const test = switchbackEffect(blocks);
    if (test.pValue < 0.05) rejected += 1;
    if (Math.abs(test.estimate) > 1.96 * Math.sqrt(2 / (20 * 100))) naive += 1;
  }
  expect(rejected / runs).toBeLessThan(0.09);
  expect(naive / runs).toBeGreaterThan(0.4);
  expect(() => switchbackEffect([{ variant: 'control', sum: 1, count: 1 }])).toThrow('blocks');
});

/** A panel whose treated units start higher and, if asked, drift apart already before the change. */
function panel(effect: number, drift: number): PanelUnit[] {
  return Array.from({ length: 400 }, (_, i) => {
    const treated = i % 2 === 0;
    const own = normal() + (treated ? 3 : 0);
    return {
      treated,
      outcomes: Array.from(
        { length: 8 },
        (_, p) => own + 0.2 * p + (treated ? drift * p + (p >= 5 ? effect : 0) : 0) + 0.5 * normal(),
      ),
    };
  });
}

test('[W5] difference in differences finds the effect under parallel trends, and is labelled observational', () => {
  const result = differenceInDifferences(panel(0.4, 0), 5);
  expect(result.label).toBe('observational');
  expect(result.effect.interval[0]).toBeLessThan(0.4);
  expect(result.effect.interval[1]).toBeGreaterThan(0.4);
  expect(result.effect.interval[0]).toBeGreaterThan(0);
  expect(result.placebos).toHaveLength(4);
});

test('[W6] trends that part before the change fail the placebo tests', () => {
  expect(differenceInDifferences(panel(0, 0.3), 5).placeboFailed).toBe(true);
  let failed = 0;
  for (let run = 0; run < 60; run++) if (differenceInDifferences(panel(0, 0), 5).placeboFailed) failed += 1;
  expect(failed / 60).toBeLessThan(0.15);
  expect(() => differenceInDifferences(panel(0, 0), 8)).toThrow('same periods');
});
