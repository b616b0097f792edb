import { statSync } from 'node:fs';
import { MyriadError } from '@myriad/contracts';
import type { Batch } from '../database/batch.ts';
import { statement } from '../database/statements.ts';
import type { Migration } from '../migrations/migration.ts';
import { planMigrations } from '../migrations/plan-migrations.ts';
import { applyStep, statementCache } from './apply-batch.ts';
import { openConnection } from './open-connection.ts';

/** Marks a file as ours, so that another program's database is not taken for data of Myriad. */
const applicationId = 0x4d595244;

/**
 * Brings the file to the newest schema, all missing migrations in one transaction.
 *
 * @returns The version before and after.
 * @throws MyriadError `migration_failed` with the file as it was before; `storage_corrupt` for a file that is not ours.
 */
export function migrateSqlite(
  file: string,
  all: readonly Migration[],
  maxBytes: number | null,
  now: number,
): { readonly from: number; readonly to: number } {
  const connection = openConnection({ file, role: 'write', maxBytes });
  try {
    const id = connection.pragma('application_id', { simple: true });
    if (id !== applicationId && (id !== 0 || holdsTables())) {
      throw new MyriadError('storage_corrupt', `The file ${file} is not a database of Myriad.`, { facts: { file } });
    }
    const from = connection.pragma('user_version', { simple: true }) as number;
    const missing = planMigrations(from, all);
    const to = missing.at(-1)?.version ?? from;
    if (missing.length === 0) return { from, to };
    const prepare = statementCache(connection);
    connection.exec('begin immediate');
    try {
      for (const step of migrationBatch(missing, now)) applyStep(prepare, step);
      connection.exec('commit');
    } catch (cause) {
      if (connection.inTransaction) connection.exec('rollback');
      throw new MyriadError(
        'migration_failed',
        `The data could not be brought from schema ${from} to ${to} and is as it was: ${cause instanceof Error ? cause.message : cause}`,
        { facts: { from, to, sizeBytes: statSync(file).size }, cause },
      );
    }
    return { from, to };
  } finally {
    connection.close();
  }

  function holdsTables(): boolean {
    return connection.prepare('select 1 from sqlite_schema limit 1').get() !== undefined;
  }
}

function migrationBatch(missing: readonly Migration[], now: number): Batch {
  return [
    statement(`pragma application_id = ${applicationId}`),
    statement(
      `create table if not exists "schemaMigration" ("version" integer primary key, "name" text, "appliedAt" integer)`,
    ),
    ...missing.flatMap((migration) => [
      ...migration.statements('sqlite').map((sql) => statement(sql)),
      statement(`insert into "schemaMigration" values (?, ?, ?)`, [migration.version, migration.name, now]),
      statement(`pragma user_version = ${migration.version}`),
    ]),
  ];
}
