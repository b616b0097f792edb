import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Version of the newest migration that the data has. */
export async function readSchemaVersion(database: Database): Promise<number> {
  const { rows } = await sql<{ version: number }>`select max("version") as "version" from "schemaMigration"`.execute(
    database.query,
  );
  return rows[0]?.version ?? 0;
}
