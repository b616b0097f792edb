import { type ModelEvent, MyriadError } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, type ScriptedEndpoint, untilAborted, usageOf } from '../testbed/scripted-endpoint.ts';
import { settlePromises } from '../testbed/virtual-clock.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const need = { capabilities: [], optimize: 'balanced' } as const;

function model(id: string, overrides: Partial<ScriptedEndpoint['endpoint']> = {}): ScriptedEndpoint {
  return { endpoint: endpointOf({ id, ...overrides }), chat: () => answer([id], usageOf(10, 5)) };
}

function failing(id: string, error: MyriadError, times = Number.POSITIVE_INFINITY): ScriptedEndpoint {
  return {
    endpoint: endpointOf({ id, preference: 1 }),
    async *chat(_, __, call) {
      if (call <= times) throw error;
      yield* answer([id], usageOf(10, 5));
    },
  };
}

async function serve(bench: ReturnType<typeof createKernelBench>, call = callOf()): Promise<string> {
  const run = await bench.begin();
  const text = textOf(await collect(run.chat(call)));
  await run.settle(ok);
  return text;
}

test('[K40] capabilities decide who can serve; nobody able is said with what was asked', async () => {
  const bench = createKernelBench([model('plain'), model('eyes', { capabilities: ['chat', 'generate', 'vision'] })]);
  const wanted = callOf({ need: { capabilities: ['vision'], optimize: 'cost' } });
  expect(await serve(bench, wanted)).toBe('eyes');
  const run = await bench.begin();
  const audio = callOf({ need: { capabilities: ['audio'], optimize: 'cost' } });
  await expect(collect(run.chat(audio))).rejects.toMatchObject({
    code: 'capability_unavailable',
    facts: { capabilities: ['audio'], attached: 2 },
  });
});

test('[K41] a model that only quotes serves when pinned, or when nothing that generates is attached', async () => {
  const extract = model('extract', { capabilities: ['chat', 'zh'], family: 'extract', preference: 100, price: null });
  const both = createKernelBench([extract, model('writer')]);
  expect(await serve(both)).toBe('writer');
  expect(await serve(both, callOf({ need: { ...need, model: 'test/extract' } }))).toBe('extract');
  const alone = createKernelBench([extract]);
  const run = await alone.begin();
  await collect(run.chat(callOf()));
  expect(run.servedBy).toMatchObject({ endpointId: 'extract', generates: false });
  const tools = callOf({ need: { capabilities: ['tools'], optimize: 'cost' } });
  await expect(collect(run.chat(tools))).rejects.toMatchObject({ code: 'capability_unavailable' });
  // A writer that cannot do what is asked does not make room for one that only quotes.
  const run2 = await both.begin();
  const zhVision = callOf({ need: { capabilities: ['vision'], optimize: 'cost' } });
  await expect(collect(run2.chat(zhVision))).rejects.toMatchObject({ code: 'capability_unavailable' });
});

test('[K42] a pinned model that nobody has is not found; a disabled one neither', async () => {
  const bench = createKernelBench([model('m1'), model('off', { enabled: false })]);
  const run = await bench.begin();
  for (const name of ['test/none', 'test/off'])
    await expect(collect(run.chat(callOf({ need: { ...need, model: name } })))).rejects.toMatchObject({
      code: 'model_not_found',
    });
});

test('[K43] an input longer than every context is refused in words, and a longer context is found', async () => {
  const small = createKernelBench([model('short', { contextTokens: 100 })]);
  const long = ask('word '.repeat(400));
  const run = await small.begin();
  await expect(collect(run.chat(callOf({ request: long })))).rejects.toMatchObject({ code: 'context_too_long' });
  const bench = createKernelBench([model('short', { contextTokens: 100, preference: 9 }), model('long')]);
  expect(await serve(bench, callOf({ request: long }))).toBe('long');
  expect(await serve(bench)).toBe('short');
});

