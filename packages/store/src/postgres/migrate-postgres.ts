import { MyriadError } from '@myriad/contracts';
import type { Pool } from 'pg';
import type { Migration } from '../migrations/migration.ts';
import { planMigrations } from '../migrations/plan-migrations.ts';

/** Any number that is ours: nodes that start together migrate one after another. */
const advisoryLock = 5_529_001;

/**
 * Brings the database to the newest schema, all missing migrations in one transaction.
 *
 * @throws MyriadError `migration_failed` with the database as it was before.
 */
export async function migratePostgres(
  pool: Pool,
  all: readonly Migration[],
  now: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLock]);
    await client.query(
      'create table if not exists "schemaMigration" ("version" integer primary key, "name" text, "appliedAt" bigint)',
    );
    const { rows } = await client.query<{ version: number | null }>(
      'select max("version") as "version" from "schemaMigration"',
    );
    const from = rows[0]?.version ?? 0;
    const missing = planMigrations(from, all);
    const to = missing.at(-1)?.version ?? from;
    try {
      for (const migration of missing) {
        for (const sql of migration.statements('postgres')) await client.query(sql);
        await client.query('insert into "schemaMigration" values ($1, $2, $3)', [
          migration.version,
          migration.name,
          now,
        ]);
      }
    } catch (cause) {
      throw new MyriadError(
        'migration_failed',
        `The data could not be brought from schema ${from} to ${to} and is as it was: ${cause instanceof Error ? cause.message : cause}`,
        { facts: { from, to }, cause },
      );
    }
    await client.query('commit');
    return { from, to };
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
