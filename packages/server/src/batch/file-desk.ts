/**
 * Files of callers and results of batches. Each blob begins with a line of its own that names the file, so that no two
 * files and no document share their bytes: deleting one takes nothing from another.
 */
import { type Clock, MyriadError, newId, type Random, type Store, type StoredFile } from '@myriad/contracts';
import { tenant } from '../house.ts';

export interface FileParts {
  readonly store: Pick<Store, 'batches' | 'blobs'>;
  readonly clock: Clock;
  readonly random: Random;
}

export interface NewFile {
  readonly ownerId: string;
  readonly name: string;
  readonly purpose: string;
  readonly expiresAt: number | null;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Writes the bytes. The file exists when its record is saved as well. */
export async function writeFile({ store, clock, random }: FileParts, wanted: NewFile): Promise<StoredFile> {
  const { content, ...facts } = wanted;
  const id = newId('file', clock, random);
  const head = Buffer.from(`${id}\n`);
  const written = await store.blobs.put(
    (async function* () {
      yield head;
      yield* content;
    })(),
  );
  return {
    id,
    tenant,
    ...facts,
    sizeBytes: written.sizeBytes - head.byteLength,
    blobHash: written.hash,
    headBytes: head.byteLength,
    createdAt: clock.now(),
  };
}

/** The file's bytes, checked against the blob's name before their end is told. */
export async function* fileContent(
  { store }: Pick<FileParts, 'store'>,
  { blobHash, headBytes }: StoredFile,
): AsyncGenerator<Uint8Array> {
  let left = headBytes;
  for await (const chunk of store.blobs.stream(blobHash)) {
    const skipped = Math.min(left, chunk.byteLength);
    left -= skipped;
    if (skipped < chunk.byteLength) yield chunk.subarray(skipped);
  }
}

export async function filePart(
  { store }: Pick<FileParts, 'store'>,
  { blobHash, headBytes }: StoredFile,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of store.blobs.stream(blobHash, { start: headBytes + start, end: headBytes + end }))
    parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export function isExpired({ clock }: Pick<FileParts, 'clock'>, file: StoredFile): boolean {
  return file.expiresAt !== null && file.expiresAt <= clock.now();
}

/** @throws MyriadError `conflict` while a batch still reads it. */
export async function deleteFile({ store }: Pick<FileParts, 'store'>, file: StoredFile): Promise<void> {
  const reader = (await store.batches.unended()).find(({ inputFileId }) => inputFileId === file.id);
  if (reader)
    throw new MyriadError('conflict', `Batch ${reader.id} still reads file ${file.id}.`, {
      facts: { batch: reader.id },
    });
  if (await store.batches.deleteFile(file.id)) await store.blobs.delete(file.blobHash);
}

/** Removes files whose time is over, but for those that a batch still reads. */
export async function sweepFiles(parts: FileParts): Promise<void> {
  const { store, clock } = parts;
  const read = new Set((await store.batches.unended()).map(({ inputFileId }) => inputFileId));
  for (const file of await store.batches.expiredFiles(clock.now()))
    if (!read.has(file.id)) await deleteFile(parts, file);
}
