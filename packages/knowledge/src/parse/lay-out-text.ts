import type { Block } from './blocks.ts';

/** Where a block stands in the laid out text. */
export interface Span {
  readonly kind: Exclude<Block['kind'], 'page'>;
  /** Heading level, 0 for others. */
  readonly level: number;
  readonly start: number;
  readonly end: number;
  /** Header row of a table, as one line, or null. */
  readonly header: string | null;
}

export interface LaidOut {
  readonly text: string;
  /** Character at which each page begins; empty where the format has no pages. */
  readonly pageStarts: readonly number[];
  readonly spans: readonly Span[];
}

/** Blocks as one text: one line a paragraph, item or table row, an empty line between blocks. */
export function layOutText(blocks: readonly Block[]): LaidOut {
  const parts: string[] = [];
  const pageStarts: number[] = [];
  const spans: Span[] = [];
  let length = 0;
  let last: Span | null = null;
  for (const block of blocks) {
    if (block.kind === 'page') {
      if (length > 0) length += push(parts, '\n\n');
      pageStarts.push(length);
      last = null;
      continue;
    }
    const text = block.kind === 'table' ? block.rows.map(rowLine).join('\n') : block.text;
    if (text.trim() === '') continue;
    if (last) length += push(parts, last.kind === 'item' && block.kind === 'item' ? '\n' : '\n\n');
    const start = length;
    length += push(parts, text);
    last = {
      kind: block.kind,
      level: block.kind === 'heading' ? block.level : 0,
      start,
      end: length,
      header: block.kind === 'table' && block.header ? rowLine(block.rows[0]!) : null,
    };
    spans.push(last);
  }
  return { text: parts.join(''), pageStarts, spans };
}

const rowLine = (row: readonly string[]): string => row.join(' | ');

function push(parts: string[], text: string): number {
  parts.push(text);
  return text.length;
}
