import { expect, test } from 'vitest';
import { OUTCOME_SHAPES } from './outcome-shapes.ts';
import { simulateLooks, upperRate } from './simulate-looks.ts';

test.each(OUTCOME_SHAPES)(
  '[Z1] looked at 200 times, %s keeps its error without an effect and its coverage with one',
  (shape) => {
    for (const lift of [0, 0.1]) {
      const outcome = simulateLooks({ shape, lift, runs: 300, looks: 200, unitsPerLook: 15, seed: 7 });
      expect(outcome.absolute).toBeLessThanOrEqual(0.05);
      expect(outcome.relative).toBeLessThanOrEqual(0.05);
      expect(outcome.naive).toBeGreaterThan(0.15);
    }
  },
);

test('[Z2] the delta method inside a sequence breaks its promise for rare conversions: why lifts are Fieller sets', () => {
  const outcome = simulateLooks({ shape: 'conversion 1 %', lift: 0, runs: 300, looks: 200, unitsPerLook: 25, seed: 5 });
  expect(outcome.deltaRelative).toBeGreaterThan(0.09);
  expect(outcome.relative).toBeLessThanOrEqual(0.05);
});

test('[Z3] the upper limit of a rate lies above it and shrinks with runs', () => {
  expect(upperRate(0.05, 10_000)).toBeGreaterThan(0.05);
  expect(upperRate(0.05, 10_000)).toBeLessThan(0.054);
  expect(upperRate(0, 100)).toBeGreaterThan(0.02);
});
