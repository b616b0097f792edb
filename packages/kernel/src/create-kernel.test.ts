import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from './testbed/kernel-bench.ts';
import { answer, endpointOf, usageOf } from './testbed/scripted-endpoint.ts';

const budget = {
  scope: 'app:app_one',
  limitMicros: 100_000,
  currency: 'USD',
  period: 'day',
  onExceed: 'refuse',
} as const;

test('[K1] a run holds, answers, settles once and leaves exact books', async () => {
  const bench = createKernelBench([
    { endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['Hello ', 'there'], usageOf(12, 5)) },
  ]);
  const run = await bench.begin({ budgets: [budget] });
  const events = await collect(run.chat(callOf({ request: ask('hello', { maxOutputTokens: 100 }) })));
  expect(textOf(events)).toBe('Hello there');
  expect(events[0]?.type).toBe('start');
  const record = await run.settle({ status: 'ok', errorCode: null, steps: [] });
  expect(record.usage).toEqual(usageOf(12, 5));
  expect(record.costMicros).toBe(12 + 5 * 4);
  expect(bench.ledger.holds.size).toBe(0);
  expect(bench.ledger.settlements[0]?.charges).toEqual([
    { scope: 'app:app_one', periodStart: Date.UTC(2026, 0, 4, 16), currency: 'USD', micros: 32 },
  ]);
  expect(await run.settle({ status: 'error', errorCode: 'internal', steps: [] })).toBe(record);
  expect(bench.ledger.settlements).toHaveLength(1);
  expect(bench.kernel.inFlight).toBe(0);
});
