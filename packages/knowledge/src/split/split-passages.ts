import type { LaidOut, Span } from '../parse/lay-out-text.ts';
import { type Stretch, splitSentences } from '../words/split-sentences.ts';

/** A stretch of the document's text that is indexed and cited as one. */
export interface DocumentPassage {
  readonly start: number;
  readonly end: number;
  /** From 1; null where the format has no pages. */
  readonly page: number | null;
  /** Headings above, outermost first; for a table its header row last. */
  readonly headings: readonly string[];
}

/** Sizes in characters. A table is kept whole up to `table`; nothing else passes `most`. */
const sizes = { aim: 900, most: 1_200, table: 2_400, heading: 200 };

/**
 * Cuts a laid out text into passages that do not overlap: at headings and pages always, else at the end of a block when
 * the next would make it too long; a long paragraph at the end of a sentence, a long table between rows.
 */
export function splitPassages({ text, pageStarts, spans }: LaidOut): DocumentPassage[] {
  const passages: DocumentPassage[] = [];
  const path: { level: number; text: string }[] = [];
  const pageAt = pageFinder(pageStarts);
  let open = null as OpenPassage | null;
  const close = () => {
    if (open)
      passages.push({
        start: open.start,
        end: open.end,
        page: open.page,
        headings: path.map((heading) => heading.text),
      });
    open = null;
  };
  const closeWith = (stretch: Stretch, header: string | null) => {
    const headings = path.map((heading) => heading.text);
    passages.push({ ...stretch, page: pageAt(stretch.start), headings: header ? [...headings, header] : headings });
  };
  for (const span of spans) {
    const page = pageAt(span.start);
    if (open !== null && open.page !== page) close();
    if (span.kind === 'heading') {
      // A heading that nothing follows is not in the next one's path: it stands as a passage of its own.
      if (open !== null && (!open.headingOnly || path.at(-1)!.level >= span.level)) close();
      while (path.length > 0 && path.at(-1)!.level >= span.level) path.pop();
      path.push({ level: span.level, text: text.slice(span.start, Math.min(span.end, span.start + sizes.heading)) });
      open = { start: open?.start ?? span.start, end: span.end, page, headingOnly: true };
      continue;
    }
    const length = span.end - span.start;
    if (span.kind === 'table' && length > sizes.most / 2) {
      if (open?.headingOnly) open = null;
      close();
      const header = span.header && span.header.length <= sizes.heading ? span.header : null;
      for (const stretch of splitTable(text, span)) closeWith(stretch, header);
      continue;
    }
    if (length > sizes.most) {
      if (open?.headingOnly) open = null;
      close();
      for (const stretch of splitLong(text, span)) closeWith(stretch, null);
      continue;
    }
    if (open !== null && !open.headingOnly && span.end - open.start > sizes.most) close();
    open =
      open === null ? { ...stretchOf(span), page, headingOnly: false } : { ...open, end: span.end, headingOnly: false };
    if (open.end - open.start >= sizes.aim) close();
  }
  close();
  return passages;
}

interface OpenPassage extends Stretch {
  readonly page: number | null;
  /** Nothing but headings so far. */
  readonly headingOnly: boolean;
}

const stretchOf = ({ start, end }: Span): Stretch => ({ start, end });

function pageFinder(pageStarts: readonly number[]): (at: number) => number | null {
  let page = 0;
  return (at) => {
    if (pageStarts.length === 0) return null;
    if (page > 0 && pageStarts[page - 1]! > at) page = 0;
    while (page < pageStarts.length && pageStarts[page]! <= at) page += 1;
    return Math.max(page, 1);
  };
}

function splitTable(text: string, span: Span): Stretch[] {
  if (span.end - span.start <= sizes.table) return [stretchOf(span)];
  return gather(linesOf(text, span), text);
}

function linesOf(text: string, { start, end }: Stretch): Stretch[] {
  const lines: Stretch[] = [];
  let at = start;
  while (at < end) {
    const feed = text.indexOf('\n', at);
    const stop = feed < 0 || feed > end ? end : feed;
    if (stop > at) lines.push({ start: at, end: stop });
    at = stop + 1;
  }
  return lines;
}

function splitLong(text: string, span: Span): Stretch[] {
  const pieces =
    span.kind === 'code'
      ? linesOf(text, span)
      : splitSentences(text.slice(span.start, span.end)).map(({ start, end }) => ({
          start: span.start + start,
          end: span.start + end,
        }));
  return gather(pieces, text);
}

/** Neighbouring pieces together up to the aim; a piece that is too long by itself is cut hard. */
function gather(pieces: readonly Stretch[], text: string): Stretch[] {
  const gathered: Stretch[] = [];
  let open: Stretch | null = null;
  for (const piece of pieces.flatMap((long) => cutHard(long, text))) {
    if (open && piece.end - open.start > sizes.aim) {
      gathered.push(open);
      open = null;
    }
    open = open ? { start: open.start, end: piece.end } : piece;
  }
  if (open) gathered.push(open);
  return gathered;
}

/** Cuts at white space or a comma near the limit where there is one, never inside a surrogate pair. */
function cutHard(piece: Stretch, text: string): Stretch[] {
  const cuts: Stretch[] = [];
  let start = piece.start;
  while (piece.end - start > sizes.most) {
    const window = text.slice(start, start + sizes.most);
    const soft = Math.max(window.lastIndexOf(' '), window.lastIndexOf('，'), window.lastIndexOf('、'));
    let end = start + (soft > sizes.most / 2 ? soft + 1 : sizes.most);
    if (/[\ud800-\udbff]/.test(text[end - 1]!)) end -= 1;
    cuts.push({ start, end });
    start = end;
  }
  cuts.push({ start, end: piece.end });
  return cuts;
}
