import { expect, test } from 'vitest';
import { createMeters, unionMs } from './meters.ts';

const call = (startedAt: number, totalMs: number, cached = false) => ({ startedAt, totalMs, cached });

test.each([
  ['no call', [], 0],
  ['one after the other', [call(0, 10), call(20, 5)], 15],
  ['hedged: the overlap counts once', [call(0, 10), call(4, 10)], 14],
  ['one inside another', [call(0, 100), call(10, 5)], 100],
  ['given out of order', [call(20, 5), call(0, 10)], 15],
  ['a cache hit was at no model server', [call(0, 10), call(50, 7, true)], 10],
])('time at model servers: %s', (_, calls, expected) => {
  expect(unionMs(calls)).toBe(expected);
});

test('two nodes in one process do not share a registry', () => {
  expect(() => [createMeters(), createMeters()]).not.toThrow();
});
