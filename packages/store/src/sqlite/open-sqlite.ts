import { join } from 'node:path';
import type { Clock } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts';
import { Kysely } from 'kysely';
import type { BackupManifest } from '../backup/backup-manifest.ts';
import type { Database } from '../database/database.ts';
import { migrations } from '../migrations/index.ts';
import type { Migration } from '../migrations/migration.ts';
import type { Tables } from '../tables.ts';
import { statementCache } from './apply-batch.ts';
import { startDatabaseThread } from './database-thread-client.ts';
import { groupCommit } from './group-commit.ts';
import { idleThread } from './idle-thread.ts';
import { lockFolder } from './lock-folder.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { openConnection } from './open-connection.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { withFailures } from './sqlite-failure.ts';
import { threadDialect } from './thread-dialect.ts';

export const databaseFile = 'myriad.db';

export interface SqliteDatabase extends Database {
  /** Writes a whole, consistent copy to a new file while writing goes on, checks it and says what it holds. */
  copyTo(path: string): Promise<Pick<BackupManifest, 'rows' | 'audit'>>;
}

/**
 * Opens the database of a data folder: the lock, the schema, one writer thread, and a connection for reads on the calling
 * thread. A slow reader's thread starts when it is first wanted.
 *
 * @throws MyriadError `storage_locked`, `storage_read_only`, `storage_corrupt` or `migration_failed`.
 */
export async function openSqlite(options: {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly maxBytes?: number;
  readonly migrations?: readonly Migration[];
}): Promise<SqliteDatabase> {
  const { folder } = options;
  const file = join(folder, databaseFile);
  const maxBytes = options.maxBytes ?? null;
  const unlock = lockFolder(folder);
  try {
    withFailures(() => migrateSqlite(file, options.migrations ?? migrations, maxBytes, options.clock.now()));
    const reader = withFailures(() => openConnection({ file, role: 'read', maxBytes }));
    const thread = startDatabaseThread({ file, role: 'write', maxBytes });
    const slow = idleThread(() => startDatabaseThread({ file, role: 'read', maxBytes }));
    const commits = groupCommit(thread);
    const query = new Kysely<Tables>({ dialect: threadDialect(statementCache(reader), commits) });
    let closing: Promise<void> | null = null;

    return {
      dialect: sqliteDialect,
      query,
      ordered: true,
      write: (batch) =>
        closing ? Promise.reject(new MyriadError('shutting_down', 'The database is closed.')) : commits.write(batch),
      writeSoon: (make) =>
        closing
          ? {
              written: Promise.reject(new MyriadError('shutting_down', 'The database is closed.')),
              withdraw: () => false,
            }
          : commits.writeSoon(make),
      async readSlowly(sql, params) {
        const answer = await slow.ask({ kind: 'read', sql, params });
        return answer.kind === 'rows' ? answer.rows : [];
      },
      async copyTo(path) {
        const answer = await slow.ask({ kind: 'copy', path });
        if (answer.kind !== 'proof') throw new MyriadError('internal', 'The copy was not checked.');
        return answer.proof;
      },
      close() {
        closing ??= (async () => {
          await commits.idle();
          reader.close();
          await slow.stop();
          await thread.stop();
          unlock();
        })();
        return closing;
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
