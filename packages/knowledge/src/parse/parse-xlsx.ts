import type { Block, Parser } from './blocks.ts';
import { looksLikeHeader } from './dom-blocks.ts';
import { ParseFailure } from './parse-failure.ts';
import { childElements, descendants, readXml, textOf, type XmlElement } from './read-xml.ts';
import { openZip, type ZipArchive } from './read-zip.ts';
import { tidyLine } from './tidy-text.ts';

const mostSheets = 500;
const mostCells = 1_000_000;

/** Workbooks: each sheet is a page with its name and its cells as shown, dates as dates (ECMA-376, SpreadsheetML). */
export const parseXlsx: Parser = ({ bytes }) => {
  const zip = openZip(bytes);
  const workbook = readXml(zip.text('xl/workbook.xml') ?? '');
  const sheets = [...descendants(workbook, 'sheet')];
  if (sheets.length > mostSheets)
    throw new ParseFailure('parse_limit', `The workbook has ${sheets.length} sheets; the limit is ${mostSheets}.`);
  const targets = sheetTargets(zip);
  const shared = sharedStrings(zip);
  const dates = dateStyles(zip);
  const blocks: Block[] = [];
  const left = { cells: mostCells };
  for (const sheet of sheets) {
    blocks.push({ kind: 'page' });
    const source = zip.text(targets.get(sheet.attributes.id ?? '') ?? '');
    const rows = source ? sheetRows(readXml(source), shared, dates, left) : [];
    if (rows.length === 0) continue;
    blocks.push({ kind: 'heading', level: 1, text: tidyLine(sheet.attributes.name ?? '') || 'Sheet' });
    blocks.push({ kind: 'table', rows, header: looksLikeHeader(rows) });
  }
  if (!blocks.some((block) => block.kind === 'table'))
    throw new ParseFailure('parse_failed', 'The workbook has no cells.');
  return { blocks, pages: sheets.length, remark: null };
};

function sheetTargets(zip: ZipArchive): Map<string, string> {
  const targets = new Map<string, string>();
  for (const { attributes } of descendants(readXml(zip.text('xl/_rels/workbook.xml.rels') ?? ''), 'Relationship'))
    targets.set(attributes.Id ?? '', new URL(attributes.Target ?? '', 'zip://x/xl/').pathname.slice(1));
  return targets;
}

function sharedStrings(zip: ZipArchive): string[] {
  const source = zip.text('xl/sharedStrings.xml');
  if (!source) return [];
  return childElements(readXml(source), 'si').map((item) => tidyLine([...richText(item)].join('')));
}

/** Text of a string item without its phonetic guide. */
function* richText(item: XmlElement): Generator<string> {
  for (const child of childElements(item)) {
    if (child.name === 't') yield textOf(child);
    else if (child.name === 'r') for (const text of childElements(child, 't')) yield textOf(text);
  }
}

/** Cell styles that show dates: built-in formats 14-22, 27-36, 45-58, and own ones with year, month or day in them. */
function dateStyles(zip: ZipArchive): ReadonlySet<string> {
  const source = zip.text('xl/styles.xml');
  if (!source) return new Set();
  const styles = readXml(source);
  const own = new Map(
    [...descendants(styles, 'numFmt')].map(({ attributes }) => [attributes.numFmtId, attributes.formatCode ?? '']),
  );
  const formats = descendants(styles, 'cellXfs').next().value;
  const isDate = (id: string) => {
    const code = own.get(id);
    if (code !== undefined) return /[ymdh]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
    const number = Number(id);
    return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) || (number >= 45 && number <= 58);
  };
  return new Set(
    (formats ? childElements(formats, 'xf') : []).flatMap(({ attributes }, index) =>
      isDate(attributes.numFmtId ?? '0') ? [String(index)] : [],
    ),
  );
}

function sheetRows(
  sheet: XmlElement,
  shared: readonly string[],
  dates: ReadonlySet<string>,
  left: { cells: number },
): string[][] {
  const rows: string[][] = [];
  for (const row of descendants(sheet, 'row')) {
    const cells: string[] = [];
    for (const cell of childElements(row, 'c')) {
      left.cells -= 1;
      if (left.cells < 0)
        throw new ParseFailure('parse_limit', `The workbook has more than ${mostCells.toLocaleString('en')} cells.`);
      const column = columnIndex(cell.attributes.r);
      while (column !== null && column < 1_000 && cells.length < column) cells.push('');
      cells.push(cellText(cell, shared, dates));
    }
    while (cells.at(-1) === '') cells.pop();
    if (cells.length > 0) rows.push(cells);
  }
  return rows;
}

function columnIndex(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (!letters) return null;
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

function cellText(cell: XmlElement, shared: readonly string[], dates: ReadonlySet<string>): string {
  const [inline] = childElements(cell, 'is');
  if (inline) return tidyLine([...richText(inline)].join(''));
  const [value] = childElements(cell, 'v');
  const written = value ? textOf(value) : '';
  if (cell.attributes.t === 's') return shared[Number(written)] ?? '';
  if (cell.attributes.t === 'b') return written === '1' ? 'TRUE' : 'FALSE';
  if (cell.attributes.t || written === '') return tidyLine(written);
  const number = Number(written);
  if (dates.has(cell.attributes.s ?? '0')) return serialDate(number);
  return Number.isFinite(number) ? String(Number(number.toPrecision(12))) : tidyLine(written);
}

/** Days since 1899-12-30, as spreadsheets count them (ECMA-376 part 1, 18.17.4.1). */
function serialDate(days: number): string {
  if (!Number.isFinite(days) || days < 0 || days > 2_958_465) return String(days);
  const iso = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400_000)).toISOString();
  return days < 1 ? iso.slice(11, 16) : days % 1 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}
