/** What a backup says of itself: every file with its hash, and one checksum over the list. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export const manifestName = 'manifest.json';
export const backupFormat = 1;

export interface BackupFile {
  /** Path below the backup, with `/` between folders. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface BackupManifest {
  readonly format: number;
  readonly kind: 'sqlite' | 'postgres';
  readonly schemaVersion: number;
  readonly madeAt: number;
  readonly files: readonly BackupFile[];
  /** Rows of each table at the moment of the copy. */
  readonly rows: Readonly<Record<string, number>>;
  readonly audit: { readonly entries: number; readonly lastHash: string | null };
  readonly checksum: string;
}

/** SHA-256 over everything else in the manifest. */
export function manifestChecksum(manifest: Omit<BackupManifest, 'checksum'>): string {
  const { format, kind, schemaVersion, madeAt, files, rows, audit } = manifest;
  const lines = files.map(({ path, sizeBytes, sha256 }) => `${sha256} ${sizeBytes} ${path}`).sort();
  const counts = Object.entries(rows)
    .map(([table, count]) => `${table} ${count}`)
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([format, kind, schemaVersion, madeAt, lines, counts, audit.entries, audit.lastHash]))
    .digest('hex');
}

export async function describeFile(root: string, path: string): Promise<BackupFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(join(root, path)) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.byteLength;
    hash.update(chunk);
  }
  return { path: path.split(sep).join('/'), sizeBytes, sha256: hash.digest('hex') };
}

/** Paths of all files below a folder, in order. */
export async function filesBelow(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Brings a file or folder to the disk, so that the rename after it cannot outrun it. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().catch(() => {});
  await handle.close();
}
