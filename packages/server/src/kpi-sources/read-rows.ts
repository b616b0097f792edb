import type { KpiSourceDefinition } from '@myriad/contracts';

/** Texts as the database writes them, numbers where it has them. */
export type SourceRow = Readonly<Record<string, string | number | null>>;

export interface ReadRows {
  readonly definition: Pick<KpiSourceDefinition, 'address' | 'sql' | 'timeoutMs' | 'mapping' | 'kind'>;
  readonly password: string | null;
  /** Rows at or after this value of the watermark column; null for all. */
  readonly from: string | number | null;
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Rows in batches, in the order of the watermark. @throws MyriadError in words of the operator, never with the password. */
export type RowReader = (wanted: ReadRows) => AsyncIterable<readonly SourceRow[]>;

export const batchRows = 2_000;

/**
 * The operator's query as a subquery, so that only what is a SELECT can run, from the mark on and in its order. Rows
 * without a mark are never read: they have no place in the order.
 */
export function wrappedSql(
  { definition, from, limit }: Pick<ReadRows, 'definition' | 'from' | 'limit'>,
  quote: { name(text: string): string; value(value: string | number): string },
): string {
  const mark = `${quote.name('source_rows')}.${quote.name(definition.mapping.watermark)}`;
  const condition = from === null ? `${mark} is not null` : `${mark} >= ${quote.value(from)}`;
  return `select * from (\n${definition.sql}\n) ${quote.name('source_rows')} where ${condition} order by ${mark} limit ${limit}`;
}

export const doubleQuoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
