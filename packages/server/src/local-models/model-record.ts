/** What is known of a whole file on disk: a small record beside it, written after its checksum was found right. */
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { hashFile } from './hash-file.ts';

const schema = z.object({ url: z.string(), sha256: z.string(), sizeBytes: z.int().min(1), at: z.number() });

export type ModelRecord = z.infer<typeof schema>;

const recordPathOf = (file: string) => `${file}.json`;

/** Null unless record and file are there and the file has the size it had. */
export async function readRecord(file: string): Promise<ModelRecord | null> {
  try {
    const record = schema.parse(JSON.parse(await readFile(recordPathOf(file), 'utf8')));
    return (await stat(file)).size === record.sizeBytes ? record : null;
  } catch {
    return null;
  }
}

export async function writeRecord(file: string, record: ModelRecord): Promise<void> {
  const draft = `${recordPathOf(file)}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, recordPathOf(file));
}

/** Size of a file that is there already with the right checksum, or null. */
export async function adoptFile(file: string, sha256: string, signal: AbortSignal): Promise<number | null> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  return size > 0 && (await hashFile(file, signal)) === sha256 ? size : null;
}

export async function removeFile(file: string): Promise<void> {
  await rm(recordPathOf(file), { force: true });
  await rm(file, { force: true });
}