test('[K44] the operator’s preference comes first, then what the need optimizes', async () => {
  const cheap = {
    currency: 'USD',
    inputMicrosPerMillion: 100_000,
    outputMicrosPerMillion: 200_000,
    source: '',
    date: '',
  };
  const bench = createKernelBench([model('dear'), model('cheap', { price: cheap })]);
  expect(await serve(bench, callOf({ need: { capabilities: [], optimize: 'cost' } }))).toBe('cheap');
  expect(await serve(bench, callOf({ need: { capabilities: [], optimize: 'quality' } }))).toBe('dear');
  const preferred = createKernelBench([model('dear', { preference: 1 }), model('cheap', { price: cheap })]);
  expect(await serve(preferred, callOf({ need: { capabilities: [], optimize: 'cost' } }))).toBe('dear');
});

test('[K45] a refusal with Retry-After is retried at the same endpoint, not before that time and with jitter', async () => {
  const limited = new MyriadError('upstream_rate_limited', 'Slow down.', { retryAfterMs: 2_000 });
  const bench = createKernelBench([failing('m1', limited, 1)]);
  const run = await bench.begin();
  const events = collect(run.chat(callOf()));
  await bench.clock.advance(1_999);
  expect(bench.source.calls.get('m1')).toBe(1);
  await bench.clock.advance(401);
  expect(textOf(await events)).toBe('m1');
  expect((await run.settle(ok)).calls.map((call) => call.errorCode)).toEqual(['upstream_rate_limited', null]);
});

test('[K45] attempts are counted over all endpoints, and the last failure is the caller’s', async () => {
  const down = new MyriadError('upstream_unavailable', 'Connection refused.');
  const bench = createKernelBench([failing('m1', down), failing('m2', down)]);
  const run = await bench.begin();
  const events = collect(run.chat(callOf())).catch((error) => error);
  await bench.clock.advance(30_000);
  expect(await events).toMatchObject({ code: 'upstream_unavailable' });
  expect((bench.source.calls.get('m1') ?? 0) + (bench.source.calls.get('m2') ?? 0)).toBe(3);
});

test('[K46] after five failures the circuit opens, calls go elsewhere at once, and one probe closes it again', async () => {
  const broken = new MyriadError('upstream_error', 'HTTP 500');
  const bench = createKernelBench([failing('m1', broken, 5), model('m2')]);
  for (let call = 0; call < 8; call += 1) expect(await serve(bench)).toBe('m2');
  expect(bench.source.calls.get('m1')).toBe(5);
  expect(bench.kernel.status()[0]).toMatchObject({ circuit: 'open' });
  await bench.clock.advance(5_000);
  expect(await serve(bench)).toBe('m1');
  expect(bench.kernel.status()[0]?.circuit).toBe('closed');
});

test('[K46] when every circuit is open a call fails fast with the time to come back', async () => {
  const broken = new MyriadError('upstream_protocol', 'Not JSON.');
  const bench = createKernelBench([failing('m1', broken)], { limits: { queuePerApp: 8, queueMs: 1_000 } });
  for (let call = 0; call < 5; call += 1) await serve(bench).catch(() => {});
  const error = await serve(bench).catch((failure) => failure);
  expect(error).toMatchObject({ code: 'upstream_unavailable' });
  expect(error.retryAfterMs).toBe(5_000);
  expect(bench.source.calls.get('m1')).toBe(5);
});

test('[K47] the time-outs reach the driver, the total cut to what the deadline leaves', async () => {
  let seen: unknown = null;
  const bench = createKernelBench(
    [
      {
        endpoint: endpointOf({ id: 'm1' }),
        chat: (_, { timeouts }) => {
          seen = timeouts;
          return answer(['x'], null);
        },
      },
    ],
    { timeouts: { firstTokenMs: 7_000 } },
  );
  const limits = { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: 9_000 };
  const run = await bench.begin({ limits });
  await bench.clock.advance(1_000);
  await collect(run.chat(callOf()));
  expect(seen).toEqual({ connectMs: 5_000, firstTokenMs: 7_000, chunkGapMs: 60_000, totalMs: 8_000 });
});

async function* slow(signal: AbortSignal): AsyncGenerator<ModelEvent> {
  yield { type: 'start', model: 'slow' };
  await untilAborted(signal);
}

