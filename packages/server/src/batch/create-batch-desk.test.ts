import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppRunRequest,
  type BatchRecord,
  configSchema,
  type DirectEvent,
  type Store,
  systemClock,
  systemRandom,
} from '@myriad/contracts';
import { openStore } from '@myriad/store';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { House } from '../house.ts';
import { createBatchDesk } from './create-batch-desk.ts';
import { fileContent, sweepFiles, writeFile } from './file-desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'myriad-batch-'));
let store: Store;
beforeAll(async () => {
  store = await openStore({ data: folder, database: 'sqlite', clock: systemClock });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Model = (question: string, settle: () => Promise<void>) => AsyncIterable<readonly DirectEvent[]>;

/** A house whose models are a function; everything that is kept is kept in a real store. */
function houseOf(model: Model, parallel = 2): House {
  const runModelBatches = (request: {
    chat: { messages: readonly { content: readonly { text?: string }[] }[] };
    beforeSettle?: AppRunRequest['beforeSettle'];
  }) =>
    model(request.chat.messages[0]?.content[0]?.text ?? '', async () =>
      request.beforeSettle?.({ runId: 'run_1', finish: null }),
    );
  return {
    store,
    clock: systemClock,
    random: systemRandom,
    config: configSchema.parse({ batch: { parallel } }),
    log: () => {},
    org: {
      subjectOf: async () => ({ kind: 'system' }),
      authorize: () => ({ allowed: true, because: '' }),
      principalsOf: () => [],
    },
    apps: { runModelBatches },
  } as unknown as House;
}

const bytes = async function* (text: string) {
  yield Buffer.from(text);
};

async function makeBatch(house: House, questions: readonly string[], change: Partial<BatchRecord> = {}) {
  const lines = questions.map((text, at) =>
    JSON.stringify({
      custom_id: `q${at}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm', messages: [{ role: 'user', content: text }] },
    }),
  );
  const content = bytes(lines.join('\n'));
  const file = await writeFile(house, { ownerId: 'per_1', name: 'in', purpose: 'batch', expiresAt: null, content });
  await store.batches.saveFile(file);
  const none = { inProgressAt: null, finalizingAt: null, completedAt: null, failedAt: null, expiredAt: null };
  const batch: BatchRecord = {
    ...{ id: `batch_${file.id}`, tenant: 'main', ownerId: 'per_1', keyId: null, personId: null, ...none },
    ...{ endpoint: '/v1/chat/completions', inputFileId: file.id, completionWindow: '24h', status: 'validating' },
    ...{ metadata: null, errors: [], outputFileId: null, errorFileId: null, total: 0, completed: 0, failed: 0 },
    ...{ priceRatio: 0.5, outputLifeMs: null, createdAt: 1, expiresAt: Date.now() + 60_000 },
    ...{ cancellingAt: null, cancelledAt: null },
    ...change,
  } as BatchRecord;
  await store.batches.create(batch);
  return batch;
}

async function ended(id: string): Promise<BatchRecord> {
  return vi.waitUntil(
    async () => {
      const batch = await store.batches.batch(id);
      return batch && ['completed', 'expired', 'failed', 'cancelled'].includes(batch.status) ? batch : null;
    },
    { timeout: 30_000, interval: 10 },
  );
}

async function textOf(id: string | null): Promise<string> {
  const file = await store.batches.file(id as string);
  if (!file) return '';
  const parts: Uint8Array[] = [];
  for await (const part of fileContent({ store }, file)) parts.push(part);
  return Buffer.concat(parts).toString();
}

const text = (words: string): readonly DirectEvent[] => [{ type: 'text', choice: 0, text: words }];
const hang = () => new Promise<never>(() => {});

test('a line that died after its answer was kept is not run again; one that died before is', async () => {
  const asked: string[] = [];
  const dying = houseOf(async function* (question, settle) {
    asked.push(question);
    yield text(`first life: ${question}`);
    if (question === 'kept') await settle();
    await hang();
  });
  const batch = await makeBatch(dying, ['kept', 'not kept']);
  // This desk is never closed, as a process that is killed is not.
  createBatchDesk(dying).begin(batch);
  await vi.waitUntil(async () => (await store.batches.counts(batch.id)).done === 1 && asked.length === 2, {
    timeout: 30_000,
  });
  const next = houseOf(async function* (question, settle) {
    asked.push(question);
    yield text(`second life: ${question}`);
    await settle();
    yield [{ type: 'error', problem: { code: 'storage_full', detail: 'not booked', facts: {} } } as never];
  });
  const desk = createBatchDesk(next);
  desk.begin((await store.batches.batch(batch.id)) as BatchRecord);
  const done = await ended(batch.id);
  expect(done).toMatchObject({ status: 'completed', total: 2, completed: 2, failed: 0 });
  expect(asked).toEqual(['kept', 'not kept', 'not kept']);
  const output = await textOf(done.outputFileId);
  expect([output.match(/first life: kept/g), output.match(/second life: not kept/g)]).toEqual([
    ['first life: kept'],
    ['second life: not kept'],
  ]);
  await desk.close();
});

test('what was not reached within the window is in the error file as expired', async () => {
  const house = houseOf(async function* (question, settle) {
    yield text(question);
    await settle();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    yield [{ type: 'error', problem: { code: 'aborted', detail: '', facts: {} } } as never];
  }, 1);
  const batch = await makeBatch(house, ['reached', 'late', 'later'], { expiresAt: Date.now() + 1_500 });
  const desk = createBatchDesk(house);
  desk.begin(batch);
  const done = await ended(batch.id);
  expect(done).toMatchObject({ status: 'expired', total: 3, completed: 1, failed: 2, errors: [] });
  expect(done.expiredAt).not.toBeNull();
  const failures = (await textOf(done.errorFileId)).trimEnd().split('\n');
  expect(failures.map((line) => [JSON.parse(line).custom_id, JSON.parse(line).error.code])).toEqual([
    ['q1', 'batch_expired'],
    ['q2', 'batch_expired'],
  ]);
  await desk.close();
});

test('files past their time go with their bytes; one that a batch reads stays', async () => {
  const house = houseOf(async function* () {});
  const make = async (expiresAt: number | null) => {
    const wanted = { ownerId: 'per_2', name: 'x', purpose: 'batch', expiresAt, content: bytes('same bytes') };
    const file = await writeFile(house, wanted);
    await store.batches.saveFile(file);
    return file;
  };
  const [old, read, kept] = [await make(1), await make(1), await make(null)];
  await makeBatch(house, ['x'], { inputFileId: read.id, status: 'in_progress' });
  await sweepFiles(house);
  expect(await store.batches.file(old.id)).toBeNull();
  expect(await store.blobs.has(old.blobHash)).toBe(false);
  expect([await textOf(read.id), await textOf(kept.id)]).toEqual(['same bytes', 'same bytes']);
});
