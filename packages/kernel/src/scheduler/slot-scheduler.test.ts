import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, type ScriptedEndpoint, usageOf } from '../testbed/scripted-endpoint.ts';
import { createVirtualClock, settlePromises } from '../testbed/virtual-clock.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const none = { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null };

/** One slot, each answer takes a second. */
function slowBench(limits = { queuePerApp: 3, queueMs: 60_000 }, concurrency = 1) {
  const clock = createVirtualClock();
  const served: string[] = [];
  const endpoint: ScriptedEndpoint = {
    endpoint: endpointOf({ id: 'm1', concurrency }),
    async *chat(request) {
      const part = request.messages[0]?.content[0];
      served.push(part?.type === 'text' ? part.text : '');
      await clock.sleep(1_000);
      yield* answer(['x'], usageOf(10, 5));
    },
  };
  const bench = createKernelBench([endpoint], { clock, limits });
  const send = async (appId: string, overrides = {}) => {
    const run = await bench.begin({ appId, appName: appId, ...overrides });
    await collect(run.chat(callOf({ request: ask(appId) })));
    await run.settle(ok);
  };
  return { ...bench, send, served };
}

test('[K77] the queue of an app is bounded: the next call gets a 429 with a time to wait, other apps do not', async () => {
  const bench = slowBench();
  const first = bench.send('a');
  await settlePromises();
  const waiting = [bench.send('a'), bench.send('a'), bench.send('a')];
  await settlePromises();
  const refusal = await bench.send('a').catch((error) => error);
  expect(refusal).toMatchObject({ code: 'queue_full', facts: { waiting: 3, queuePerApp: 3 } });
  expect(refusal.retryAfterMs).toBeGreaterThanOrEqual(1_000);
  const other = bench.send('b');
  await bench.clock.advance(10_000);
  await Promise.all([first, ...waiting, other]);
  expect(bench.served.indexOf('b')).toBeLessThanOrEqual(2);
});

test('[K78] a call whose predicted wait passes its deadline is refused at once, and one that fits is queued', async () => {
  const bench = slowBench({ queuePerApp: 100, queueMs: 60_000 });
  const warm = bench.send('a');
  await bench.clock.advance(1_000);
  await warm;
  const waiting = Array.from({ length: 6 }, () => bench.send('a'));
  await settlePromises();
  const late = { limits: { ...none, deadlineMs: 3_000 } };
  const refusal = await bench.send('a', late).catch((error) => error);
  expect(refusal).toMatchObject({ code: 'deadline_exceeded' });
  expect(refusal.retryAfterMs).toBeGreaterThanOrEqual(5_000);
  // Fair order serves another app sooner, so the same deadline is met there.
  const other = bench.send('b', late);
  await bench.clock.advance(10_000);
  await Promise.all([...waiting, other]);
});

test('[K78] a call that waited until its deadline is refused then, and its place is free', async () => {
  const bench = slowBench();
  const first = bench.send('a');
  await settlePromises();
  const second = bench.send('a', { limits: { ...none, deadlineMs: 500 } }).catch((error) => error);
  await bench.clock.advance(500);
  expect(await second).toMatchObject({ code: 'deadline_exceeded' });
  expect(bench.kernel.status()[0]).toMatchObject({ inFlight: 1, queued: 0 });
  await bench.clock.advance(500);
  await first;
});

test('[K79] shares from outside are weights, clamped to a half and four', async () => {
  const bench = slowBench({ queuePerApp: 100, queueMs: 600_000 });
  bench.kernel.setShares(
    new Map([
      ['rich', 50],
      ['poor', 0.001],
      ['odd', Number.NaN],
    ]),
  );
  const all = ['rich', 'poor'].flatMap((app) => Array.from({ length: 60 }, () => bench.send(app)));
  await bench.clock.advance(45_000);
  const rich = bench.served.filter((app) => app === 'rich').length;
  const poor = bench.served.length - rich;
  expect(rich / poor).toBeGreaterThan(6);
  expect(rich / poor).toBeLessThan(10);
  await bench.clock.advance(100_000);
  await Promise.all(all);
});

test('[K87] calls with different needs share an endpoint fairly, and a slot goes to whoever can use it', async () => {
  const clock = createVirtualClock();
  const served: string[] = [];
  const slow = (id: string, capabilities: readonly ('chat' | 'generate' | 'vision')[]): ScriptedEndpoint => ({
    endpoint: endpointOf({ id, capabilities, concurrency: 1 }),
    async *chat() {
      served.push(id);
      await clock.sleep(1_000);
      yield* answer(['x'], usageOf(10, 5));
    },
  });
  const bench = createKernelBench([slow('both', ['chat', 'generate', 'vision']), slow('text', ['chat', 'generate'])], {
    clock,
    limits: { queuePerApp: 100, queueMs: 600_000 },
  });
  const send = async (capabilities: readonly ('chat' | 'vision')[]) => {
    const run = await bench.begin();
    await collect(run.chat(callOf({ need: { capabilities, optimize: 'cost' } })));
    await run.settle(ok);
    return capabilities[0];
  };
  const order: (string | undefined)[] = [];
  const all = Array.from({ length: 40 }, (_, call) =>
    send(call % 2 === 0 ? ['vision'] : ['chat']).then((kind) => order.push(kind)),
  );
  await clock.advance(20_000);
  // Two slots a second and no idle one: both are busy to the end, and vision, which has but one of them, is served all along.
  expect(served.length).toBeGreaterThanOrEqual(38);
  expect(order.slice(0, 20).filter((kind) => kind === 'vision').length).toBeGreaterThanOrEqual(5);
  await clock.advance(30_000);
  await Promise.all(all);
});

test('[K88] status tells what is in flight, queued and learned', async () => {
  const bench = slowBench();
  const calls = [bench.send('a'), bench.send('a'), bench.send('b')];
  await settlePromises();
  expect(bench.kernel.status()).toEqual([
    {
      endpointId: 'm1',
      model: 'test/m1',
      inFlight: 1,
      limit: 1,
      queued: 2,
      circuit: 'closed',
      firstTokenMs: null,
      errorRatio: 0,
    },
  ]);
  await bench.clock.advance(5_000);
  await Promise.all(calls);
  expect(bench.kernel.status()[0]?.firstTokenMs).toBeGreaterThan(900);
});

test('[K71] a tenant’s plan weight is its part of the slots', async () => {
  const clock = createVirtualClock();
  const served: string[] = [];
  const endpoint: ScriptedEndpoint = {
    endpoint: endpointOf({ id: 'm1', concurrency: 1 }),
    async *chat(request) {
      const part = request.messages[0]?.content[0];
      served.push(part?.type === 'text' ? part.text : '');
      await clock.sleep(1_000);
      yield* answer(['x'], usageOf(10, 5));
    },
  };
  const bench = createKernelBench([endpoint], {
    clock,
    limits: { queuePerApp: 100, queueMs: 600_000 },
    tenantWeight: (tenant) => (tenant === 'gold' ? 3 : 1),
  });
  const send = async (tenant: string) => {
    const run = await bench.begin({ tenant });
    await collect(run.chat(callOf({ request: ask(tenant) })));
    await run.settle(ok);
  };
  const all = ['free', 'gold'].flatMap((tenant) => Array.from({ length: 40 }, () => send(tenant)));
  await clock.advance(40_000);
  const gold = served.filter((tenant) => tenant === 'gold').length;
  expect(gold / served.length).toBeGreaterThan(0.68);
  expect(gold / served.length).toBeLessThan(0.82);
  await clock.advance(100_000);
  await Promise.all(all);
});
