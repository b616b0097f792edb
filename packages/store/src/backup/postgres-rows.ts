/**
 * The tables of a PostgreSQL node as lines of JSON, one file a table: readable anywhere, and restored by PostgreSQL's own
 * JSON functions, so that every type comes back as it was.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Pool, PoolClient } from 'pg';
import type { BackupManifest } from './backup-manifest.ts';

/** Folder of the tables' files below a backup. */
export const tablesFolder = 'tables';
const rowsAtATime = 500;
/** Parents stand before the tables that refer to them. */
const parents = ['user'];

async function tableNames(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select table_name as "name" from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`,
  );
  const names = rows.map(({ name }) => name);
  return [...parents.filter((name) => names.includes(name)), ...names.filter((name) => !parents.includes(name))];
}

/** Writes all tables as of one moment. */
export async function exportTables(pool: Pool, draft: string): Promise<Pick<BackupManifest, 'rows' | 'audit'>> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await mkdir(join(draft, tablesFolder));
    const counts: Record<string, number> = {};
    for (const name of await tableNames(client)) {
      const file = await open(join(draft, tablesFolder, `${name}.ndjson`), 'wx');
      await client.query(`declare "rows" no scroll cursor for select to_json("t")::text as "line" from "${name}" "t"`);
      let count = 0;
      for (;;) {
        const { rows } = await client.query<{ line: string }>(`fetch ${rowsAtATime} from "rows"`);
        if (rows.length === 0) break;
        count += rows.length;
        // A JSON text of PostgreSQL has no line break outside its strings, and those are escaped.
        await file.writeFile(`${rows.map(({ line }) => line).join('\n')}\n`);
      }
      await client.query('close "rows"');
      await file.close();
      counts[name] = count;
    }
    const { rows } = await client.query<{ sequence: number; hash: string }>(
      'select "sequence", "hash" from "audit" order by "sequence" desc limit 1',
    );
    return { rows: counts, audit: { entries: rows[0]?.sequence ?? 0, lastHash: rows[0]?.hash ?? null } };
  } finally {
    await client.query('rollback').catch(() => {});
    client.release();
  }
}

/** How many rows the tables hold, by table. */
export async function countRows(client: PoolClient): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await tableNames(client)) {
    const { rows } = await client.query<{ rows: number }>(`select count(*) as "rows" from "${name}"`);
    counts[name] = rows[0]?.rows ?? 0;
  }
  return counts;
}

/** Fills the tables, in the caller's transaction, from what `exportTables` wrote; what they hold goes. */
export async function importTables(client: PoolClient, path: string): Promise<void> {
  const names = await tableNames(client);
  await client.query(`truncate ${names.map((name) => `"${name}"`).join(', ')} cascade`);
  for (const name of names) {
    let lines: string[] = [];
    const flush = async () => {
      if (lines.length === 0) return;
      await client.query(`insert into "${name}" select * from json_populate_recordset(null::"${name}", $1::json)`, [
        `[${lines.join(',')}]`,
      ]);
      lines = [];
    };
    const source = createReadStream(join(path, tablesFolder, `${name}.ndjson`), 'utf8');
    for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') lines.push(line);
      if (lines.length === rowsAtATime) await flush();
    }
    await flush();
  }
  const { rowCount: hasLogOrder } = await client.query(
    `select 1 from information_schema.columns where table_schema = current_schema() and table_name = 'kpiEvent'
      and column_name = 'seq'`,
  );
  for (const name of [
    'app',
    'passage',
    ...(hasLogOrder ? ['kpiEvent'] : []),
    ...(names.includes('driveNode') ? ['driveNode'] : []),
  ]) {
    await client.query(
      `select setval(pg_get_serial_sequence('"${name}"', 'seq'), coalesce((select max("seq") from "${name}"), 0) + 1, false)`,
    );
  }
}
