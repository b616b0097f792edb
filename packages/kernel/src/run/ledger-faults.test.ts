import { MyriadError } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { ask, callOf, collect, createKernelBench } from '../testbed/kernel-bench.ts';
import { createMemoryLedger } from '../testbed/memory-ledger.ts';
import { answer, endpointOf, usageOf } from '../testbed/scripted-endpoint.ts';

const ok = { status: 'ok', errorCode: null, steps: [] } as const;
const budget = { scope: 'b', limitMicros: 1_000, currency: 'USD', period: 'day', onExceed: 'refuse' } as const;
const model = { endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['x'], usageOf(12, 5)) };
const request = ask('hello', { maxOutputTokens: 100 });

test('[K30] the hold is written ahead without waiting, and settlement names it without waiting for it', async () => {
  const ledger = createMemoryLedger();
  let release: () => void = () => {};
  ledger.beforeWrite = (kind) =>
    kind === 'hold'
      ? new Promise<void>((resolve) => {
          release = resolve;
        })
      : undefined;
  const bench = createKernelBench([model], { ledger });
  const run = await bench.begin({ budgets: [budget] });
  await collect(run.chat(callOf({ request })));
  await run.settle(ok);
  expect(ledger.settlements[0]?.holdId).toMatch(/^hold_/);
  release();
  await bench.clock.advance(1_000);
  expect(ledger.holds.size).toBe(0);
});

test('[K31] a hold that cannot be written is told to the log and stops nobody', async () => {
  const ledger = createMemoryLedger();
  ledger.beforeWrite = (kind) => {
    if (kind === 'hold') throw new MyriadError('storage_full', 'The disk is full.');
  };
  const messages: string[] = [];
  const bench = createKernelBench([model], { ledger, log: (level, message) => messages.push(`${level} ${message}`) });
  const run = await bench.begin({ budgets: [budget] });
  await collect(run.chat(callOf({ request })));
  await run.settle(ok);
  expect(messages).toEqual(['error A hold could not be written ahead.']);
  expect(ledger.settlements[0]).toMatchObject({ holdId: null, charges: [{ micros: 32 }] });
});

test('[K32] settlement is tried again while the storage may recover, and an append that had arrived counts once', async () => {
  const ledger = createMemoryLedger();
  let failures = 3;
  ledger.beforeWrite = (kind) => {
    if (kind === 'settle' && failures-- > 0) throw new MyriadError('storage_full', 'The disk is full.');
  };
  const bench = createKernelBench([model], { ledger });
  const run = await bench.begin({ budgets: [budget] });
  await collect(run.chat(callOf({ request })));
  const settled = run.settle(ok);
  await bench.clock.advance(5_000);
  await settled;
  expect(ledger.settlements).toHaveLength(1);

  const second = await bench.begin({ budgets: [budget] });
  const append = ledger.settle.bind(ledger);
  let lost = true;
  ledger.settle = async (settlement) => {
    await append(settlement);
    if (lost) {
      lost = false;
      throw new Error('connection reset');
    }
  };
  await collect(second.chat(callOf({ request })));
  const again = second.settle(ok);
  await bench.clock.advance(5_000);
  await expect(again).resolves.toMatchObject({ status: 'ok' });
  expect(ledger.settlements).toHaveLength(2);
});

test('[K33] when settlement fails for good the money stays spent in memory, and settling again books it', async () => {
  const ledger = createMemoryLedger();
  ledger.beforeWrite = (kind) => {
    if (kind === 'settle') throw new MyriadError('storage_read_only', 'Read-only.');
  };
  const bench = createKernelBench([model], { ledger });
  const worst = 85 + 400;
  const tight = { ...budget, limitMicros: worst + 31 };
  const run = await bench.begin({ budgets: [tight] });
  await collect(run.chat(callOf({ request })));
  await expect(run.settle(ok)).rejects.toMatchObject({ code: 'storage_read_only' });
  const next = await bench.begin({ budgets: [tight] });
  await expect(collect(next.chat(callOf({ request })))).rejects.toMatchObject({ facts: { spentMicros: 32 } });
  ledger.beforeWrite = null;
  await expect(run.settle(ok)).resolves.toMatchObject({ costMicros: 32 });
  expect(ledger.settlements).toHaveLength(1);
});

test('[K34] runs of a dead process are booked as lost, their exposure kept, their holds released', async () => {
  const dead = createKernelBench([{ endpoint: endpointOf({ id: 'm1' }), chat: () => answer(['x'], null) }]);
  const run = await dead.begin({
    budgets: [budget],
    assignment: { experiment: 'e1', variant: 'treatment', reason: 'experiment', unit: 'u1' },
  });
  const iterator = run.chat(callOf({ request }))[Symbol.asyncIterator]();
  await iterator.next();
  expect(dead.ledger.holds.size).toBe(1);

  const alive = createKernelBench([model], { ledger: dead.ledger, owner: 'node-2' });
  const early = await alive.begin({ budgets: [{ ...budget, limitMicros: 900 }] });
  await expect(collect(early.chat(callOf({ request })))).rejects.toMatchObject({ facts: { heldMicros: 485 } });
  expect(await alive.kernel.recover()).toBe(1);
  expect(dead.ledger.records.get(run.runId)).toMatchObject({ status: 'lost', costMicros: null, appId: 'app_one' });
  expect((await dead.ledger.exposures({})).items[0]).toMatchObject({ unit: 'u1', runId: run.runId });
  expect(dead.ledger.holds.size).toBe(0);
  await collect(early.chat(callOf({ request })));
  expect(await alive.kernel.recover()).toBe(0);
});

test('[K34] under the policy `charge` a lost run costs all that it held', async () => {
  const dead = createKernelBench([model]);
  const run = await dead.begin({ budgets: [budget] });
  await run.chat(callOf({ request }))[Symbol.asyncIterator]().next();
  const alive = createKernelBench([model], { ledger: dead.ledger, owner: 'node-2', lostPolicy: 'charge' });
  await alive.kernel.recover();
  expect(dead.ledger.settlements[0]?.charges[0]?.micros).toBe(485);
});

test('[K35] a run that is exposed books its exposure with the settlement; an override is no exposure', async () => {
  const bench = createKernelBench([model]);
  const exposed = await bench.begin({
    assignment: { experiment: 'e1', variant: 'control', reason: 'experiment', unit: 'u1' },
    delivered: 'control',
  });
  await collect(exposed.chat(callOf({ request })));
  await exposed.settle({ ...ok, delivered: 'treatment' });
  const forced = await bench.begin({
    assignment: { experiment: 'e1', variant: 'treatment', reason: 'override', unit: 'u2' },
  });
  await forced.settle(ok);
  expect(bench.ledger.settlements.map((settlement) => settlement.exposure)).toEqual([
    expect.objectContaining({ assigned: 'control', delivered: 'treatment', unit: 'u1' }),
    null,
  ]);
});
