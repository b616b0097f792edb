/**
 * Bytes named by their SHA-256, as files under `ab/cd/…`. A file appears under its name only when it is whole and on the
 * disk: written aside, synced, renamed. Reading checks the name against the bytes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BlobStore, MyriadError } from '@myriad/contracts';
import { failureOf, plainFailure } from '../sqlite/sqlite-failure.ts';

const named = /^[0-9a-f]{64}$/;
const chunkBytes = 256 * 1024;

/** Where a blob lies below its folder. @throws MyriadError `invalid_request` for what is no SHA-256 in hex. */
export function blobPath(hash: string): string {
  if (!named.test(hash)) throw new MyriadError('invalid_request', 'A blob is named by 64 lower-case hex digits.');
  return join(hash.slice(0, 2), hash.slice(2, 4), hash);
}

async function failing<Result>(hash: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new MyriadError('not_found', `There is no blob ${hash}.`, { facts: { hash } });
    }
    throw failureOf(plainFailure(error));
  }
}

/** Makes a name in a folder durable; platforms that cannot sync a folder skip it. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

export async function openFolderBlobs(folder: string): Promise<BlobStore> {
  const aside = join(folder, 'incoming');
  try {
    // What a process that died was still writing is of no use to anyone.
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
  } catch (error) {
    throw failureOf(plainFailure(error));
  }
  const damaged = (hash: string) =>
    new MyriadError('storage_corrupt', `The bytes of blob ${hash} are not those it is named for.`, { facts: { hash } });

  async function writeAll(file: FileHandle, content: AsyncIterable<Uint8Array> | Uint8Array, maxBytes: number) {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new MyriadError('body_too_large', `The content is larger than ${maxBytes} bytes.`, {
          facts: { maxBytes },
        });
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { hash: hash.digest('hex'), sizeBytes };
  }

  return {
    async put(content, options = {}) {
      const draft = join(aside, randomUUID());
      try {
        const file = await open(draft, 'wx');
        try {
          const written = await writeAll(file, content, options.maxBytes ?? Number.POSITIVE_INFINITY);
          const path = join(folder, blobPath(written.hash));
          await mkdir(dirname(path), { recursive: true });
          await rename(draft, path);
          await syncFolder(dirname(path));
          await syncFolder(dirname(dirname(path)));
          return written;
        } finally {
          await file.close();
        }
      } catch (error) {
        await rm(draft, { force: true });
        throw failureOf(plainFailure(error));
      }
    },
    async adopt(path, hash) {
      const target = join(folder, blobPath(hash));
      try {
        await mkdir(dirname(target), { recursive: true });
        await rename(path, target);
        await syncFolder(dirname(target));
        await syncFolder(dirname(dirname(target)));
      } catch (error) {
        throw failureOf(plainFailure(error));
      }
    },
    get: (hash) =>
      failing(hash, async () => {
        const bytes = await readFile(join(folder, blobPath(hash)));
        if (createHash('sha256').update(bytes).digest('hex') !== hash) throw damaged(hash);
        return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      }),
    async *stream(hash, range) {
      const path = join(folder, blobPath(hash));
      const { size } = await failing(hash, () => stat(path));
      if (range && !(range.start >= 0 && range.start <= range.end && range.end <= size)) {
        throw new MyriadError('invalid_request', `The range ${range.start}-${range.end} is not within ${size} bytes.`);
      }
      if (range && range.start === range.end) return;
      // A part cannot be checked by the name of the whole; a whole stream is, before its end is told.
      const check = range ? null : createHash('sha256');
      const source = createReadStream(path, {
        highWaterMark: chunkBytes,
        ...(range ? { start: range.start, end: range.end - 1 } : {}),
      });
      for await (const chunk of source as AsyncIterable<Buffer>) {
        check?.update(chunk);
        yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
      if (check && check.digest('hex') !== hash) throw damaged(hash);
    },
    async has(hash) {
      return access(join(folder, blobPath(hash))).then(
        () => true,
        () => false,
      );
    },
    async delete(hash) {
      const path = join(folder, blobPath(hash));
      await failing(hash, () => rm(path, { force: true }));
    },
  };
}
