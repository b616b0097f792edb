import type { FinishReason, ModelEvent, RunSpec } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from '../testbed/kernel-bench.ts';
import { endpointOf, usageOf } from '../testbed/scripted-endpoint.ts';
import { createExactCache } from './exact-cache.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const cache = { exact: true, ttlMs: 60_000 };

function counting(reason: FinishReason = 'stop') {
  return {
    endpoint: endpointOf({ id: 'm1' }),
    async *chat(_: unknown, __: unknown, call: number): AsyncGenerator<ModelEvent> {
      yield { type: 'start', model: 'm1' };
      yield { type: 'text', choice: 0, text: `answer ${call}` };
      yield { type: 'finish', choice: 0, reason };
      yield { type: 'usage', usage: usageOf(10, 5), provisional: false };
    },
  };
}

async function serve(bench: ReturnType<typeof createKernelBench>, overrides: Partial<RunSpec> = {}, text = 'hello') {
  const run = await bench.begin({ cache, ...overrides });
  const events = await collect(run.chat(callOf({ request: ask(text) })));
  return { text: textOf(events), events, record: await run.settle(ok) };
}

test('[K50] the same request is answered again word for word, as a run of its own that costs nothing', async () => {
  const bench = createKernelBench([counting()]);
  const first = await serve(bench);
  const second = await serve(bench);
  expect(second.events).toEqual(first.events);
  expect(bench.source.requests).toHaveLength(1);
  expect(second.record).toMatchObject({ costMicros: 0, model: 'test/m1', status: 'ok' });
  expect(second.record.calls[0]).toMatchObject({ cached: true, usage: usageOf(0, 0) });
  expect(bench.ledger.records.size).toBe(2);
});

test('[K51] a hit is billed at its own price where one is set', async () => {
  const bench = createKernelBench([counting()], { cache: { hitPriceRatio: 0.1 } });
  const budgets = [{ scope: 'b', limitMicros: 1_000_000, currency: 'USD', period: 'day', onExceed: 'refuse' }] as const;
  await serve(bench, { budgets });
  const { record } = await serve(bench, { budgets });
  expect(record.costMicros).toBe(3);
  expect(bench.ledger.settlements[1]?.charges[0]?.micros).toBe(3);
});

test('[K52] tenants, apps, versions and variants never see each other’s answers', async () => {
  const bench = createKernelBench([counting()]);
  const assignment = { experiment: 'e', variant: 'control', reason: 'experiment', unit: 'u' } as const;
  const others: Partial<RunSpec>[] = [
    {},
    { tenant: 'other' },
    { appId: 'app_two' },
    { version: 'v2' },
    { assignment },
    { delivered: 'control' },
  ];
  const texts = [];
  for (const overrides of others) texts.push((await serve(bench, overrides)).text);
  expect(new Set(texts).size).toBe(others.length);
  expect((await serve(bench, {}, 'other words')).text).not.toBe(texts[0]);
  for (const [at, overrides] of others.entries()) expect((await serve(bench, overrides)).text).toBe(texts[at]);
});

test('[K53] cut, filtered, failed, "not found" and aborted answers are not given again', async () => {
  for (const reason of ['length', 'contentFilter', 'error', 'notFound'] as const) {
    const bench = createKernelBench([counting(reason)]);
    await serve(bench);
    expect((await serve(bench)).text).toBe('answer 2');
  }
  const bench = createKernelBench([counting()]);
  const run = await bench.begin({ cache });
  for await (const event of run.chat(callOf())) if (event.type === 'text') break;
  await run.settle(ok);
  expect((await serve(bench)).text).toBe('answer 2');
  const off = createKernelBench([counting()]);
  await serve(off, { cache: { exact: false, ttlMs: 60_000 } });
  expect((await serve(off)).text).toBe('answer 2');
});

test('[K53] an answer with tool calls is whole', async () => {
  const bench = createKernelBench([counting('toolCalls')]);
  await serve(bench);
  expect((await serve(bench)).text).toBe('answer 1');
});

test('[K54] answers go after their time, and memory stays within its bound, oldest use first', async () => {
  const bench = createKernelBench([counting()]);
  await serve(bench);
  await bench.clock.advance(60_000);
  expect((await serve(bench)).text).toBe('answer 2');

  let now = 0;
  const bounded = createExactCache({ now: () => now }, 100_000);
  const entry = (size: number) => ({
    events: [{ type: 'text', choice: 0, text: 'x'.repeat(size) } as const],
    endpointId: 'e',
    model: 'm',
    generates: true,
    costMicros: 0,
    currency: 'USD',
  });
  for (let key = 0; key < 200; key += 1) {
    bounded.set(`k${key}`, entry(1_000), 10_000);
    bounded.get('k0');
    expect(bounded.sizeBytes).toBeLessThanOrEqual(100_000);
  }
  expect(bounded.get('k0')).not.toBeNull();
  expect(bounded.get('k100')).toBeNull();
  bounded.set('huge', entry(50_000), 10_000);
  expect(bounded.get('huge')).toBeNull();
  now = 10_000;
  expect(bounded.get('k199')).toBeNull();
});

test('[K54] a cached answer that the caller leaves half read changes nothing', async () => {
  const bench = createKernelBench([counting()]);
  await serve(bench);
  const run = await bench.begin({ cache });
  for await (const _ of run.chat(callOf())) break;
  expect((await run.settle(ok)).calls[0]?.cached).toBe(true);
  expect((await serve(bench)).text).toBe('answer 1');
});
