import type { SpendRow } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { spendByDay, spendByGroup, totalSpend } from './sum-spend.ts';

const day = 86_400_000;
const row = (time: number, group: string, costMicros: number, currency = 'CNY'): SpendRow => ({
  time,
  group,
  currency,
  costMicros,
  runs: 2,
  inputTokens: 10,
  outputTokens: 5,
  unpricedRuns: 1,
});

test('currencies are never added together', () => {
  const rows = [row(0, 'a', 100), row(0, 'a', 900, 'USD')];
  expect(totalSpend(rows, 'CNY').costMicros).toBe(100);
  expect(spendByGroup(rows)).toHaveLength(2);
});

test('groups add up over days, the dearest first', () => {
  const sums = spendByGroup([row(0, 'a', 100), row(day, 'b', 500), row(day, 'a', 50)]);
  expect(sums.map(({ group, costMicros, runs }) => [group, costMicros, runs])).toEqual([
    ['b', 500, 2],
    ['a', 150, 4],
  ]);
});

test('a day without a run is a day of zero, not a missing one', () => {
  expect(
    spendByDay([row(0, 'a', 7), row(2 * day, 'a', 9)], 'CNY', 0, 2 * day + 5).map(({ costMicros }) => costMicros),
  ).toEqual([7, 0, 9]);
});
