import { type Budget, MyriadError } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench, textOf } from '../testbed/kernel-bench.ts';
import { answer, endpointOf, type ScriptedEndpoint, untilAborted, usageOf } from '../testbed/scripted-endpoint.ts';
import { settlePromises } from '../testbed/virtual-clock.ts';

const budget: Budget = {
  scope: 'app:app_one',
  limitMicros: 100_000,
  currency: 'USD',
  period: 'day',
  onExceed: 'refuse',
};
const ok = { status: 'ok', errorCode: null, steps: [] } as const;
/** `ask('hello')` is bound by 5 bytes, 16 for the message and 64 for the template; each output token costs 4 micros. */
const request = ask('hello', { maxOutputTokens: 100 });
const worst = 5 + 16 + 64 + 100 * 4;

function model(id: string, overrides: Partial<ScriptedEndpoint['endpoint']> = {}): ScriptedEndpoint {
  return {
    endpoint: endpointOf({ id, ...overrides }),
    chat: () => answer(['Hello ', 'there'], usageOf(12, 5)),
  };
}

test('[K1] a run holds, answers, settles once and leaves exact books', async () => {
  const bench = createKernelBench([model('m1')]);
  const run = await bench.begin({ budgets: [budget] });
  const events = await collect(run.chat(callOf({ request })));
  expect(textOf(events)).toBe('Hello there');
  expect(events[0]?.type).toBe('start');
  expect([...bench.ledger.holds.values()].map((hold) => hold.parts[0]?.micros)).toEqual([worst]);
  const record = await run.settle(ok);
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

test('[K2] a hold that exactly empties the budget is allowed', async () => {
  const bench = createKernelBench([model('m1')]);
  const run = await bench.begin({ budgets: [{ ...budget, limitMicros: worst }] });
  expect(textOf(await collect(run.chat(callOf({ request }))))).toBe('Hello there');
});

test('[K3] one micro past the limit is refused before any model is called, and the error says how much was left', async () => {
  const bench = createKernelBench([model('m1')]);
  const run = await bench.begin({ budgets: [{ ...budget, limitMicros: worst - 1 }] });
  await expect(collect(run.chat(callOf({ request })))).rejects.toMatchObject({
    code: 'budget_exhausted',
    facts: { leftMicros: worst - 1, neededMicros: worst, scope: 'app:app_one' },
  });
  expect(bench.source.requests).toHaveLength(0);
  const record = await run.settle({ status: 'refused', errorCode: 'budget_exhausted', steps: [] });
  expect(record.costMicros).toBe(0);
  expect(bench.ledger.settlements[0]?.charges).toEqual([]);
});

test('[K4] under a budget the output limit is sent upstream even when the caller named none', async () => {
  const bench = createKernelBench([model('m1', { maxOutputTokens: null })], { defaultMaxOutputTokens: 512 });
  const run = await bench.begin({ budgets: [budget] });
  await collect(run.chat(callOf({ request: ask('hello') })));
  expect(bench.source.requests[0]?.maxOutputTokens).toBe(512);
  const free = await bench.begin();
  await collect(free.chat(callOf({ request: ask('hello') })));
  expect(bench.source.requests[1]?.maxOutputTokens).toBeUndefined();
});

test('[K5] parallel calls cannot overspend together: what one holds the next cannot', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: (_, { signal }) => hang(signal) }]);
  const limitMicros = worst * 2 + 10;
  const runs = await Promise.all([1, 2, 3].map(() => bench.begin({ budgets: [{ ...budget, limitMicros }] })));
  const outcomes = runs.map((run) => collect(run.chat(callOf({ request }))).catch((error) => error.code));
  await settlePromises();
  expect(bench.source.requests).toHaveLength(2);
  await expect(outcomes[2]).resolves.toBe('budget_exhausted');
  await Promise.all(runs.map((run) => run.settle(ok)));
  await Promise.all(outcomes);
  const again = await bench.begin({ budgets: [{ ...budget, limitMicros }] });
  const events = collect(again.chat(callOf({ request }))).catch((error) => error.code);
  await settlePromises();
  expect(bench.source.requests).toHaveLength(3);
  await again.settle(ok);
  await expect(events).resolves.toBe('aborted');
});

async function* hang(signal: AbortSignal) {
  await untilAborted(signal);
  yield* answer([], null);
}