test('[K48] a hedge runs only after silence, the loser is cancelled and its input is booked', async () => {
  let cancelled = false;
  const bench = createKernelBench(
    [
      {
        endpoint: endpointOf({ id: 'm1', preference: 1 }),
        chat: (_, { signal }) => {
          signal.addEventListener('abort', () => {
            cancelled = true;
          });
          return slow(signal);
        },
      },
      model('m2'),
    ],
    { hedgeAfterMs: 800 },
  );
  const budget = { scope: 'b', limitMicros: 1_000_000, currency: 'USD', period: 'day', onExceed: 'refuse' } as const;
  const run = await bench.begin({ budgets: [budget] });
  const events = collect(run.chat(callOf()));
  await bench.clock.advance(799);
  expect(bench.source.calls.get('m2')).toBeUndefined();
  await bench.clock.advance(1);
  expect(textOf(await events)).toBe('m2');
  expect(cancelled).toBe(true);
  const record = await run.settle(ok);
  expect(record.calls.map(({ endpointId, status }) => [endpointId, status])).toEqual([
    ['m1', 'aborted'],
    ['m2', 'ok'],
  ]);
  expect(record.calls[0]?.usage).toMatchObject({ inputTokens: 6, outputTokens: 0, source: 'estimated' });
  expect(bench.ledger.settlements[0]?.charges[0]?.micros).toBe(6 + 10 + 5 * 4);
  expect(bench.kernel.status().map((status) => status.inFlight)).toEqual([0, 0]);
});

test('[K49] calls of one conversation stay at one of equal endpoints, and conversations spread over them', async () => {
  const bench = createKernelBench(['a', 'b', 'c', 'd'].map((id) => model(id)));
  const homes = new Map<string, Set<string>>();
  for (let call = 0; call < 400; call += 1) {
    const conversationId = `conv_${call % 40}`;
    const run = await bench.begin({ conversationId });
    const text = textOf(await collect(run.chat(callOf())));
    homes.set(conversationId, (homes.get(conversationId) ?? new Set()).add(text));
    await run.settle(ok);
  }
  expect([...homes.values()].every((endpoints) => endpoints.size === 1)).toBe(true);
  const used = new Set([...homes.values()].flatMap((endpoints) => [...endpoints]));
  expect(used.size).toBe(4);
});

test('[K49] load beats affinity: a busy home sends calls to a neighbour', async () => {
  const bench = createKernelBench(
    ['a', 'b'].map((id) => ({
      endpoint: endpointOf({ id }),
      chat: (_: unknown, { signal }: { signal: AbortSignal }) => slow(signal),
    })),
  );
  const runs = await Promise.all(Array.from({ length: 8 }, () => bench.begin({ conversationId: 'one' })));
  const calls = runs.map((run) => collect(run.chat(callOf())).catch(() => {}));
  await settlePromises();
  const inFlight = bench.kernel.status().map((status) => status.inFlight);
  expect(Math.min(...inFlight)).toBeGreaterThanOrEqual(3);
  await Promise.all(runs.map((run) => run.settle(ok)));
  await Promise.all(calls);
});

test('[K47] a driver that heeds no time-out is stopped a second after the total, and its slot is free', async () => {
  const bench = createKernelBench(
    [
      {
        endpoint: endpointOf({ id: 'm1' }),
        async *chat() {
          yield { type: 'start', model: 'm1' } as const;
          yield { type: 'text', choice: 0, text: 'and then nothing' } as const;
          await new Promise(() => {});
        },
      },
    ],
    { timeouts: { totalMs: 4_000 } },
  );
  const run = await bench.begin();
  const events = collect(run.chat(callOf())).catch((error) => error);
  await bench.clock.advance(4_999);
  expect(bench.kernel.status()[0]?.inFlight).toBe(1);
  await bench.clock.advance(1);
  expect(await events).toMatchObject({ code: 'upstream_timeout' });
  expect(bench.kernel.status()[0]?.inFlight).toBe(0);
  expect((await run.settle({ status: 'error', errorCode: 'upstream_timeout', steps: [] })).usage.outputTokens).toBe(4);
});

test('[K23] an endpoint that was taken away, or whose key cannot be resolved, is one that failed: another is tried', async () => {
  for (const code of ['not_found', 'upstream_auth'] as const) {
    const bench = createKernelBench([model('m1', { preference: 1 }), model('m2')]);
    const connect = bench.source.connect.bind(bench.source);
    bench.source.connect = (id) =>
      id === 'm1' ? Promise.reject(new MyriadError(code, 'No such endpoint.')) : connect(id);
    expect(await serve(bench)).toBe('m2');
  }
});
