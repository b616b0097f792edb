import { hashUnit } from '@myriad/lift';
import { expect, test } from 'vitest';
import { assignUnit, experimentKey } from './assign-unit.ts';

const shape = (holdoutRatio: number, name = 'desk') =>
  ({ name, kpi: { metric: 'm', experiment: { holdoutRatio } } }) as unknown as Parameters<typeof assignUnit>[0];

test('[A1] the hash is the public v2 one (cases of the GrowthBook SDKs)', () => {
  // growthbook/growthbook, packages/sdk-js/test/cases.json, group "hash", version 2.
  expect(hashUnit('foo', 'def')).toBe(0.2019);
  expect(hashUnit('seed', 'b')).toBe(0.2696);
  expect(hashUnit('seed', 'a')).toBe(0.0505);
});

test('[A1] a tenth of many units is held out, within chance, and experiments are independent', () => {
  const units = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
  const held = (name: string) => units.filter((unit) => assignUnit(shape(0.1, name), unit).variant === 'holdout');
  const first = held('desk');
  // 5 standard deviations of a binomial count: √(20,000 × 0.1 × 0.9) = 42.4.
  expect(Math.abs(first.length - 2_000)).toBeLessThan(212);
  const second = new Set(held('other'));
  const both = first.filter((unit) => second.has(unit)).length;
  expect(Math.abs(both - 200)).toBeLessThan(5 * Math.sqrt(200));
});

test('[A1] a unit keeps its variant, and a larger holdout only adds units to it', () => {
  for (let index = 0; index < 2_000; index += 1) {
    const unit = `u${index}`;
    const small = assignUnit(shape(0.1), unit).variant;
    expect(assignUnit(shape(0.1), unit).variant).toBe(small);
    if (small === 'holdout') expect(assignUnit(shape(0.2), unit).variant).toBe('holdout');
  }
});

test('[A4] no experiment and no unit say so', () => {
  const plain = { name: 'desk', kpi: null };
  expect(experimentKey(plain)).toBeNull();
  expect(assignUnit(plain, 'u')).toEqual({
    experiment: null,
    variant: 'treatment',
    reason: 'no_experiment',
    unit: 'u',
  });
  for (const unit of [null, '']) {
    expect(assignUnit(shape(0.1), unit)).toEqual({
      experiment: null,
      variant: 'treatment',
      reason: 'no_unit',
      unit: null,
    });
  }
  expect(assignUnit(shape(1), 'u').variant).toBe('holdout');
  expect(assignUnit(shape(0), 'u').variant).toBe('treatment');
});
