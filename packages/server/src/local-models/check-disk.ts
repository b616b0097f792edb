/** Whether a file still fits: asked before the first byte, not found out at the last. */
import { statfs } from 'node:fs/promises';
import { MyriadError } from '@myriad/contracts';

/** Bytes that have to stay free for the ledger and the documents after a download. */
export const marginBytes = 512 * 1024 * 1024;

export type FreeBytes = (folder: string) => Promise<number | null>;

/** Bytes that an ordinary process may still write, or null when the system does not say. */
export const freeBytes: FreeBytes = async (folder) => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
};

/** @throws MyriadError `storage_full` with what is needed and what there is. */
export async function checkDisk(folder: string, missingBytes: number, free: FreeBytes): Promise<void> {
  const left = await free(folder);
  if (left === null || left >= missingBytes + marginBytes) return;
  throw new MyriadError(
    'storage_full',
    `The download needs ${mb(missingBytes)} and ${mb(marginBytes)} to spare; the disk of ${folder} has ${mb(left)} free.`,
    { facts: { missingBytes, marginBytes, freeBytes: left } },
  );
}

const mb = (bytes: number) => `${Math.ceil(bytes / 1_000_000).toLocaleString('en')} MB`;
