import { type Clock, MyriadError } from '@myriad/contracts';
import { createAuditStore } from '../audit/audit-store.ts';
import { migrations } from '../migrations/index.ts';
import { openPostgres } from '../postgres/open-postgres.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { countRows, importTables } from './postgres-rows.ts';

/**
 * Fills an empty PostgreSQL database from a verified backup, in one transaction, and proves it: the rows of each table and
 * the whole audit chain. The schema is first made as it was at the backup, and brought forward when the store is opened.
 *
 * @throws MyriadError `conflict` when the database holds rows and `force` is not set; `storage_corrupt` when the proof fails.
 */
export async function restorePostgres(options: {
  readonly path: string;
  readonly url: string;
  readonly manifest: BackupManifest;
  readonly force: boolean;
  readonly clock: Pick<Clock, 'now'>;
}): Promise<void> {
  const { path, url, manifest, force, clock } = options;
  const known = migrations.filter(({ version }) => version <= manifest.schemaVersion);
  const database = await openPostgres({ url, clock, migrations: known });
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const before = Object.entries(await countRows(client)).filter(([name]) => name !== 'schemaMigration');
    if (!force && before.some(([, count]) => count > 0)) {
      throw new MyriadError('conflict', 'The database is not empty. Choose an empty one, or force it.');
    }
    await importTables(client, path);
    const after = await countRows(client);
    for (const [table, count] of Object.entries(manifest.rows)) {
      if (after[table] !== count) {
        throw new MyriadError('storage_corrupt', `Table ${table} has ${after[table]} rows, the backup says ${count}.`);
      }
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
  const { brokenAt, entries } = await createAuditStore(database).verify();
  await database.close();
  if (brokenAt !== null || entries !== manifest.audit.entries) {
    throw new MyriadError('storage_corrupt', `The audit chain of the backup breaks at entry ${brokenAt ?? entries}.`);
  }
}