test('[K6] nested budgets hold all or none; the narrowest refusal leaves the wider ones untouched', async () => {
  const bench = createKernelBench([model('m1')]);
  const org: Budget = { ...budget, scope: 'org', limitMicros: 1_000_000, period: 'month' };
  const key: Budget = { ...budget, scope: 'key:k1', limitMicros: 10 };
  const run = await bench.begin({ budgets: [org, budget, key] });
  await expect(collect(run.chat(callOf({ request })))).rejects.toMatchObject({ facts: { scope: 'key:k1' } });
  await run.settle(ok);
  const whole = await bench.begin({ budgets: [{ ...org, limitMicros: worst }] });
  expect(textOf(await collect(whole.chat(callOf({ request }))))).toBe('Hello there');
  const record = await whole.settle(ok);
  expect(record.costMicros).toBe(32);
});

test('[K7] downgrade takes the cheapest endpoint that the budget can carry, a free one included', async () => {
  const price = {
    currency: 'USD',
    inputMicrosPerMillion: 100_000,
    outputMicrosPerMillion: 100_000,
    source: '',
    date: '',
  };
  const bench = createKernelBench([
    model('dear', { preference: 10 }),
    model('cheap', { preference: 5, price }),
    model('local', { price: null, baseUrl: 'http://127.0.0.1:11434/v1' }),
  ]);
  const run = await bench.begin({ budgets: [{ ...budget, limitMicros: 100, onExceed: 'downgrade' }] });
  await collect(run.chat(callOf({ request })));
  expect(run.servedBy?.endpointId).toBe('local');
  const record = await run.settle(ok);
  expect(record.calls[0]?.because).toContain('downgraded');
  expect(record.costMicros).toBeNull();
  expect(bench.ledger.settlements[0]?.charges).toEqual([]);
});

test('[K8] queue waits for money in order of arrival, and goes when another run gives it back', async () => {
  const bench = createKernelBench([
    {
      endpoint: endpointOf({ id: 'm1' }),
      chat: (_, { signal }, call) => (call === 1 ? hang(signal) : answer(['x'], usageOf(1, 1))),
    },
  ]);
  const queued: Budget = { ...budget, limitMicros: worst + 50, onExceed: 'queue' };
  const first = await bench.begin({ budgets: [queued] });
  const held = collect(first.chat(callOf({ request }))).catch((error) => error.code);
  await settlePromises();
  const order: string[] = [];
  const waiting = await Promise.all(
    ['second', 'third']
      .map(async (name) => {
        const run = await bench.begin({ budgets: [queued] });
        return collect(run.chat(callOf({ request }))).then(() => {
          order.push(name);
          return run.settle(ok);
        });
      })
      .map((promise) => ({ promise })),
  );
  await settlePromises();
  expect(bench.source.requests).toHaveLength(1);
  await first.settle(ok);
  await held;
  await Promise.all(waiting.map(({ promise }) => promise));
  expect(order).toEqual(['second', 'third']);
});

test('[K8] queue refuses at the deadline, and at once when the whole limit is too small', async () => {
  const bench = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: (_, { signal }) => hang(signal) }]);
  const queued: Budget = { ...budget, limitMicros: worst + 50, onExceed: 'queue' };
  const first = await bench.begin({ budgets: [queued] });
  const held = collect(first.chat(callOf({ request }))).catch((error) => error.code);
  const limits = { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: 500 };
  const second = await bench.begin({ budgets: [queued], limits });
  const outcome = collect(second.chat(callOf({ request }))).catch((error) => error.code);
  await bench.clock.advance(499);
  let state = 'waiting';
  outcome.then((code) => {
    state = String(code);
  });
  await settlePromises();
  expect(state).toBe('waiting');
  await bench.clock.advance(1);
  expect(state).toBe('budget_exhausted');
  const small = await bench.begin({ budgets: [{ ...queued, scope: 'small', limitMicros: 10 }] });
  await expect(collect(small.chat(callOf({ request })))).rejects.toMatchObject({ code: 'budget_exhausted' });
  await first.settle(ok);
  await held;
});

test('[K9] prices are converted into each budget, rounded up; a missing rate refuses', async () => {
  const bench = createKernelBench([model('m1')]);
  const yuan: Budget = { ...budget, currency: 'CNY' };
  const run = await bench.begin({ budgets: [yuan] });
  await collect(run.chat(callOf({ request })));
  await run.settle(ok);
  expect(bench.ledger.settlements[0]?.charges[0]).toMatchObject({ currency: 'CNY', micros: Math.ceil(32 / 0.14) });
  const euro = await bench.begin({ budgets: [{ ...budget, currency: 'EUR' }] });
  await expect(collect(euro.chat(callOf({ request })))).rejects.toMatchObject({ code: 'exchange_rate_missing' });
});

