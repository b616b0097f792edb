import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BlobStore, type Clock, MyriadError, type Random, type Store } from '@myriad/contracts';
import { exportTables } from './backup/postgres-rows.ts';
import { refuseUnfinishedRestore } from './backup/restore-backup.ts';
import { writeBackup } from './backup/write-backup.ts';
import { openFolderBlobs } from './blobs/folder-blobs.ts';
import { openS3Blobs, type S3BlobOptions } from './blobs/s3-blobs.ts';
import { createStore } from './create-store.ts';
import { readSchemaVersion } from './migrations/read-schema-version.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { databaseFile, openSqlite } from './sqlite/open-sqlite.ts';
import { withFailures } from './sqlite/sqlite-failure.ts';

export interface OpenStoreOptions {
  /** Folder of all data; made when missing. Blobs lie here whatever the database is, unless `s3` says where. */
  readonly data: string;
  /** `sqlite`, or a PostgreSQL URL such as `postgres://user:password@host:5432/myriad`. */
  readonly database: string;
  /** A bucket in which blobs lie instead of the data folder. */
  readonly s3?: S3BlobOptions;
  readonly clock: Pick<Clock, 'now'>;
  /** Not used by the store itself: identifiers come from the rooms that make the records. */
  readonly random?: Random;
  /** Largest size of the SQLite file in bytes; writes past it fail with `storage_full`. Without it the disk is the limit. */
  readonly maxDatabaseBytes?: number;
}

/**
 * Opens the store, bringing its schema forward first.
 *
 * @throws MyriadError `storage_locked` (facts: `pid`) when another process uses the data folder, `storage_read_only`,
 *   `storage_full`, `storage_corrupt`, `migration_failed`, or `config_invalid` for a database it does not know.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const folder = resolve(options.data);
  withFailures(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  refuseUnfinishedRestore(folder);
  if (options.database === 'sqlite') return openOnSqlite(folder, options);
  if (/^postgres(ql)?:/.test(options.database)) return openOnPostgres(folder, options);
  throw new MyriadError('config_invalid', 'The database is neither `sqlite` nor a PostgreSQL URL.');
}

function openBlobs(folder: string, { s3 }: OpenStoreOptions): Promise<BlobStore> {
  return s3 ? openS3Blobs(s3, `${folder}/blobs`) : openFolderBlobs(`${folder}/blobs`);
}

async function openOnSqlite(folder: string, options: OpenStoreOptions): Promise<Store> {
  const { clock, maxDatabaseBytes } = options;
  const database = await openSqlite({
    folder,
    clock,
    ...(maxDatabaseBytes === undefined ? {} : { maxBytes: maxDatabaseBytes }),
  });
  try {
    const schemaVersion = () => readSchemaVersion(database);
    return createStore({
      database,
      blobs: await openBlobs(folder, options),
      authDatabase: database.query,
      schemaVersion,
      backup: async (path, onProgress) =>
        writeBackup({
          folder,
          kind: 'sqlite',
          copyDatabase: (draft) => database.copyTo(join(draft, databaseFile)),
          path: resolve(path),
          schemaVersion: await schemaVersion(),
          madeAt: clock.now(),
          ...(onProgress ? { onProgress } : {}),
        }),
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openOnPostgres(folder: string, options: OpenStoreOptions): Promise<Store> {
  const { clock, database: url } = options;
  const database = await openPostgres({ url, clock });
  try {
    const schemaVersion = () => readSchemaVersion(database);
    return createStore({
      database,
      blobs: await openBlobs(folder, options),
      authDatabase: database.query,
      schemaVersion,
      backup: async (path, onProgress) =>
        writeBackup({
          folder,
          kind: 'postgres',
          copyDatabase: (draft) => exportTables(database.pool, draft),
          path: resolve(path),
          schemaVersion: await schemaVersion(),
          madeAt: clock.now(),
          ...(onProgress ? { onProgress } : {}),
        }),
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}
