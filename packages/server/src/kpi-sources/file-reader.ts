/** Body of the process that reads a file: the wanted as JSON on standard input, batches of rows as lines of JSON out. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { MyriadError } from '@myriad/contracts';
import { importDuckdb } from './import-duckdb.ts';
import type { FileAnswer } from './read-file.ts';
import { batchRows, type SourceRow } from './read-rows.ts';

const wanted = JSON.parse(await text(process.stdin)) as { kind: 'sqlite' | 'duckdb'; path: string; sql: string };

async function say(answer: FileAnswer): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain');
}

const plain = (value: unknown): string | number | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
};
const plainRow = (row: object): SourceRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));

async function readSqlite(): Promise<void> {
  const { default: BetterSqlite3 } = await import('better-sqlite3');
  const connection = new BetterSqlite3(wanted.path, { readonly: true, fileMustExist: true });
  connection.pragma('query_only = on');
  connection.pragma('trusted_schema = off');
  const statement = connection.prepare<[], object>(wanted.sql).safeIntegers(true);
  if (!statement.readonly) throw new MyriadError('invalid_request', 'The query wants to write.');
  let rows: SourceRow[] = [];
  for (const row of statement.iterate()) {
    rows.push(plainRow(row));
    if (rows.length < batchRows) continue;
    await say({ rows });
    rows = [];
  }
  if (rows.length > 0) await say({ rows });
  connection.close();
}

async function readDuckdb(): Promise<void> {
  const { DuckDBInstance } = await importDuckdb();
  const instance = await DuckDBInstance.create(wanted.path, {
    access_mode: 'READ_ONLY',
    // No other file, no address, no extension: the query sees this database alone.
    enable_external_access: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    lock_configuration: 'true',
  });
  const connection = await instance.connect();
  const result = await connection.stream(wanted.sql);
  for await (const found of result.yieldRowObjects()) {
    for (let at = 0; at < found.length; at += batchRows)
      await say({ rows: found.slice(at, at + batchRows).map(plainRow) });
  }
  connection.closeSync();
}

try {
  await (wanted.kind === 'sqlite' ? readSqlite() : readDuckdb());
} catch (error) {
  const { message } = error as Error;
  const [code, words] =
    error instanceof MyriadError
      ? ([error.code, error.message] as const)
      : /unable to open|does not exist|cannot open/i.test(message)
        ? (['not_found', `The file ${wanted.path} cannot be opened: ${message}.`] as const)
        : (['invalid_request', `The query was refused: ${message}.`] as const);
  await say({ failed: { code, message: words } });
}
