import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type BackupReceipt, MyriadError, systemClock } from '@myriad/contracts';
import { lockFiles, lockFolder } from '../sqlite/lock-folder.ts';
import { databaseFile } from '../sqlite/open-sqlite.ts';
import { failureOf, plainFailure } from '../sqlite/sqlite-failure.ts';
import { type BackupManifest, backupFormat, describeFile, manifestChecksum, manifestName } from './backup-manifest.ts';
import { tablesFolder } from './postgres-rows.ts';
import { readProof, verifyAuditOfFile } from './read-proof.ts';
import { restorePostgres } from './restore-postgres.ts';

/** Present while a restore is under way; a data folder with it is not opened. */
export const unfinishedRestore = '.restoring';

/** What a restore showed of the restored data before it was put in place. */
export interface RestoreReceipt extends BackupReceipt {
  readonly kind: 'sqlite' | 'postgres';
  readonly rows: Readonly<Record<string, number>>;
  readonly auditEntries: number;
}

/**
 * Reads a backup's own account of itself and checks every file against it. Nothing is written.
 *
 * @throws MyriadError `storage_corrupt` naming the first file that is missing or changed; `unsupported` for a format that
 *   this Myriad does not know; `not_found` when there is no backup.
 */
export async function verifyBackup(path: string): Promise<BackupManifest> {
  const text = await readFile(join(path, manifestName), 'utf8').catch(() => {
    throw new MyriadError('not_found', `There is no backup at ${path}: it has no ${manifestName}.`, {
      facts: { path },
    });
  });
  const bad = (why: string) => new MyriadError('storage_corrupt', `The backup at ${path} ${why}.`, { facts: { path } });
  let manifest: BackupManifest;
  try {
    manifest = JSON.parse(text) as BackupManifest;
  } catch {
    throw bad('has a manifest that is not JSON');
  }
  if (manifest.format !== backupFormat) {
    throw new MyriadError(
      'unsupported',
      `The backup has format ${manifest.format}; this Myriad reads ${backupFormat}.`,
    );
  }
  if (!Array.isArray(manifest.files) || manifestChecksum(manifest) !== manifest.checksum) {
    throw bad('has a manifest that was changed: its checksum does not fit');
  }
  for (const file of manifest.files) {
    const inside = resolve(path, file.path);
    if (!inside.startsWith(`${resolve(path)}/`) && !inside.startsWith(`${resolve(path)}\\`)) {
      throw bad(`names a file outside itself: ${file.path}`);
    }
    const found = await describeFile(path, file.path).catch(() => null);
    if (!found) throw bad(`misses ${file.path}`);
    if (found.sha256 !== file.sha256) throw bad(`holds a changed ${file.path}`);
  }
  return manifest;
}

/**
 * Puts a backup into a data folder, and that of a PostgreSQL node also into the database given. Every checksum is verified before anything is touched, and the copy
 * is proved (SQLite's own check, the rows of each table, the whole audit chain) before it takes its place.
 *
 * @param options.force Replace what the folder holds. Without it a folder that holds anything is refused with `conflict`.
 * @param options.database URL of the PostgreSQL database, for the backup of a PostgreSQL node.
 * @throws MyriadError also `storage_locked` when a running node uses the folder.
 */
export async function restoreBackup(
  path: string,
  dataFolder: string,
  options: { readonly force?: boolean; readonly database?: string } = {},
): Promise<RestoreReceipt> {
  const manifest = await verifyBackup(path);
  const url = options.database === 'sqlite' ? undefined : options.database;
  if ((manifest.kind === 'postgres') !== (url !== undefined)) {
    throw new MyriadError(
      'unsupported',
      `This is a backup of a node on ${manifest.kind}; restore it into the same kind.`,
    );
  }
  const folder = resolve(dataFolder);
  const stage = join(folder, unfinishedRestore);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const unlock = lockFolder(folder);
    try {
      const old = (await readdir(folder)).filter((name) => !isOfLock(name));
      if (old.length > 0 && !options.force) {
        throw new MyriadError('conflict', `The folder ${folder} is not empty. Choose an empty one, or force it.`, {
          facts: { folder },
        });
      }
      await rm(stage, { recursive: true, force: true });
      for (const file of manifest.files) {
        await mkdir(dirname(join(stage, file.path)), { recursive: true });
        await cp(join(path, file.path), join(stage, file.path));
      }
      if (url === undefined) prove(join(stage, databaseFile), manifest);
      else {
        await restorePostgres({ path, url, manifest, force: options.force ?? false, clock: systemClock });
        await rm(join(stage, tablesFolder), { recursive: true });
      }
      for (const name of old) if (name !== unfinishedRestore) await rm(join(folder, name), { recursive: true });
      for (const name of await readdir(stage)) await rename(join(stage, name), join(folder, name));
      await rm(stage, { recursive: true });
    } finally {
      unlock();
    }
  } catch (error) {
    throw failureOf(plainFailure(error));
  }
  const { kind, checksum, schemaVersion, madeAt, rows, audit, files } = manifest;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return {
    path: folder,
    kind,
    checksum,
    schemaVersion,
    madeAt,
    rows,
    auditEntries: audit.entries,
    files: files.length,
    sizeBytes,
  };
}

const isOfLock = (name: string) => lockFiles.some((file) => name.startsWith(file));

function prove(file: string, manifest: BackupManifest): void {
  const { rows, audit } = readProof(file);
  for (const [table, count] of Object.entries(manifest.rows)) {
    if (rows[table] !== count) {
      throw new MyriadError('storage_corrupt', `Table ${table} has ${rows[table]} rows, the backup says ${count}.`);
    }
  }
  const { entries, brokenAt } = verifyAuditOfFile(file);
  if (brokenAt !== null || entries !== manifest.audit.entries || audit.lastHash !== manifest.audit.lastHash) {
    throw new MyriadError('storage_corrupt', `The audit chain of the backup breaks at entry ${brokenAt ?? entries}.`);
  }
}

/** @throws MyriadError `storage_corrupt` when a restore into the folder was cut off. */
export function refuseUnfinishedRestore(folder: string): void {
  if (!existsSync(join(folder, unfinishedRestore))) return;
  throw new MyriadError(
    'storage_corrupt',
    `A restore into ${folder} did not finish. Run it again with force, or remove ${unfinishedRestore} if it is to be left.`,
    { facts: { folder } },
  );
}
