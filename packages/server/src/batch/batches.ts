/** `/v1/batches`: many requests in one file, run later at a lower price. */
import { type BatchRecord, MyriadError, newId } from '@myriad/contracts';
import { type House, tenant } from '../house.ts';
import { bad, isObject, object } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { type Exchange, readJsonBody } from '../v1/exchange.ts';
import { ownFile, sendList } from './files.ts';
import { asOwner, own } from './owner.ts';
import { pageAfter, readLife, readWindow } from './read-query.ts';
import { lineEndpoints } from './run-line.ts';
import { encodeBatch } from './wire.ts';

const known = ['input_file_id', 'endpoint', 'completion_window', 'metadata', 'output_expires_after'];

export async function createBatch(house: House, exchange: Exchange): Promise<void> {
  const { subject, ownerId } = await asOwner(house, exchange, 'batch.write');
  const body = object(await readJsonBody(house, exchange), '');
  for (const field of Object.keys(body)) if (!known.includes(field)) throw bad(field, 'This is not known here.');
  const { endpoint, input_file_id: inputFileId, completion_window: completionWindow } = body;
  if (typeof endpoint !== 'string' || !Object.hasOwn(lineEndpoints, endpoint))
    throw bad('endpoint', `Expected one of ${Object.keys(lineEndpoints).join(', ')}.`);
  if (typeof inputFileId !== 'string') throw bad('input_file_id', 'Expected the id of a file.');
  const windowMs = readWindow(completionWindow);
  const metadata = readMetadata(body.metadata);
  const life = body.output_expires_after;
  const outputLifeMs = readLife(
    life === undefined || life === null ? {} : object(life, 'output_expires_after'),
    'output_expires_after',
  );
  const input = await ownFile(house, ownerId, inputFileId, 'input_file_id');
  if (input.purpose !== 'batch') throw bad('input_file_id', 'Expected a file that was uploaded for a batch.');
  const now = house.clock.now();
  const batch: BatchRecord = {
    id: newId('batch', house.clock, house.random),
    tenant,
    ownerId,
    keyId: subject.kind === 'key' ? subject.key.id : null,
    personId: subject.kind === 'person' ? subject.person.id : null,
    endpoint,
    inputFileId,
    completionWindow: String(completionWindow),
    status: 'validating',
    metadata,
    errors: [],
    outputFileId: null,
    errorFileId: null,
    total: 0,
    completed: 0,
    failed: 0,
    priceRatio: house.config.batch.priceRatio,
    outputLifeMs,
    createdAt: now,
    inProgressAt: null,
    expiresAt: now + windowMs,
    finalizingAt: null,
    completedAt: null,
    failedAt: null,
    expiredAt: null,
    cancellingAt: null,
    cancelledAt: null,
  };
  await house.store.batches.create(batch);
  house.batches.begin(batch);
  sendJson(exchange.response, 200, encodeBatch(batch), { 'x-request-id': exchange.requestId });
}

export async function listBatches(house: House, exchange: Exchange): Promise<void> {
  const { ownerId } = await asOwner(house, exchange, 'batch.read');
  const page = await house.store.batches.batches({ ...pageAfter(exchange.url.searchParams, 100), ownerId });
  const data = await Promise.all(page.items.map((batch) => counted(house, batch)));
  sendList(exchange, data.map(encodeBatch), page.nextCursor !== null);
}

export async function showBatch(house: House, exchange: Exchange, id: string): Promise<void> {
  const { ownerId } = await asOwner(house, exchange, 'batch.read');
  const batch = own(await house.store.batches.batch(id), ownerId, 'batch', id, 'batch_id');
  sendJson(exchange.response, 200, encodeBatch(await counted(house, batch)), { 'x-request-id': exchange.requestId });
}

/** @throws MyriadError `conflict` for one that has ended or is about to. */
export async function cancelBatch(house: House, exchange: Exchange, id: string): Promise<void> {
  const { ownerId } = await asOwner(house, exchange, 'batch.write');
  own(await house.store.batches.batch(id), ownerId, 'batch', id, 'batch_id');
  const changed = await house.store.batches.change(id, ['validating', 'in_progress'], {
    status: 'cancelling',
    cancellingAt: house.clock.now(),
  });
  if (changed) house.batches.cancel(id);
  const batch = changed ?? own(await house.store.batches.batch(id), ownerId, 'batch', id, 'batch_id');
  if (!changed && batch.status !== 'cancelling')
    throw new MyriadError('conflict', `Batch ${id} is ${batch.status} and cannot be cancelled.`, {
      facts: { status: batch.status },
    });
  sendJson(exchange.response, 200, encodeBatch(await counted(house, batch)), { 'x-request-id': exchange.requestId });
}

/** While a batch runs its lines say how far it is. */
async function counted(house: House, batch: BatchRecord): Promise<BatchRecord> {
  if (batch.status !== 'in_progress' && batch.status !== 'finalizing' && batch.status !== 'cancelling') return batch;
  const { done, failed, pending } = await house.store.batches.counts(batch.id);
  // Without lines it has ended since it was read.
  if (done + failed + pending === 0) return (await house.store.batches.batch(batch.id)) ?? batch;
  return { ...batch, completed: done, failed };
}

function readMetadata(value: unknown): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return null;
  const entries = isObject(value) ? Object.entries(value) : null;
  const fits =
    entries &&
    entries.length <= 16 &&
    entries.every(([key, text]) => key.length <= 64 && typeof text === 'string' && text.length <= 512);
  if (!fits) throw bad('metadata', 'Expected at most 16 texts of up to 512 characters, under names of up to 64.');
  return value as Record<string, string>;
}
