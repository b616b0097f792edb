/** Applies batches on a connection, many in one transaction, each undone alone when an expectation of it fails. */
import { MyriadError } from '@myriad/contracts';
import type { Database, Statement as Prepared } from 'better-sqlite3';
import type { Batch, Cascade, SqlValue, Statement, StepResult } from '../database/batch.ts';
import { countTally } from '../database/count-tally.ts';
import { type PlainFailure, plainFailure } from './sqlite-failure.ts';

export type Outcome =
  | { readonly ok: true; readonly results: readonly StepResult[] }
  | { readonly ok: false; readonly failure: PlainFailure };

type Row = Readonly<Record<string, unknown>>;
export type Prepare = (sql: string) => Prepared<SqlValue[], Row>;

/** Keeps prepared statements, the least recently used thrown away past `capacity`. */
export function statementCache(connection: Database, capacity = 400): Prepare {
  const kept = new Map<string, Prepared<SqlValue[], Row>>();
  return (sql) => {
    let prepared = kept.get(sql);
    if (prepared) kept.delete(sql);
    else prepared = connection.prepare<SqlValue[], Row>(sql);
    kept.set(sql, prepared);
    if (kept.size > capacity) kept.delete(kept.keys().next().value as string);
    return prepared;
  };
}

/**
 * One transaction for all batches, one fsync at its end. Nearly always all of them can be applied, so it is tried without
 * savepoints first; when one fails, the group is undone and applied again with a savepoint for each.
 */
export function applyGroup(connection: Database, prepare: Prepare, batches: readonly Batch[]): Outcome[] {
  try {
    connection.exec('begin immediate');
    const outcomes = batches.map(
      (batch): Outcome => ({ ok: true, results: batch.map((step) => applyStep(prepare, step)) }),
    );
    connection.exec('commit');
    return outcomes;
  } catch {
    if (connection.inTransaction) connection.exec('rollback');
    return applyWithSavepoints(connection, prepare, batches);
  }
}

/**
 * When the transaction as a whole cannot be kept (a full disk, say), each batch is tried in a transaction of its own, so
 * that one too large for the disk does not take the others along.
 */
function applyWithSavepoints(connection: Database, prepare: Prepare, batches: readonly Batch[]): Outcome[] {
  try {
    connection.exec('begin immediate');
    const outcomes = batches.map((batch) => applyInSavepoint(connection, prepare, batch));
    connection.exec('commit');
    return outcomes;
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    if (batches.length === 1) return [{ ok: false, failure: plainFailure(error) }];
    return batches.flatMap((batch) => applyWithSavepoints(connection, prepare, [batch]));
  }
}

function applyInSavepoint(connection: Database, prepare: Prepare, batch: Batch): Outcome {
  prepare('savepoint batch').run();
  try {
    const results = batch.map((step) => applyStep(prepare, step));
    prepare('release batch').run();
    return { ok: true, results };
  } catch (error) {
    const failure = plainFailure(error);
    // Some failures (a full disk) end the whole transaction; then the group must start over.
    if (!connection.inTransaction || failure.code.startsWith('storage_')) throw error;
    prepare('rollback to batch').run();
    prepare('release batch').run();
    return { ok: false, failure };
  }
}

export function applyStep(prepare: Prepare, step: Statement | Cascade): StepResult {
  if (step.kind === 'cascade') return applyCascade(prepare, step);
  const prepared = prepare(step.sql);
  const rows = prepared.reader ? prepared.all(...step.params) : [];
  const changes = prepared.reader ? rows.length : prepared.run(...step.params).changes;
  if (step.expect && changes !== step.expect.changes) throw new MyriadError(step.expect.code, step.expect.message);
  return { changes, rows, skipped: [] };
}

function applyCascade(prepare: Prepare, step: Cascade): StepResult {
  const first = prepare(insertText(step.table, step.columns, ' on conflict do nothing'));
  const dependents = step.dependents.map(({ table, columns, seqColumn }) => ({
    insert: prepare(insertText(table, seqColumn === null ? columns : [seqColumn, ...columns], '')),
    takesSeq: seqColumn !== null,
  }));
  const skipped: number[] = [];
  step.rows.forEach((row, index) => {
    const { changes, lastInsertRowid } = first.run(...row.values);
    if (changes === 0) {
      skipped.push(index);
      return;
    }
    dependents.forEach(({ insert, takesSeq }, place) => {
      for (const values of row.dependents[place] ?? []) {
        if (takesSeq) insert.run(lastInsertRowid, ...values);
        else insert.run(...values);
      }
    });
  });
  for (const params of countTally(step, skipped)) prepare(step.tally?.sql as string).run(...params);
  return { changes: step.rows.length - skipped.length, rows: [], skipped };
}

function insertText(table: string, columns: readonly string[], end: string): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  return `insert into "${table}" (${names}) values (${columns.map(() => '?').join(', ')})${end}`;
}
