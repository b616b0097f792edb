import type { ModelCallRecord } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { createMeters, laneOf, unionMs } from './meters.ts';

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

const served = (stream: boolean, cached: readonly boolean[], status: 'ok' | 'error' = 'ok') => ({
  ...{ stream, status },
  calls: cached.map((each) => ({ cached: each }) as ModelCallRecord),
});

test.each([
  ['none', []],
  ['plain', [served(false, [false])]],
  ['stream', [served(true, [false])]],
  ['cached', [served(true, [true])]],
  ['stream', [served(true, [true, false])]],
  ['failed', [served(true, [false]), served(true, [true], 'error')]],
] as const)('lane %s', (lane, runs) => {
  expect(laneOf(runs)).toBe(lane);
});

test('two nodes in one process do not share a registry', () => {
  expect(() => [createMeters(), createMeters()]).not.toThrow();
});
