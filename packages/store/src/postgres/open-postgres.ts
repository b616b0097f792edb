import { type Clock, MyriadError } from '@myriad/contracts';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Batch, StepResult } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { migrations } from '../migrations/index.ts';
import type { Migration } from '../migrations/migration.ts';
import type { Tables } from '../tables.ts';
import { applyBatch, numbered } from './apply-batch.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { causeOf, connectFailure, postgresFailure } from './postgres-failure.ts';

const int8 = 20;
const numeric = 1700;
const transactionAttempts = 5;
/** Deadlock or serialisation failure: the same batch can succeed when tried again. */
const worthAgain = /^40(001|P01)/;

/** Whole numbers of ours stay below 2^53, so they come back as numbers, not text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 || oid === numeric
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

export interface PostgresDatabase extends Database {
  readonly pool: pg.Pool;
}

/**
 * Opens a PostgreSQL database and brings its schema forward. Several nodes may use one database at a time.
 *
 * @throws MyriadError `config_invalid` when it cannot be reached, `migration_failed`.
 */
export async function openPostgres(options: {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly migrations?: readonly Migration[];
}): Promise<PostgresDatabase> {
  const pool = new pg.Pool({ connectionString: options.url, max: 16, types, application_name: 'myriad' });
  // A connection that dies while idle is replaced by the pool; whoever uses one gets the error itself.
  pool.on('error', () => {});
  try {
    await migratePostgres(pool, options.migrations ?? migrations, options.clock.now());
  } catch (error) {
    await pool.end();
    throw connectFailure(error);
  }
  let closing: Promise<void> | null = null;
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const write = (batch: Batch) =>
    closing ? Promise.reject(new MyriadError('shutting_down', 'The database is closed.')) : writeBatch(pool, batch);
  return {
    pool,
    dialect: postgresDialect,
    query,
    ordered: false,
    write,
    writeSoon: (make) => ({ written: write(make()).then(() => {}), withdraw: () => false }),
    async readSlowly(sql, params) {
      try {
        return (await pool.query(numbered(sql), [...params])).rows;
      } catch (error) {
        throw postgresFailure(error);
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

async function writeBatch(pool: pg.Pool, batch: Batch): Promise<readonly StepResult[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(pool, batch);
    } catch (error) {
      if (!worthAgain.test(causeOf(error)) || attempt === transactionAttempts) throw postgresFailure(error);
    }
  }
}

async function inTransaction(pool: pg.Pool, batch: Batch): Promise<readonly StepResult[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const results = await applyBatch(client, batch);
    await client.query('commit');
    return results;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
