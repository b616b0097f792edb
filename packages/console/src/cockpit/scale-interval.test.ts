import { expect, test } from 'vitest';
import { oriented, placeIn, scaleInterval, spanOf, surenessOf } from './scale-interval.ts';

const bounds = (estimate: number, low: number | null, high: number | null) => ({ estimate, low, high });

test('a fall that is wanted is turned into a gain, ends and all', () => {
  expect(oriented(bounds(-6, -8, -4), 'decrease')).toEqual(bounds(6, 4, 8));
  expect(oriented(bounds(-6, null, -4), 'decrease')).toEqual(bounds(6, 4, null));
});

test('only an interval wholly on one side of zero is sure', () => {
  expect(surenessOf(bounds(-6, -8, -4), 'decrease')).toBe('better');
  expect(surenessOf(bounds(-6, -8, -4), 'increase')).toBe('worse');
  expect(surenessOf(bounds(1, 0, 2), 'increase')).toBe('open');
  expect(surenessOf(bounds(1, null, 2), 'increase')).toBe('open');
});

test('zero is always inside the span, also when every interval lies above it', () => {
  expect(spanOf([bounds(5, 4, 6)])).toEqual({ from: 0, to: 6 });
  expect(spanOf([bounds(-5, -6, -4)])).toEqual({ from: -6, to: 0 });
  expect(spanOf([])).toEqual({ from: -1, to: 1 });
});

test('one wild interval does not squeeze the others, and is marked as going on', () => {
  const wild = bounds(0.1, -40, 50);
  const span = spanOf([bounds(0.2, 0.1, 0.3), wild]);
  expect(span.to).toBeCloseTo(0.6);
  expect(scaleInterval(wild, span, 100)).toMatchObject({ start: 0, end: 100, openStart: true, openEnd: true });
});

test('a mark lies in proportion between the ends of its span', () => {
  expect(scaleInterval(bounds(5, 0, 10), { from: -10, to: 10 }, 200)).toEqual({
    zero: 100,
    dot: 150,
    start: 100,
    end: 200,
    openStart: false,
    openEnd: false,
  });
  expect(placeIn({ from: 0, to: 1 }, 7, 200)).toBe(200);
});
