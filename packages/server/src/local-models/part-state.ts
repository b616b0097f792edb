/** What of a download is on disk already: read and written whole, so that kill −9 finds the one or the other. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { z } from 'zod';

const schema = z.strictObject({
  url: z.string(),
  etag: z.string().nullable(),
  totalBytes: z.int().min(1),
  parts: z.array(z.strictObject({ start: z.int().min(0), end: z.int().min(0), done: z.int().min(0) })),
});

/** Bytes `start`…`end`, both inclusive, of which the first `done` are on disk. */
export interface Part {
  readonly start: number;
  readonly end: number;
  done: number;
}

export interface PartState {
  readonly url: string;
  readonly etag: string | null;
  readonly totalBytes: number;
  readonly parts: readonly Part[];
}

/** Cuts a file into parts of at most `partBytes`. */
export function planParts(totalBytes: number, partBytes: number): Part[] {
  return Array.from({ length: Math.ceil(totalBytes / partBytes) }, (_, index) => ({
    start: index * partBytes,
    end: Math.min(totalBytes, (index + 1) * partBytes) - 1,
    done: 0,
  }));
}

export const partLength = ({ start, end }: Part): number => end - start + 1;

export const receivedOf = (parts: readonly Part[]): number => parts.reduce((sum, { done }) => sum + done, 0);

/** Null when there is none, or it cannot be read: then the download begins anew. */
export async function readPartState(path: string): Promise<PartState | null> {
  try {
    const state = schema.parse(JSON.parse(await readFile(path, 'utf8')));
    let next = 0;
    for (const part of state.parts) {
      if (part.start !== next || part.end < part.start || part.done > partLength(part)) return null;
      next = part.end + 1;
    }
    return next === state.totalBytes ? state : null;
  } catch {
    return null;
  }
}

/** Written beside, synced and renamed into place. */
export async function writePartState(path: string, state: PartState): Promise<void> {
  const draft = `${path}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(state));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}

export async function removePartState(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.new`, { force: true });
}
