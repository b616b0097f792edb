import { cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type BackupReceipt, MyriadError } from '@myriad/contracts';
import { lockFiles } from '../sqlite/lock-folder.ts';
import { databaseFile } from '../sqlite/open-sqlite.ts';
import { failureOf, plainFailure } from '../sqlite/sqlite-failure.ts';
import {
  type BackupFile,
  type BackupManifest,
  backupFormat,
  describeFile,
  filesBelow,
  manifestChecksum,
  manifestName,
  syncPath,
} from './backup-manifest.ts';

/** The database's own files are copied through SQLite, never as files: closing one would drop its locks. */
const leftOut = [databaseFile, ...lockFiles];

export interface BackupOptions {
  readonly folder: string;
  readonly path: string;
  readonly kind: 'sqlite' | 'postgres';
  readonly schemaVersion: number;
  readonly madeAt: number;
  readonly onProgress?: (ratio: number) => void;
  /** Writes the database into the folder, as of one moment, and says what it holds. */
  copyDatabase(draft: string): Promise<Pick<BackupManifest, 'rows' | 'audit'>>;
}

/**
 * A consistent copy of the data while it is served: the database as of one moment, then every other file of the data
 * folder (blobs, keys), each with its SHA-256. It appears under `path` only when whole.
 *
 * @throws MyriadError `conflict` when something is at `path` already, or `storage_*`.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupReceipt> {
  const { folder, path, kind, schemaVersion, madeAt, onProgress } = options;
  if (await stat(path).catch(() => null)) throw new MyriadError('conflict', `There is something at ${path} already.`);
  if (`${path}${sep}`.startsWith(`${folder}${sep}`)) {
    throw new MyriadError('invalid_request', 'A backup cannot lie within the data folder that it copies.');
  }
  const draft = `${path}.partial`;
  try {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    onProgress?.(0);
    const proof = await options.copyDatabase(draft);
    const ofDatabase = await filesBelow(draft);
    onProgress?.(0.5);
    await copyOthers(folder, draft, (ratio) => onProgress?.(0.5 + ratio * 0.4));
    const files: BackupFile[] = [];
    for (const file of await filesBelow(draft)) {
      await syncPath(join(draft, file));
      files.push(await describeFile(draft, file));
    }
    if (ofDatabase.length === 0) throw new MyriadError('internal', 'The database wrote no file.');
    const described = { format: backupFormat, kind, schemaVersion, madeAt, files, ...proof };
    const manifest: BackupManifest = { ...described, checksum: manifestChecksum(described) };
    await writeFile(join(draft, manifestName), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true });
    await syncPath(draft);
    await rename(draft, path);
    await syncPath(dirname(path));
    onProgress?.(1);
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return { path, sizeBytes, files: files.length, checksum: manifest.checksum, schemaVersion, madeAt };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw failureOf(plainFailure(error));
  }
}

async function copyOthers(folder: string, draft: string, onProgress: (ratio: number) => void): Promise<void> {
  const wanted = (await filesBelow(folder)).filter(
    (path) =>
      !leftOut.some((name) => path.startsWith(name)) &&
      !path.startsWith(join('blobs', 'incoming')) &&
      !path.startsWith(`uploads${sep}`),
  );
  for (const [index, path] of wanted.entries()) {
    await mkdir(dirname(join(draft, path)), { recursive: true });
    try {
      await cp(join(folder, path), join(draft, path), { preserveTimestamps: true });
    } catch (error) {
      // Deleted since the list was made: then it is not part of what there is.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    onProgress((index + 1) / wanted.length);
  }
}