test('[K10] under a budget an endpoint of unknown price serves only on this machine', async () => {
  const remote = createKernelBench([model('m1', { price: null })]);
  const run = await remote.begin({ budgets: [budget] });
  await expect(collect(run.chat(callOf({ request })))).rejects.toMatchObject({
    code: 'capability_unavailable',
    facts: { unpriced: ['test/m1'] },
  });
  const unbound = await remote.begin();
  expect(textOf(await collect(unbound.chat(callOf({ request }))))).toBe('Hello there');
  expect((await unbound.settle(ok)).costMicros).toBeNull();
});

test('[K11] a spent budget refuses at begin, but not when something free could serve', async () => {
  const bench = createKernelBench([model('m1')]);
  await expect(bench.begin({ budgets: [{ ...budget, limitMicros: 0 }] })).rejects.toMatchObject({
    code: 'budget_exhausted',
  });
  const free = createKernelBench([model('m1'), model('local', { price: null, baseUrl: 'http://localhost:8000' })]);
  await expect(free.begin({ budgets: [{ ...budget, limitMicros: 0 }] })).resolves.toBeDefined();
});

test('[K12] spending and stale holds that the ledger knows count from the first run on', async () => {
  const first = createKernelBench([model('m1')]);
  const run = await first.begin({ budgets: [budget] });
  await collect(run.chat(callOf({ request })));
  await run.settle(ok);
  const second = createKernelBench([model('m1')], { ledger: first.ledger, owner: 'node-2' });
  const limited = await second.begin({ budgets: [{ ...budget, limitMicros: worst + 31 }] });
  await expect(collect(limited.chat(callOf({ request })))).rejects.toMatchObject({ facts: { leftMicros: worst - 1 } });
});

test('[K13] a day turns: the new period starts empty, and a late settlement is charged to the old one', async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const bench = createKernelBench(
    [
      {
        endpoint: endpointOf({ id: 'm1' }),
        async *chat(_, __, call) {
          if (call === 1) await gate;
          yield* answer(['x'], usageOf(12, 5));
        },
      },
    ],
    { timeouts: { totalMs: 48 * 3_600_000 } },
  );
  const daily = { ...budget, limitMicros: worst };
  const late = await bench.begin({ budgets: [daily] });
  const slow = collect(late.chat(callOf({ request })));
  await bench.clock.advance(24 * 3_600_000);
  const fresh = await bench.begin({ budgets: [daily] });
  await collect(fresh.chat(callOf({ request })));
  await fresh.settle(ok);
  release();
  await slow;
  await late.settle(ok);
  const starts = bench.ledger.settlements.map((settlement) => settlement.charges[0]?.periodStart);
  expect(starts).toEqual([Date.UTC(2026, 0, 5, 16), Date.UTC(2026, 0, 4, 16)]);
});

test('[K3] the worst case counts every choice, dearer cache writes and each budget’s own currency', async () => {
  const bench = createKernelBench([
    model('m1', {
      price: {
        currency: 'USD',
        inputMicrosPerMillion: 1_000_000,
        outputMicrosPerMillion: 4_000_000,
        cacheWriteMicrosPerMillion: 2_000_000,
        source: 'test',
        date: '2026-01-01',
      },
    }),
  ]);
  const yuan: Budget = { ...budget, scope: 'team:a', currency: 'CNY' };
  const run = await bench.begin({ budgets: [budget, yuan] });
  await collect(run.chat(callOf({ request: { ...request, choices: 3 } })));
  const held = [...bench.ledger.holds.values()][0]?.parts.map((part) => part.micros);
  const most = 85 * 2 + 3 * 100 * 4;
  expect(held).toEqual([most, Math.ceil(most / 0.14)]);
});

test('[K16] a policy may refuse a run before anything else happens', async () => {
  const seen: string[] = [];
  const bench = createKernelBench([model('m1')], {
    policies: [
      ({ appId }) => {
        seen.push(appId);
        return appId === 'app_stopped' ? new MyriadError('app_stopped', 'The app is stopped.') : null;
      },
    ],
  });
  await expect(bench.begin({ appId: 'app_stopped' })).rejects.toMatchObject({ code: 'app_stopped' });
  await expect(bench.begin()).resolves.toBeDefined();
  expect(seen).toEqual(['app_stopped', 'app_one']);
  expect(bench.kernel.inFlight).toBe(1);
});

test('[K12] a period’s books are read once, however many runs begin together', async () => {
  const bench = createKernelBench([model('m1')]);
  let reads = 0;
  const read = bench.ledger.budgetState.bind(bench.ledger);
  bench.ledger.budgetState = (scope, periodStart) => {
    reads += 1;
    return read(scope, periodStart);
  };
  await Promise.all(Array.from({ length: 20 }, () => bench.begin({ budgets: [budget] })));
  expect(reads).toBe(1);
});
