/** Rows of a MySQL or MariaDB query, streamed in a read-only transaction. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { MyriadError } from '@myriad/contracts';
import { batchRows, type RowReader, type SourceRow, wrappedSql } from './read-rows.ts';

const connectMs = 10_000;

export const readMysql: RowReader = async function* (wanted) {
  const { definition, password, signal } = wanted;
  // Loaded when a source asks for it: most nodes have none.
  const { default: mysql } = await import('mysql2');
  const address = new URL(definition.address);
  const connection = mysql.createConnection({
    host: address.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(address.port || 3_306),
    user: decodeURIComponent(address.username),
    database: decodeURIComponent(address.pathname.slice(1)),
    ...(password === null ? {} : { password }),
    ...(address.searchParams.get('ssl') === 'true' ? { ssl: {} } : {}),
    connectTimeout: connectMs,
    multipleStatements: false,
    // A server may ask its client for a file of the client's disk; this one has none to give.
    flags: ['-LOCAL_FILES'],
    // Every value as the server writes it: no rounding, no time zone of this machine.
    typeCast: (field) => field.string(),
  });
  // A stream hears nothing of its connection's end, and would wait for rows until the time is up.
  let stream: Readable | null = null;
  let failed: Error | null = null;
  connection.on('error', (error) => {
    failed = error;
    stream?.destroy(error);
  });
  const stop = () => {
    connection.destroy();
    stream?.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', stop, { once: true });
  const run = (sql: string) =>
    new Promise<void>((resolve, reject) => {
      connection.query({ sql, timeout: definition.timeoutMs }, (error) => (error ? reject(error) : resolve()));
    });
  try {
    await run("set time_zone = '+00:00'");
    // MySQL counts milliseconds, MariaDB seconds; each refuses the other's name.
    await run(`set session max_execution_time = ${Math.trunc(definition.timeoutMs)}`).catch(
      (error: { errno?: number }) => {
        if (error.errno === undefined) throw error;
        return run(`set session max_statement_time = ${definition.timeoutMs / 1_000}`).catch(() => {});
      },
    );
    await run('start transaction read only');
    const sql = wrappedSql(wanted, {
      name: (text) => `\`${text.replaceAll('`', '``')}\``,
      // As a number where it is one: a large id compared as a text would be compared as a rounded one.
      value: (value) => (/^-?\d+(\.\d+)?$/.test(String(value)) ? String(value) : connection.escape(String(value))),
    });
    stream = connection.query({ sql, timeout: definition.timeoutMs }).stream({ highWaterMark: batchRows });
    let batch: SourceRow[] = [];
    signal.throwIfAborted();
    for await (const row of stream) {
      batch.push({ ...(row as SourceRow) });
      if (batch.length < batchRows) continue;
      yield batch;
      batch = [];
    }
    signal.throwIfAborted();
    if (failed) throw failed;
    if (batch.length > 0) yield batch;
    await run('rollback');
    connection.end();
    await Promise.race([once(connection, 'end').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 1_000))]);
  } catch (error) {
    throw failureOf(error, definition.timeoutMs);
  } finally {
    signal.removeEventListener('abort', stop);
    connection.destroy();
  }
};

function failureOf(error: unknown, timeoutMs: number): unknown {
  if (error instanceof MyriadError || (error as Error).name === 'AbortError') return error;
  const { code = '', errno, message } = error as { code?: string; errno?: number; message: string };
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT' || errno === 3024 || errno === 1969)
    return new MyriadError('upstream_timeout', `MySQL stopped the query after ${timeoutMs} ms.`, { cause: error });
  if (errno === 1045 || errno === 1698 || errno === 1044)
    return new MyriadError('upstream_auth', `MySQL refused the sign-in: ${message}.`, { cause: error });
  if (errno !== undefined && errno >= 1_000 && code.startsWith('ER_'))
    return new MyriadError('invalid_request', `MySQL refused the query: ${message}.`, { cause: error });
  return new MyriadError('upstream_unavailable', `MySQL cannot be reached: ${message}.`, { cause: error });
}
