import type { Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';
import { ParseFailure } from './parse-failure.ts';
import { tidyLine } from './tidy-text.ts';

/** Comma, semicolon or tab separated values (RFC 4180 quoting): one table, its first row taken as the header. */
export const parseCsv: Parser = ({ bytes }) => {
  const { text } = decodeText(bytes);
  const rows = csvRows(text, likeliestSeparator(text)).filter((row) => row.some((cell) => cell !== ''));
  if (rows.length === 0) throw new ParseFailure('parse_failed', 'The table has no cells.');
  return { blocks: [{ kind: 'table', rows, header: rows.length > 1 }], pages: null, remark: null };
};

/** The separator that parts the first row most often outside quotes. */
function likeliestSeparator(text: string): string {
  const first = text
    .slice(0, 8_192)
    .replace(/"[^"]*"/g, '')
    .trimStart()
    .split(/\r?\n/)[0]!;
  const count = (separator: string) => first.split(separator).length;
  return [',', '\t', ';', '|'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

export function csvRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const take = (cell: string) => row.push(tidyLine(cell));
  while (at < text.length) {
    if (text[at] === '"') {
      const [cell, end] = quotedCell(text, at);
      take(cell);
      at = end;
    } else {
      let end = at;
      while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
      take(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at += 1;
      if (at === text.length) take('');
      continue;
    }
    while (at < text.length && (text[at] === '\r' || text[at] === '\n')) at += 1;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function quotedCell(text: string, start: number): [string, number] {
  let cell = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [cell + text.slice(at), text.length];
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') return [cell, quote + 1];
    cell += '"';
    at = quote + 2;
  }
}
