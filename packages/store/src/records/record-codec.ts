/** Between the records of the contracts and rows: columns have the fields' names, lists and objects are JSON text. */
import type { SqlValue } from '../database/batch.ts';

/** How a field is kept. `plain` is text or a number, `flag` a boolean as 0 or 1, `json` everything else. */
export type FieldKind = 'plain' | 'flag' | 'json';

type StoredValue<Value> = Value extends string | number | null ? Value : Value extends boolean ? number : string;

/** The row of a record, as Kysely reads it. */
export type Stored<Row> = { [Field in keyof Row]-?: StoredValue<Row[Field]> };

export interface RecordCodec<Row> {
  readonly columns: readonly (keyof Row & string)[];
  encode(record: Row): Record<keyof Row & string, SqlValue>;
  /** The same in the order of `columns`. */
  values(record: Row): SqlValue[];
  /** Takes only the record's own columns; others of the row are left out. */
  decode(row: Readonly<Record<string, unknown>>): Row;
}

/** @param fields Every field of the record with its kind; a missing one does not compile. */
export function recordCodec<Row extends object>(
  fields: {
    readonly [Field in keyof Row]-?: FieldKind;
  },
): RecordCodec<Row> {
  const entries = Object.entries(fields) as [keyof Row & string, FieldKind][];
  return {
    columns: entries.map(([name]) => name),
    encode(record) {
      const row = {} as Record<keyof Row & string, SqlValue>;
      for (const [name, kind] of entries) row[name] = encodeField(record[name], kind);
      return row;
    },
    values(record) {
      const values: SqlValue[] = [];
      for (const [name, kind] of entries) values.push(encodeField(record[name], kind));
      return values;
    },
    decode(row) {
      const record: Record<string, unknown> = {};
      for (const [name, kind] of entries) {
        const value = row[name];
        if (value === null || value === undefined) record[name] = null;
        else if (kind === 'json') record[name] = JSON.parse(value as string);
        else if (kind === 'flag') record[name] = value === 1;
        else record[name] = value;
      }
      return record as Row;
    },
  };
}

function encodeField(value: unknown, kind: FieldKind): SqlValue {
  if (value === null || value === undefined) return null;
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'flag') return value ? 1 : 0;
  return value as SqlValue;
}
