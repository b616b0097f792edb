import type { Page } from '@myriad/contracts';
import { saveText, toCsv } from '../format/csv.ts';

const mostRows = 50_000;

/**
 * Saves a whole filtered list as CSV, page by page.
 *
 * @param read Reads one page after a cursor.
 * @returns How many rows were saved; at most 50,000.
 */
export async function exportPages<T>(
  name: string,
  columns: readonly string[],
  read: (cursor: string | null) => Promise<Page<T>>,
  row: (item: T) => readonly (string | number | null)[],
): Promise<number> {
  const rows: (readonly (string | number | null)[])[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    rows.push(...page.items.map(row));
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < mostRows);
  saveText(`${name}.csv`, toCsv(columns, rows.slice(0, mostRows)), 'text/csv');
  return Math.min(rows.length, mostRows);
}
