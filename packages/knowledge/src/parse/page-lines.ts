import { isWide, tidyLine } from './tidy-text.ts';

/** A run of text on a page as the PDF places it; units are points, the origin below on the left. */
export interface TextRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Height of the font. */
  readonly size: number;
}

/** One printed line. `cells` are its parts where wide gaps part them, one when it has none. */
export interface PageLine {
  readonly text: string;
  readonly cells: readonly string[];
  readonly x: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
}

/** Gap, in parts of the font size, from which a space is meant; and from which another cell begins. */
const spaceGap = 0.18;
const cellGap = 1.6;

/** Runs in reading order as the file gives them, joined to lines by their base line. */
export function pageLines(runs: readonly TextRun[]): PageLine[] {
  const lines: PageLine[] = [];
  let open: TextRun[] = [];
  const close = () => {
    if (open.length > 0) lines.push(...lineOf(open));
    open = [];
  };
  for (const run of runs) {
    const last = open.at(-1);
    if (last && !onSameLine(last, run)) close();
    if (run.text.trim() !== '' || open.length > 0) open.push(run);
  }
  close();
  return lines.filter((line) => line.text !== '');
}

function onSameLine(last: TextRun, run: TextRun): boolean {
  const size = Math.max(last.size, run.size, 1);
  if (run.text.trim() === '' && run.size === 0) return true;
  if (Math.abs(last.y - run.y) > size * 0.45) return false;
  // A jump back to the left is a new line, or another column, on the same height.
  return run.x >= last.x - size * 0.5 || run.x + run.width >= last.x + last.width;
}

function lineOf(runs: readonly TextRun[]): PageLine[] {
  const cells: string[] = [];
  let cell = '';
  let right = Number.NaN;
  let x = Number.NaN;
  let size = 0;
  for (const run of runs) {
    if (run.text.trim() === '') {
      if (cell !== '' && !cell.endsWith(' ')) cell += ' ';
      continue;
    }
    const gap = Number.isNaN(right) ? 0 : run.x - right;
    const unit = Math.max(run.size, 1);
    if (gap > unit * cellGap && cell.trim() !== '') {
      cells.push(cell);
      cell = '';
    } else if (gap > unit * spaceGap && cell !== '' && !cell.endsWith(' ')) cell += ' ';
    cell += run.text;
    right = Math.max(Number.isNaN(right) ? run.x : right, run.x + run.width);
    if (Number.isNaN(x)) x = run.x;
    size = Math.max(size, run.size);
  }
  if (cell.trim() !== '') cells.push(cell);
  const tidy = cells.map((written) => closeUpWide(tidyLine(written))).filter((written) => written !== '');
  return [{ text: tidy.join(' '), cells: tidy, x, right, y: runs[0]!.y, size }];
}

/** Chinese is set without spaces; those that remain between its characters come from letter spacing. */
export function closeUpWide(text: string): string {
  return text.replace(/(\S) (?=(\S))/gu, (whole, before: string, after: string) =>
    isWide(before) && isWide(after) ? before : whole,
  );
}
