import { open } from 'node:fs/promises';
import { TaizhangError } from '../errors.ts';
import { type Checkpoint, checksum } from './checkpoint.ts';

const magic = 'TZCP0001';
const headerBytes = 24;

/**
 * A checkpoint in one file: a header with the plan's hash, then one record a chunk, each with a checksum and synced to
 * disk before it counts. A record torn by a crash is cut off at the next start, so `kill -9` at any moment costs at most
 * the chunks in work.
 *
 * @throws TaizhangError `checkpoint_mismatch` (from `load`) when the file is of another plan or no checkpoint at all.
 */
export async function openFileCheckpoint(path: string): Promise<Checkpoint> {
  const file = await open(path, 'a+');
  let tail: Promise<void> = Promise.resolve();
  return {
    load: async (planHash) => {
      const bytes = new Uint8Array(await file.readFile());
      const header = new TextEncoder().encode(magic + planHash);
      if (bytes.length < headerBytes) {
        await file.truncate(0);
        await file.appendFile(header);
        await file.sync();
        return new Map();
      }
      if (header.some((byte, i) => bytes[i] !== byte))
        throw new TaizhangError('checkpoint_mismatch', `The checkpoint ${path} belongs to another plan.`, { path });
      const kept = new Map<number, Float64Array>();
      let at = headerBytes;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      while (at + 12 <= bytes.length) {
        const chunk = view.getUint32(at, true);
        const length = view.getUint32(at + 4, true);
        const end = at + 12 + 8 * length;
        if (end > bytes.length || checksum(bytes.subarray(at + 8 + 4, end)) !== view.getUint32(at + 8, true)) break;
        const sum = new Float64Array(length);
        for (let i = 0; i < length; i++) sum[i] = view.getFloat64(at + 12 + 8 * i, true);
        kept.set(chunk, sum);
        at = end;
      }
      if (at < bytes.length) await file.truncate(at);
      return kept;
    },
    append: (chunk, sum) => {
      const record = new Uint8Array(12 + 8 * sum.length);
      const view = new DataView(record.buffer);
      view.setUint32(0, chunk, true);
      view.setUint32(4, sum.length, true);
      sum.forEach((value, i) => {
        view.setFloat64(12 + 8 * i, value, true);
      });
      view.setUint32(8, checksum(record.subarray(12)), true);
      tail = tail.then(async () => {
        await file.appendFile(record);
        await file.datasync();
      });
      return tail;
    },
    close: async () => {
      await tail.catch(() => {});
      await file.close();
    },
  };
}
