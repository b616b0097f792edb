/** Stretch of a text: characters `start` (included) to `end` (excluded). */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Sentences of a text in Chinese and English. A line break ends one (texts here are laid out with one line per
 * paragraph, list item or table row); abbreviations, initials, decimals and numbering do not. White space around a
 * sentence belongs to none.
 */
export function splitSentences(text: string): Stretch[] {
  const sentences: Stretch[] = [];
  let start = 0;
  const close = (end: number) => {
    const stretch = trimmed(text, start, end);
    if (stretch) sentences.push(stretch);
    start = end;
  };
  for (const match of text.matchAll(ends)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && !endsSentence(text, match.index, end)) continue;
    close(end);
  }
  close(text.length);
  return sentences;
}

/** Final marks with the quotes and brackets that close after them; Western marks only before white space. */
const ends = /\n+|[。！？；…]+[”’」』）)"']*|[!?]+[”’)"']*(?=\s|$|\p{Script=Han})|\.+[”’)"']*(?=\s|$)/gu;

const abbreviations = new Set(
  'mr mrs ms dr prof sr jr st vs etc e.g i.e cf no nos vol fig figs eq sec art inc ltd co corp dept est approx min max tel ext p pp ed eds al jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m'.split(
    ' ',
  ),
);

function endsSentence(text: string, dot: number, end: number): boolean {
  const before = /[\p{L}\p{N}.]+$/u.exec(text.slice(Math.max(0, dot - 24), dot))?.[0].toLowerCase() ?? '';
  const after = /^\s+(["“‘'([]?)(\S)/u.exec(text.slice(end, end + 8));
  const next = after?.[2] ?? '';
  // "3. Returns", "a. first": numbering at the head of a line.
  if (/(^|\n) {0,4}(\d{1,3}|[a-z])$/i.test(`${dot > 8 ? '.' : ''}${text.slice(Math.max(0, dot - 8), dot)}`))
    return false;
  if (/^\p{Ll}/u.test(next)) return false;
  if (/^[a-z]$/.test(before) && /^\p{Lu}/u.test(next)) return false;
  if (!abbreviations.has(before)) return true;
  // "at 5 p.m. The shop…" and "Acme Inc. The firm…" do end; "Dr. Smith", "No. 5", "Jan. 3" do not.
  return /^(etc|a\.m|p\.m|inc|ltd|co|corp|al)$/.test(before) && /^\p{Lu}/u.test(next);
}

function trimmed(text: string, from: number, to: number): Stretch | null {
  let start = from;
  let end = to;
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /\s/.test(text[end - 1]!)) end -= 1;
  return end > start ? { start, end } : null;
}
