/** Rows of a PostgreSQL query, by a cursor in a read-only transaction that is always rolled back. */
import { MyriadError } from '@myriad/contracts';
import pg from 'pg';
import { batchRows, doubleQuoted, type RowReader, type SourceRow, singleQuoted, wrappedSql } from './read-rows.ts';

const connectMs = 10_000;
/** Every value as the server writes it: no rounding of large numbers, no time zone of this machine. */
const asText = { getTypeParser: () => (text: string) => text };

export const readPostgres: RowReader = async function* (wanted) {
  const { definition, password, signal } = wanted;
  const client = new pg.Client({
    connectionString: addressWith(definition.address, password),
    connectionTimeoutMillis: connectMs,
    // A statement that hangs behind a broken network ends here; one that runs too long ends in the server.
    query_timeout: definition.timeoutMs + 5_000,
    types: asText as never,
    application_name: 'myriad kpi source',
  });
  client.on('error', () => {});
  const stop = () => void client.end().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.query(`set statement_timeout = ${Math.trunc(definition.timeoutMs)}; set time zone 'UTC'`);
    await client.query('begin transaction isolation level repeatable read read only');
    const sql = wrappedSql(wanted, {
      name: doubleQuoted,
      // Without a type of its own, so that it takes the column's. E'' would read backslashes; '' does not.
      value: (value) => singleQuoted(String(value)),
    });
    // The extended protocol takes one statement only, whatever the text holds.
    await client.query({
      text: `declare source_rows_cursor no scroll cursor for ${sql}`,
      queryMode: 'extended',
    } as never);
    for (;;) {
      signal.throwIfAborted();
      const { rows } = await client.query<Record<string, string | null>>(`fetch ${batchRows} from source_rows_cursor`);
      if (rows.length > 0) yield rows as SourceRow[];
      if (rows.length < batchRows) return;
    }
  } catch (error) {
    throw failureOf(error, definition.timeoutMs);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.query('rollback').catch(() => {});
    await client.end().catch(() => {});
  }
};

function addressWith(address: string, password: string | null): string {
  const url = new URL(address);
  if (password !== null) url.password = encodeURIComponent(password);
  return url.href;
}

function failureOf(error: unknown, timeoutMs: number): unknown {
  if (error instanceof MyriadError || (error as Error).name === 'AbortError') return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === '57014')
    return new MyriadError('upstream_timeout', `PostgreSQL stopped the query after ${timeoutMs} ms.`, { cause: error });
  if (code === '28P01' || code === '28000')
    return new MyriadError('upstream_auth', `PostgreSQL refused the sign-in: ${message}.`, { cause: error });
  if (code === '25006')
    return new MyriadError(
      'invalid_request',
      `The query wants to write, and the transaction is read-only: ${message}.`,
      {
        cause: error,
      },
    );
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('08') && code !== '57P01')
    return new MyriadError('invalid_request', `PostgreSQL refused the query: ${message}.`, { cause: error });
  return new MyriadError('upstream_unavailable', `PostgreSQL cannot be reached: ${message}.`, { cause: error });
}
