import { expect, test } from 'vitest';
import { sampleRatioPValue } from '../health/sample-ratio.ts';
import { assignVariant, inNamespace } from './assign-variant.ts';
import { bucketRanges, chooseVariation } from './bucket-ranges.ts';
import { fnv1a32, hashUnit } from './hash-unit.ts';

// growthbook packages/sdk-js/test/cases.json
test.each([
  ['', 'a', 1, 0.22],
  ['', '123', 1, 0.011],
  ['seed', 'a', 2, 0.0505],
  ['seed', 'b', 2, 0.2696],
  ['foo', 'def', 2, 0.2019],
  ['()**(%$##$%#$#', '___)((*":&', 2, 0.0128],
  ['abc', 'def', 99, null],
])('[G1] the public hash of seed "%s" and unit "%s", version %d, is %d', (seed, unit, version, want) => {
  expect(hashUnit(seed as string, unit as string, version as number)).toBe(want);
});

test('[G1] FNV-1a meets its published test values', () => {
  expect(fnv1a32('')).toBe(0x811c9dc5);
  expect(fnv1a32('foobar')).toBe(0xbf9cf968);
});

test('[G2] ranges follow weights and coverage; impossible weights become equal ones', () => {
  const near = (got: readonly (readonly [number, number])[], want: number[][]) =>
    want.forEach((range, i) => {
      range.forEach((end, j) => {
        expect(got[i]?.[j]).toBeCloseTo(end, 9);
      });
    });
  near(bucketRanges(3, 0.2, [0.2, 0.3, 0.5]), [
    [0, 0.04],
    [0.2, 0.26],
    [0.5, 0.6],
  ]);
  near(bucketRanges(2, -0.2), [
    [0, 0],
    [0.5, 0.5],
  ]);
  near(bucketRanges(2, 1, [0.7, 0.6]), [
    [0, 0.5],
    [0.5, 1],
  ]);
  near(bucketRanges(4, 1, [0.4, 0.4, 0.2]), [
    [0, 0.25],
    [0.25, 0.5],
    [0.5, 0.75],
    [0.75, 1],
  ]);
  near(bucketRanges(2, 1, [0.4, 0.5999]), [
    [0, 0.4],
    [0.4, 0.9999],
  ]);
});

test('[G3] a position belongs to the range that starts at it, and to none outside', () => {
  expect(
    chooseVariation(0.5, [
      [0, 0.5],
      [0.5, 1],
    ]),
  ).toBe(1);
  expect(
    chooseVariation(0.5, [
      [0, 0.5],
      [0.5, 0.5],
      [0.5, 1],
    ]),
  ).toBe(2);
  expect(
    chooseVariation(0.25, [
      [0, 0.25],
      [0.5, 0.75],
    ]),
  ).toBe(-1);
});

const rule = { seed: 'exp-7', variants: ['control', 'treatment'] };
const units = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);

test('[G4] assignment is sticky, balanced, and raising coverage moves nobody', () => {
  const counts = { control: 0, treatment: 0 };
  for (const unit of units) {
    const variant = assignVariant(rule, unit) as 'control' | 'treatment';
    counts[variant] += 1;
    const small = assignVariant({ ...rule, coverage: 0.3 }, unit);
    if (small !== null) expect(small).toBe(variant);
  }
  expect(sampleRatioPValue([counts.control, counts.treatment], [1, 1])).toBeGreaterThan(0.001);
  expect(assignVariant(rule, '')).toBeNull();
});

// growthbook packages/sdk-js/test/cases.json, inNamespace
test('[G5] a namespace is read as the public SDKs read it', () => {
  for (const id of ['namespace1', 'namespace2']) {
    expect(inNamespace('1', { id, from: 0, to: 0.4 })).toBe(false);
    expect(inNamespace('1', { id, from: 0.4, to: 1 })).toBe(true);
  }
});

test('[G5] experiments in disjoint slices of a namespace never share a unit', () => {
  const a = { id: 'pricing', from: 0, to: 0.4 };
  const b = { id: 'pricing', from: 0.4, to: 1 };
  const inA = units.filter((unit) => inNamespace(unit, a)).length;
  expect(units.filter((unit) => inNamespace(unit, a) && inNamespace(unit, b))).toEqual([]);
  expect(Math.abs(inA / units.length - 0.4)).toBeLessThan(0.02);
  expect(units.some((unit) => !inNamespace(unit, a) && assignVariant({ ...rule, namespace: a }, unit) !== null)).toBe(
    false,
  );
});
