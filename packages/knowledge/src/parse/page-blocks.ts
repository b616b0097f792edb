import type { Block } from './blocks.ts';
import type { PageLine } from './page-lines.ts';
import { headingLevel } from './parse-text.ts';
import { joinLines } from './tidy-text.ts';

/**
 * Paragraphs, headings and tables of a document's pages, from where its lines stand: larger type is a heading, a wider
 * gap or an indent begins a paragraph, lines parted into cells one below another are a table. Lines repeated at the head
 * or foot of most pages are dropped.
 */
export function pagesToBlocks(pages: readonly (readonly PageLine[])[]): Block[] {
  const body = bodySize(pages);
  const running = runningLines(pages);
  return pages.flatMap((lines) => [
    { kind: 'page' } as const,
    ...pageBlocks(
      lines.filter((line) => !running.has(runningKey(line))),
      body,
    ),
  ]);
}

/** The size in which most characters are set. */
function bodySize(pages: readonly (readonly PageLine[])[]): number {
  const characters = new Map<number, number>();
  for (const line of pages.flat()) {
    const size = Math.round(line.size * 2) / 2;
    characters.set(size, (characters.get(size) ?? 0) + line.text.length);
  }
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
}

const runningKey = (line: PageLine): string => `${line.text.replace(/\d+/g, '#')}@${Math.round(line.y / 4)}`;

function runningLines(pages: readonly (readonly PageLine[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const byHeight = [...lines].sort((a, b) => b.y - a.y);
    const edge = new Set([...edgeLines(byHeight), ...edgeLines(byHeight.toReversed())].map(runningKey));
    for (const key of edge) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const least = Math.max(3, pages.length * 0.5);
  return new Set([...counts].filter(([, count]) => count >= least).map(([key]) => key));
}

/** The outermost line of a page, and the next when it stands close to it. */
function edgeLines([first, second]: readonly PageLine[]): PageLine[] {
  if (!first) return [];
  return second && Math.abs(first.y - second.y) < first.size * 1.6 ? [first, second] : [first];
}

function pageBlocks(lines: readonly PageLine[], body: number): Block[] {
  const blocks: Block[] = [];
  const leading = usualLeading(lines, body);
  let paragraph: PageLine[] = [];
  const close = () => {
    if (paragraph.length === 0) return;
    blocks.push(paragraphOf(paragraph, body));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const tableEnd = tableEndFrom(lines, at);
    if (tableEnd > at) {
      close();
      blocks.push({ kind: 'table', header: false, rows: lines.slice(at, tableEnd).map((line) => line.cells) });
      at = tableEnd - 1;
      continue;
    }
    const line = lines[at]!;
    const last = paragraph.at(-1);
    if (last && beginsParagraph(last, line, leading, paragraph)) close();
    paragraph.push(line);
  }
  close();
  return blocks;
}

function usualLeading(lines: readonly PageLine[], body: number): number {
  const gaps = lines
    .slice(1)
    .map((line, index) => lines[index]!.y - line.y)
    .filter((gap) => gap > body * 0.6 && gap < body * 3)
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? body * 1.4;
}

const listMark = /^([-•·●▪◦*]|\d{1,3}[.)、]|[（(]\d{1,2}[）)]|[a-z][.)])\s*\S/;

function beginsParagraph(last: PageLine, line: PageLine, leading: number, paragraph: readonly PageLine[]): boolean {
  const gap = last.y - line.y;
  if (gap > Math.max(leading, line.size) * 1.35 || gap < 0) return true;
  if (Math.abs(last.size - line.size) > Math.max(0.8, last.size * 0.08)) return true;
  if (listMark.test(line.text) || headingLevel(line.text) !== null || headingLevel(last.text) !== null) return true;
  const first = paragraph[0]!;
  const indented = line.x - Math.min(first.x, last.x) > line.size * 0.9;
  const ended = /[.!?。！？:：;；]["”’」』)）]*$/.test(last.text);
  const widest = paragraph.reduce((most, earlier) => Math.max(most, earlier.right), 0);
  return (indented && ended) || (ended && last.right < widest - line.size * 3);
}

/** Two lines or more, each parted into the same or nearly the same number of cells. */
function tableEndFrom(lines: readonly PageLine[], at: number): number {
  const columns = lines[at]!.cells.length;
  if (columns < 2) return at;
  let end = at + 1;
  while (end < lines.length && lines[end]!.cells.length >= 2 && Math.abs(lines[end]!.cells.length - columns) <= 1)
    end += 1;
  return end - at >= 2 ? end : at;
}

function paragraphOf(lines: readonly PageLine[], body: number): Block {
  const text = joinLines(lines.map((line) => line.text));
  const size = lines.reduce((most, line) => Math.max(most, line.size), 0);
  if (text.length <= 120 && lines.length <= 3 && size >= body * 1.15 && /\p{L}/u.test(text))
    return { kind: 'heading', level: size >= body * 1.6 ? 1 : size >= body * 1.3 ? 2 : 3, text };
  const level = lines.length === 1 ? headingLevel(text) : null;
  if (level !== null) return { kind: 'heading', level, text };
  return { kind: listMark.test(text) ? 'item' : 'paragraph', text };
}
