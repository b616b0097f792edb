/** The tables of a document as a workbook: a sheet a table, numbers as numbers. */
import { MyriadError, type SlideRows, type WenkuContent, type WenkuNode } from '@myriad/contracts';
import ExcelJs from 'exceljs';
import { textOf } from '../model/plain-text.ts';
import type { ExportInput } from './export-input.ts';

interface NamedTable {
  readonly name: string;
  readonly rows: SlideRows;
}

/** Every table with the heading or title above it. */
export function tablesIn(content: WenkuContent): readonly NamedTable[] {
  if (content.type === 'deck')
    return content.slides
      .filter(({ layout, rows }) => (layout === 'table' || layout === 'chart') && rows.length > 0)
      .map(({ title, rows }) => ({ name: title, rows }));
  const tables: NamedTable[] = [];
  let name = '';
  const visit = (node: WenkuNode): void => {
    if (node.type === 'heading') name = textOf(node);
    if (node.type === 'table')
      tables.push({ name, rows: (node.content ?? []).map((row) => (row.content ?? []).map(textOf)) });
    else for (const child of node.content ?? []) visit(child);
  };
  for (const node of content.content) visit(node);
  return tables;
}

/** @throws MyriadError `invalid_request` when there is no table. */
export async function toXlsx(input: ExportInput): Promise<Uint8Array> {
  const tables = tablesIn(input.content);
  if (tables.length === 0)
    throw new MyriadError(
      'invalid_request',
      'There is no table in this document, so there is nothing to put into a workbook.',
    );
  const book = new ExcelJs.Workbook();
  book.creator = input.author;
  book.title = input.title;
  const taken = new Set<string>();
  tables.forEach(({ name, rows }, at) => {
    const sheet = book.addWorksheet(sheetName(name, at, taken));
    rows.forEach((row, index) => {
      const added = sheet.addRow(row.map((cell) => (index === 0 ? cell : cellValue(cell))));
      if (index > 0) return;
      added.font = { bold: true };
      added.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFF3F1EC' } };
    });
    const columns = Math.max(1, ...rows.map((row) => row.length));
    for (let column = 1; column <= columns; column += 1) {
      const longest = Math.max(
        6,
        ...rows.map((row) =>
          [...(row[column - 1] ?? '')].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0),
        ),
      );
      sheet.getColumn(column).width = Math.min(60, longest + 2);
    }
    sheet.views = [{ state: 'frozen', ySplit: 1 }];
  });
  return new Uint8Array(await book.xlsx.writeBuffer());
}

/** A plain number or a percentage becomes a number; anything else, such as a code with leading zeros, stays words. */
function cellValue(text: string): string | number {
  const plain = text.trim();
  if (/^-?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(',', ''));
  return text;
}

/** At most 31 characters, without those that a sheet's name must not have, once each. */
function sheetName(name: string, at: number, taken: Set<string>): string {
  const plain =
    name
      .replace(/[*?:/\\[\]']/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 26) || `Table ${at + 1}`;
  let tried = plain;
  for (let next = 2; taken.has(tried.toLowerCase()); next += 1) tried = `${plain} (${next})`;
  taken.add(tried.toLowerCase());
  return tried;
}
