/** Applies one batch in a transaction of PostgreSQL. */
import { MyriadError } from '@myriad/contracts';
import type { PoolClient } from 'pg';
import type { Batch, Cascade, SqlValue, Step, StepResult } from '../database/batch.ts';
import { countTally } from '../database/count-tally.ts';

const texts = new Map<string, string>();
const mostParameters = 60_000;
const mostRows = 1_000;

/** Statements are written with `?`; PostgreSQL wants numbers. */
export function numbered(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    let place = 0;
    text = sql.replaceAll('?', () => {
      place += 1;
      return `$${place}`;
    });
    if (texts.size > 1_000) texts.clear();
    texts.set(sql, text);
  }
  return text;
}

export async function applyBatch(client: PoolClient, batch: Batch): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const step of batch) results.push(await applyStep(client, step));
  return results;
}

async function applyStep(client: PoolClient, step: Step): Promise<StepResult> {
  if (step.kind === 'cascade') return applyCascade(client, step);
  const { rowCount, rows } = await client.query(numbered(step.sql), [...step.params]);
  const changes = rowCount ?? 0;
  if (step.expect && changes !== step.expect.changes) throw new MyriadError(step.expect.code, step.expect.message);
  return { changes, rows, skipped: [] };
}

async function applyCascade(client: PoolClient, step: Cascade): Promise<StepResult> {
  const identityPlaces = step.identity.map((column) => step.columns.indexOf(column));
  const identityOf = (values: readonly SqlValue[]) => JSON.stringify(identityPlaces.map((place) => values[place]));
  const withSeq = step.dependents.some(({ seqColumn }) => seqColumn !== null);
  const returned = [...step.identity, ...(withSeq ? ['seq'] : [])].map((column) => `"${column}"`).join(', ');
  const values = step.rows.map((row) => row.values);
  const added = await insertAll(
    client,
    step.table,
    step.columns,
    values,
    `on conflict do nothing returning ${returned}`,
  );
  const seqs = new Map(
    added.map((row) => [JSON.stringify(step.identity.map((column) => row[column])), row.seq as SqlValue]),
  );
  const skipped: number[] = [];
  const rows = step.dependents.map((): (readonly SqlValue[])[] => []);
  step.rows.forEach((row, index) => {
    const identity = identityOf(row.values);
    if (!seqs.has(identity)) {
      skipped.push(index);
      return;
    }
    const seq = seqs.get(identity) ?? null;
    // A second row of the same identity in this batch is not new.
    seqs.delete(identity);
    step.dependents.forEach(({ seqColumn }, place) => {
      for (const dependent of row.dependents[place] ?? []) {
        rows[place]?.push(seqColumn === null ? dependent : [seq, ...dependent]);
      }
    });
  });
  for (const [place, { table, columns, seqColumn }] of step.dependents.entries()) {
    await insertAll(client, table, seqColumn === null ? columns : [seqColumn, ...columns], rows[place] ?? [], '');
  }
  for (const params of countTally(step, skipped)) await client.query(numbered(step.tally?.sql as string), [...params]);
  return { changes: step.rows.length - skipped.length, rows: [], skipped };
}

async function insertAll(
  client: PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
  end: string,
): Promise<Record<string, unknown>[]> {
  const size = Math.min(mostRows, Math.floor(mostParameters / columns.length));
  const names = columns.map((column) => `"${column}"`).join(', ');
  const returned: Record<string, unknown>[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const some = rows.slice(start, start + size);
    const one = `(${columns.map(() => '?').join(', ')})`;
    const sql = `insert into "${table}" (${names}) values ${some.map(() => one).join(', ')} ${end}`;
    const answer = await client.query(numbered(sql), some.flat());
    returned.push(...answer.rows);
  }
  return returned;
}
