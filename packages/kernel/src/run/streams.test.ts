import { type ModelEvent, MyriadError, systemClock } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, untilAborted, usageOf } from '../testbed/scripted-endpoint.ts';
import type { VirtualClock } from '../testbed/virtual-clock.ts';
import { settlePromises } from '../testbed/virtual-clock.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const aborted = { status: 'aborted', errorCode: 'aborted', steps: [] } as const;
const budget = { scope: 'b', limitMicros: 1_000_000, currency: 'USD', period: 'day', onExceed: 'refuse' } as const;

/** Yields the pieces, then waits for ever without looking at the signal. */
async function* deaf(pieces: readonly string[], reports: readonly ModelEvent[] = []): AsyncGenerator<ModelEvent> {
  yield { type: 'start', model: 'deaf' };
  yield* reports;
  for (const text of pieces) yield { type: 'text', choice: 0, text };
  await new Promise(() => {});
}

for (const stream of [true, false]) {
  test(`[K20] a client abort ends the ${stream ? 'streamed' : 'plain'} call within 50 ms, though the driver is deaf, and cancels upstream`, async () => {
    let upstream: AbortSignal | null = null;
    const bench = createKernelBench(
      [
        {
          endpoint: endpointOf({ id: 'm1' }),
          chat: (_, options) => {
            upstream = options.signal;
            return deaf(stream ? ['abcdefgh'] : []);
          },
        },
      ],
      { clock: systemClock as VirtualClock },
    );
    const controller = new AbortController();
    const run = await bench.begin({ budgets: [budget] });
    const events = collect(run.chat(callOf({ stream, signal: controller.signal }))).catch((error) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const abortedAt = performance.now();
    controller.abort();
    const error = await events;
    expect(performance.now() - abortedAt).toBeLessThan(50);
    expect(error).toMatchObject({ code: 'aborted' });
    expect((upstream as AbortSignal | null)?.aborted).toBe(true);
    expect(bench.kernel.status()[0]?.inFlight).toBe(0);
    const record = await run.settle(aborted);
    expect(record.calls[0]?.status).toBe('aborted');
  });
}

test('[K20] an abort while queued never reaches the model, costs nothing and frees the place', async () => {
  const bench = createKernelBench([
    { endpoint: endpointOf({ id: 'm1', concurrency: 1 }), chat: (_, { signal }) => hang(signal) },
  ]);
  const first = await bench.begin();
  const running = collect(first.chat(callOf())).catch((error) => error.code);
  await settlePromises();
  const controller = new AbortController();
  const second = await bench.begin({ budgets: [budget] });
  const queued = collect(second.chat(callOf({ signal: controller.signal }))).catch((error) => error.code);
  await settlePromises();
  expect(bench.kernel.status()[0]).toMatchObject({ inFlight: 1, queued: 1 });
  controller.abort();
  expect(await queued).toBe('aborted');
  expect(bench.kernel.status()[0]?.queued).toBe(0);
  expect(bench.source.requests).toHaveLength(1);
  const record = await second.settle(aborted);
  expect(record.costMicros).toBe(0);
  await first.settle(aborted);
  expect(await running).toBe('aborted');
});

async function* hang(signal: AbortSignal): AsyncGenerator<ModelEvent> {
  yield { type: 'start', model: 'hang' };
  await untilAborted(signal);
}

test('[K21] an aborted answer is billed for what came: input as reported, output as counted', async () => {
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1' }),
      chat: () => deaf(['one two three four five six'], [{ type: 'usage', usage: usageOf(40, 1), provisional: true }]),
    },
  ]);
  const run = await bench.begin({ budgets: [budget] });
  for await (const event of run.chat(callOf())) if (event.type === 'text') break;
  const record = await run.settle(aborted);
  expect(record.usage).toMatchObject({ inputTokens: 40, outputTokens: 7, source: 'estimated' });
  expect(bench.ledger.settlements[0]?.charges[0]?.micros).toBe(40 + 7 * 4);
});

test('[K21] under the policy `full` an aborted answer is billed as if it had run to its limit', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => deaf(['one two']) }], {
    abortPolicy: 'full',
  });
  const run = await bench.begin({ budgets: [budget] });
  for await (const event of run.chat(callOf({ request: ask('hello', { maxOutputTokens: 50 }) })))
    if (event.type === 'text') break;
  expect((await run.settle(aborted)).usage.outputTokens).toBe(50);
});

test('[K21] an abort before anything came costs nothing', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => deaf([]) }]);
  const controller = new AbortController();
  const run = await bench.begin({ budgets: [budget] });
  const events = collect(run.chat(callOf({ signal: controller.signal }))).catch((error) => error.code);
  await settlePromises();
  controller.abort();
  expect(await events).toBe('aborted');
  expect((await run.settle(aborted)).costMicros).toBe(0);
});

test('[K22] an upstream cut gives the events that came, then the error, and bills the part once', async () => {
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1' }),
      async *chat() {
        yield { type: 'start', model: 'm' };
        yield { type: 'usage', usage: usageOf(30, 1), provisional: true };
        yield { type: 'text', choice: 0, text: 'twelve chars' };
        throw new MyriadError('upstream_cut', 'The socket closed.');
      },
    },
    { endpoint: endpointOf({ id: 'm2', preference: -1 }), chat: () => answer(['never'], null) },
  ]);
  const run = await bench.begin({ budgets: [budget] });
  const seen: ModelEvent[] = [];
  await expect(
    (async () => {
      for await (const event of run.chat(callOf())) seen.push(event);
    })(),
  ).rejects.toMatchObject({ code: 'upstream_cut' });
  expect(textOf(seen)).toBe('twelve chars');
  const record = await run.settle({ status: 'error', errorCode: 'upstream_cut', steps: [] });
  expect(record.calls).toHaveLength(1);
  expect(record.costMicros).toBe(30 + 3 * 4);
  expect(bench.ledger.settlements[0]?.charges).toHaveLength(1);
});

