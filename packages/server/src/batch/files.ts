/** `/v1/files`: what a batch reads and what it wrote; each only for whoever it belongs to. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';
import { bad } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { withForm } from '../media/receive-form.ts';
import type { Exchange } from '../v1/exchange.ts';
import { deleteFile, fileContent, isExpired, writeFile } from './file-desk.ts';
import { asOwner, own } from './owner.ts';
import { pageAfter, readLife } from './read-query.ts';
import { encodeFile } from './wire.ts';

export async function createFile(house: House, exchange: Exchange): Promise<void> {
  const { ownerId } = await asOwner(house, exchange, 'batch.write');
  const file = await withForm(house, exchange, async (form) => {
    const purpose = form.value('purpose');
    if (purpose !== 'batch') throw bad('purpose', 'Only "batch" is supported: files are kept for batches.');
    const [sent, more] = form.files;
    if (sent?.field !== 'file' || more) throw bad('file', 'Expected one file.');
    const lifeMs = readLife(
      { anchor: form.value('expires_after[anchor]'), seconds: form.value('expires_after[seconds]') },
      'expires_after',
    );
    const written = await writeFile(house, {
      ownerId,
      name: sent.name,
      purpose,
      expiresAt: lifeMs === null ? null : house.clock.now() + lifeMs,
      content: createReadStream(sent.path),
    });
    await house.store.batches.saveFile(written);
    return written;
  });
  sendJson(exchange.response, 200, encodeFile(file), { 'x-request-id': exchange.requestId });
}

export async function listFiles(house: House, exchange: Exchange): Promise<void> {
  const { ownerId } = await asOwner(house, exchange, 'batch.read');
  const { searchParams } = exchange.url;
  const purpose = searchParams.get('purpose');
  const order = searchParams.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') throw bad('order', 'Expected asc or desc.');
  const page = await house.store.batches.files({
    ...pageAfter(searchParams, 10_000),
    ownerId,
    order,
    ...(purpose ? { purpose } : {}),
  });
  const data = page.items.filter((file) => !isExpired(house, file)).map(encodeFile);
  sendList(exchange, data, page.nextCursor !== null);
}

export async function showFile(house: House, exchange: Exchange, id: string): Promise<void> {
  const file = await ownFile(house, (await asOwner(house, exchange, 'batch.read')).ownerId, id);
  sendJson(exchange.response, 200, encodeFile(file), { 'x-request-id': exchange.requestId });
}

export async function showContent(house: House, exchange: Exchange, id: string): Promise<void> {
  const file = await ownFile(house, (await asOwner(house, exchange, 'batch.read')).ownerId, id);
  exchange.response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.sizeBytes,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
    'x-request-id': exchange.requestId,
  });
  // A reader who leaves early is no failure of ours.
  await pipeline(Readable.from(fileContent(house, file)), exchange.response).catch((error: unknown) => {
    if (error instanceof MyriadError) throw error;
  });
}

export async function removeFile(house: House, exchange: Exchange, id: string): Promise<void> {
  const file = await ownFile(house, (await asOwner(house, exchange, 'batch.write')).ownerId, id);
  await deleteFile(house, file);
  sendJson(exchange.response, 200, { id, object: 'file', deleted: true }, { 'x-request-id': exchange.requestId });
}

/** @throws MyriadError `not_found`, also when its time is over. */
export async function ownFile(house: House, ownerId: string, id: string, param = 'file_id') {
  const found = await house.store.batches.file(id);
  return own(found && !isExpired(house, found) ? found : null, ownerId, 'file', id, param);
}

export function sendList(exchange: Exchange, data: readonly { readonly id?: unknown }[], hasMore: boolean): void {
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: hasMore };
  sendJson(exchange.response, 200, { object: 'list', data, ...ends }, { 'x-request-id': exchange.requestId });
}
