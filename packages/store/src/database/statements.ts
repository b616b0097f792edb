/** Builders of write statements, written once for both databases. Texts are kept, since hot paths repeat few shapes. */
import type { Expectation, SqlValue, Statement } from './batch.ts';

type Values = Readonly<Record<string, SqlValue>>;

const texts = new Map<string, string>();

/** @internal Quotes an identifier; names come from our own code, never from a caller. */
export const quoted = (name: string): string => `"${name}"`;

function kept(key: string, build: () => string): string {
  let text = texts.get(key);
  if (text === undefined) {
    text = build();
    texts.set(key, text);
  }
  return text;
}

export function statement(sql: string, params: readonly SqlValue[] = [], expect?: Expectation): Statement {
  return expect ? { kind: 'statement', sql, params, expect } : { kind: 'statement', sql, params };
}

function insertText(table: string, columns: readonly string[]): string {
  return `insert into ${quoted(table)} (${columns.map(quoted).join(', ')}) values (${columns.map(() => '?').join(', ')})`;
}

/** Adds a row; a row with the same key makes the batch fail with `conflict`. */
export function insertRow(table: string, row: Values, taken: string): Statement {
  const columns = Object.keys(row);
  const sql = kept(`i ${table} ${columns}`, () => `${insertText(table, columns)} on conflict do nothing`);
  return statement(sql, Object.values(row), { changes: 1, code: 'conflict', message: taken });
}

/** Adds a row unless one with the same key is there. */
export function insertIfNew(table: string, row: Values): Statement {
  const columns = Object.keys(row);
  const sql = kept(`i ${table} ${columns}`, () => `${insertText(table, columns)} on conflict do nothing`);
  return statement(sql, Object.values(row));
}

/** Adds a row or replaces the one with the same key. Any other unique value that is taken fails with `conflict`. */
export function saveRow(table: string, row: Values, key: readonly string[]): Statement {
  const columns = Object.keys(row);
  const sql = kept(`s ${table} ${columns} ${key}`, () => {
    const changed = columns
      .filter((column) => !key.includes(column))
      .map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
    const action = changed.length === 0 ? 'nothing' : `update set ${changed.join(', ')}`;
    return `${insertText(table, columns)} on conflict (${key.map(quoted).join(', ')}) do ${action}`;
  });
  return statement(sql, Object.values(row));
}

/** Changes the rows that have these values; a `null` in `where` matches rows without a value. */
export function updateRows(table: string, changes: Values, where: Values, expect?: Expectation): Statement {
  const columns = Object.keys(changes);
  const sets = columns.map((column) => `${quoted(column)} = ?`).join(', ');
  const { text, params } = condition(where);
  return statement(`update ${quoted(table)} set ${sets} where ${text}`, [...Object.values(changes), ...params], expect);
}

export function deleteRows(table: string, where: Values, expect?: Expectation): Statement {
  const { text, params } = condition(where);
  return statement(`delete from ${quoted(table)} where ${text}`, params, expect);
}

function condition(where: Values): { readonly text: string; readonly params: readonly SqlValue[] } {
  const params: SqlValue[] = [];
  const parts = Object.entries(where).map(([column, value]) => {
    if (value === null) return `${quoted(column)} is null`;
    params.push(value);
    return `${quoted(column)} = ?`;
  });
  return { text: parts.join(' and '), params };
}
