/**
 * Rows of a query over an SQLite or DuckDB file, read by a process of its own: neither library can stop a long query from
 * within, and a process can be ended. It gets none of the node's environment.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FailureCode, MyriadError } from '@myriad/contracts';
import { doubleQuoted, type RowReader, type SourceRow, singleQuoted, wrappedSql } from './read-rows.ts';

export type FileAnswer =
  | { readonly rows: readonly SourceRow[] }
  | { readonly failed: { readonly code: FailureCode; readonly message: string } };

export const readFile: RowReader = async function* (wanted) {
  const { definition, signal } = wanted;
  const sql = wrappedSql(wanted, {
    name: doubleQuoted,
    value: (value) => (typeof value === 'number' ? String(value) : singleQuoted(value)),
  });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'file-reader.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {},
  });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let late = false;
  const timer = () =>
    setTimeout(() => {
      late = true;
      kill();
    }, definition.timeoutMs);
  let timeout = timer();
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-2_000);
  });
  const over = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ kind: definition.kind, path: definition.address, sql }));
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      clearTimeout(timeout);
      const answer = JSON.parse(line) as FileAnswer;
      if ('failed' in answer) throw new MyriadError(answer.failed.code, answer.failed.message);
      yield answer.rows;
      timeout = timer();
    }
    const code = await over;
    signal.throwIfAborted();
    if (late)
      throw new MyriadError('upstream_timeout', `The query gave no row for ${definition.timeoutMs} ms and was ended.`);
    if (code !== 0)
      throw new MyriadError('upstream_error', `The reader of the file ended with ${code}.`, { cause: words });
  } finally {
    clearTimeout(timeout);
    signal.removeEventListener('abort', kill);
    kill();
  }
};