test('[K23] before the first event another endpoint is tried, each attempt is recorded, and the answer says what was tried', async () => {
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1', preference: 2 }),
      async *chat() {
        yield { type: 'start', model: 'm1' };
        yield { type: 'usage', usage: usageOf(9, 0), provisional: true };
        throw new MyriadError('upstream_error', 'Broken.');
      },
    },
    { endpoint: endpointOf({ id: 'm2' }), chat: () => answer(['fine'], usageOf(10, 2)) },
  ]);
  const run = await bench.begin({ budgets: [budget] });
  const events = await collect(run.chat(callOf()));
  expect(textOf(events)).toBe('fine');
  expect(events.filter((event) => event.type === 'start')).toHaveLength(1);
  expect(run.servedBy).toEqual({ endpointId: 'm2', model: 'test/m2', generates: true });
  const record = await run.settle(ok);
  expect(record.calls.map(({ status, attempt }) => [status, attempt])).toEqual([
    ['error', 1],
    ['ok', 2],
  ]);
  expect(record.calls[1]?.because).toContain('test/m1 failed with upstream_error');
  expect(record.costMicros).toBe(9 + 10 + 2 * 4);
});

test('[K23] a failure that is the caller’s is not tried elsewhere', async () => {
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1', preference: 2 }),
      // biome-ignore lint/correctness/useYield: it fails before it can.
      async *chat() {
        throw new MyriadError('upstream_rejected', 'Bad tool schema.');
      },
    },
    { endpoint: endpointOf({ id: 'm2' }), chat: () => answer(['fine'], usageOf(10, 2)) },
  ]);
  const run = await bench.begin();
  await expect(collect(run.chat(callOf()))).rejects.toMatchObject({ code: 'upstream_rejected' });
  expect(bench.source.calls.get('m2')).toBeUndefined();
});

test('[K24] a caller that stops reading is a caller that went away', async () => {
  let upstream: AbortSignal | null = null;
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1' }),
      chat: (_, { signal }) => {
        upstream = signal;
        return deaf(['a', 'b', 'c']);
      },
    },
  ]);
  const run = await bench.begin();
  for await (const event of run.chat(callOf())) if (event.type === 'text') break;
  expect((upstream as AbortSignal | null)?.aborted).toBe(true);
  expect(bench.kernel.status()[0]?.inFlight).toBe(0);
});

test('[K24] who leaves after the answer finished is billed as reported, not as aborted', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['hi'], usageOf(3, 1)) }]);
  const run = await bench.begin();
  for await (const event of run.chat(callOf())) if (event.type === 'finish') break;
  expect((await run.settle(ok)).calls[0]?.status).toBe('ok');
});

test('[K25] settling while a call is open stops it first, and its cost is in the books', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => deaf(['twelve chars']) }]);
  const run = await bench.begin({ budgets: [budget] });
  const iterator = run.chat(callOf())[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const record = await run.settle(aborted);
  expect(record.calls[0]).toMatchObject({ status: 'aborted', usage: { outputTokens: 3 } });
  expect(record.costMicros).toBeGreaterThan(0);
  await expect(iterator.next()).rejects.toMatchObject({ code: 'aborted' });
  expect(() => run.chat(callOf())).toThrow(/settled/);
});

test('[K26] several calls of one run, as in a tool loop, are held one by one and settled together', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['hi'], usageOf(3, 1)) }]);
  const run = await bench.begin({ budgets: [budget] });
  for (let call = 0; call < 3; call += 1) await collect(run.chat(callOf()));
  const record = await run.settle(ok);
  expect(record.calls).toHaveLength(3);
  expect(record.usage).toEqual(usageOf(9, 3));
  expect(bench.ledger.settlements[0]?.charges[0]?.micros).toBe(21);
});

test('[K27] embeddings take the same path: held, routed by capability, metered, settled', async () => {
  const bench = createKernelBench([
    { endpoint: endpointOf({ id: 'chat' }), chat: () => answer(['no'], null) },
    {
      endpoint: endpointOf({ id: 'embed', capabilities: ['embed'] }),
      chat: () => answer([], null),
      embed: async ({ inputs }) => ({ vectors: inputs.map(() => [1, 2]), model: 'e', usage: usageOf(6, 0) }),
    },
  ]);
  const run = await bench.begin({ budgets: [budget] });
  const result = await run.embed(
    { inputs: ['hello', 'there'] },
    { capabilities: ['embed'], optimize: 'cost' },
    new AbortController().signal,
  );
  expect(result.vectors).toHaveLength(2);
  const record = await run.settle(ok);
  expect(record).toMatchObject({ usage: usageOf(6, 0), costMicros: 6, model: 'test/embed' });
});

test('[K28] a drain refuses new runs, waits for those in flight, then stops them and settles all', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: (_, { signal }) => hang(signal) }]);
  const run = await bench.begin();
  const events = collect(run.chat(callOf())).catch((error) => error.code);
  await settlePromises();
  const drained = bench.kernel.drain(5_000);
  await expect(bench.begin()).rejects.toMatchObject({ code: 'shutting_down' });
  await bench.clock.advance(4_999);
  expect(bench.kernel.inFlight).toBe(1);
  await bench.clock.advance(2_000);
  await drained;
  expect(await events).toBe('shutting_down');
  expect(bench.kernel.inFlight).toBe(0);
  expect([...bench.ledger.records.values()][0]).toMatchObject({ status: 'aborted', errorCode: 'shutting_down' });
});
