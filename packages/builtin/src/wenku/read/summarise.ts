import type { ReadingSpan, SlideRows } from '@myriad/contracts';

export interface TextToRead {
  readonly text: string;
  /** Character at which each page begins; empty where the format has no pages. */
  readonly pageStarts: readonly number[];
}

/** What the knowledge room knows of words; handed in so that this stays pure. */
export interface Language {
  /** Folded words of a text, Chinese cut by dictionary. */
  readonly words: (text: string) => readonly string[];
  readonly sentences: (text: string) => readonly { readonly start: number; readonly end: number }[];
}

/** 1-based page of a character, or null where there are no pages. */
export function pageAt(pageStarts: readonly number[], at: number): number | null {
  if (pageStarts.length === 0) return null;
  let page = 0;
  while (page < pageStarts.length && (pageStarts[page] as number) <= at) page += 1;
  return Math.max(1, page);
}

const mostSentences = 3_000;

/**
 * The sentences that say most of a text, in its own order. Each sentence's worth is the mean over its words of
 * log(1 + times in the text) × log(sentences / sentences with the word), with more for what comes early in the text and
 * for a middling length; then maximal marginal relevance (Carbonell & Goldstein 1998, λ = 0.7) picks sentences that do not
 * repeat each other. Nothing is written: every sentence stands in the text word for word.
 */
export function summarise(
  read: TextToRead,
  language: Language,
  wanted = 6,
): readonly (ReadingSpan & { readonly text: string })[] {
  const sentences = language
    .sentences(read.text)
    .slice(0, mostSentences)
    .map(({ start, end }) => ({ start, end, text: read.text.slice(start, end) }))
    .filter(({ text }) => looksLikeSentence(text))
    .map((sentence) => ({
      ...sentence,
      words: new Set(language.words(sentence.text).filter((word) => word.length > 1)),
    }))
    .filter(({ words }) => words.size >= 3);
  const holding = new Map<string, number>();
  for (const { words } of sentences) for (const word of words) holding.set(word, (holding.get(word) ?? 0) + 1);
  const total = sentences.length;
  const worth = sentences.map(({ words, text }, at) => {
    let sum = 0;
    for (const word of words) {
      const times = holding.get(word) ?? 1;
      // A word of one sentence only says little about the whole.
      if (times > 1) sum += Math.log(1 + times) * Math.log(1 + total / times);
    }
    const early = 1 + 0.25 * Math.exp((-8 * at) / Math.max(1, total));
    const length = Math.min(1, text.length / 24) * Math.min(1, 260 / text.length);
    return (sum / words.size) * early * length;
  });
  const best = Math.max(...worth, 1e-9);
  const chosen: number[] = [];
  while (chosen.length < Math.min(wanted, total)) {
    let pick = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < total; at += 1) {
      if (chosen.includes(at)) continue;
      const nearest = Math.max(0, ...chosen.map((other) => overlap(sentences[at]?.words, sentences[other]?.words)));
      const score = 0.7 * ((worth[at] ?? 0) / best) - 0.3 * nearest;
      if (nearest < 0.7 && score > highest) {
        highest = score;
        pick = at;
      }
    }
    if (pick < 0) break;
    chosen.push(pick);
  }
  return chosen
    .sort((left, right) => left - right)
    .map((at) => sentences[at])
    .filter((sentence) => sentence !== undefined)
    .map(({ start, end, text }) => ({ start, end, text, page: pageAt(read.pageStarts, start) }));
}

function looksLikeSentence(text: string): boolean {
  return text.length >= 10 && text.length <= 600 && !/ \| /.test(text) && /[.!?。！？；;:：”"）)\p{L}]$/u.test(text);
}

function overlap(left: ReadonlySet<string> | undefined, right: ReadonlySet<string> | undefined): number {
  if (!left || !right) return 0;
  let common = 0;
  for (const word of left) if (right.has(word)) common += 1;
  return common / Math.min(left.size, right.size);
}

const figure =
  /(?:[¥$€£]|RMB|USD|人民币)?\s?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:\s?(?:万亿|亿|万|%|％|元|美元|million|billion|USD|EUR|RMB|CNY|个百分点))*|(?:[¥$€£]|RMB\s?|USD\s?|人民币)\d+(?:\.\d+)?(?:\s?(?:万亿|亿|万|k|m|bn|million|billion))?(?:元|美元)?|\d+(?:\.\d+)?\s?(?:万亿|亿|万|千)?(?:%|％|‰|元|美元|个百分点|倍|天|小时|分钟|个月|年|人次|人|家|台|件|万吨|吨|公里|million|billion|percent|per cent|days|hours|users|people|months|years)(?!\p{L})|\d+(?:\.\d+)?\s?(?:万亿|亿|万)/giu;

/** Numbers with a unit, each with its sentence; a sentence is told once, with its first number. */
export function keyFigures(
  read: TextToRead,
  language: Language,
  most = 40,
): readonly (ReadingSpan & { readonly value: string; readonly sentence: string })[] {
  const found: (ReadingSpan & { value: string; sentence: string })[] = [];
  for (const { start, end } of language.sentences(read.text)) {
    const sentence = read.text.slice(start, end);
    if (sentence.length > 400 || / \| /.test(sentence)) continue;
    figure.lastIndex = 0;
    const match = figure.exec(sentence);
    if (!match || sentence.length <= match[0].length + 3) continue;
    const lead = match[0].length - match[0].trimStart().length;
    const from = start + match.index + lead;
    const value = match[0].trim();
    found.push({ start: from, end: from + value.length, page: pageAt(read.pageStarts, from), value, sentence });
    if (found.length >= most) break;
  }
  return found;
}

/** Tables as the parsers lay them out: lines of cells with ` | ` between them, at least two of the same width. */
export function tablesOf(read: TextToRead): readonly (ReadingSpan & { readonly rows: SlideRows })[] {
  const tables: (ReadingSpan & { rows: string[][] })[] = [];
  let rows: string[][] = [];
  let from = 0;
  let at = 0;
  const close = (end: number) => {
    if (rows.length >= 2) tables.push({ start: from, end, page: pageAt(read.pageStarts, from), rows });
    rows = [];
  };
  for (const line of read.text.split('\n')) {
    const cells = line.split(' | ').map((cell) => cell.trim());
    if (cells.length >= 2 && (rows.length === 0 || cells.length === rows[0]?.length)) {
      if (rows.length === 0) from = at;
      rows.push(cells);
    } else {
      close(at - 1);
      if (cells.length >= 2) {
        from = at;
        rows.push(cells);
      }
    }
    at += line.length + 1;
  }
  close(read.text.length);
  return tables;
}

const numbered =
  /^(第[一二三四五六七八九十百零〇\d]+[章节部分篇条]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+(?:\.\d+){0,3}[.、\s]|#{1,6}\s|(?:chapter|section|part|appendix)\s+[\divx]+)/i;

/** Headings of an extracted text: numbered lines, marked ones, and short lines alone between empty ones. */
export function outlineOf(
  read: TextToRead,
): readonly (ReadingSpan & { readonly title: string; readonly level: number })[] {
  const found: (ReadingSpan & { title: string; level: number })[] = [];
  const lines = read.text.split('\n');
  let at = 0;
  lines.forEach((line, index) => {
    const title = line.trim();
    const start = at + (line.length - line.trimStart().length);
    at += line.length + 1;
    if (title.length < 2 || title.length > 80 || / \| /.test(title) || /^[-*•]\s/.test(title)) return;
    if (/[。！？；，,;]$/.test(title) || (/\.$/.test(title) && !/^\d/.test(title))) return;
    const alone = (lines[index - 1] ?? '').trim() === '' && (lines[index + 1] ?? '').trim() === '';
    const goesOn = lines.slice(index + 1, index + 4).some((next) => next.trim().length > title.length);
    const mark = numbered.exec(title)?.[1];
    const level = mark ? levelOf(mark) : alone && goesOn && isShort(title) ? (found.length === 0 ? 1 : 2) : 0;
    if (level > 0 && (mark === undefined || alone || goesOn))
      found.push({
        start,
        end: start + title.length,
        page: pageAt(read.pageStarts, start),
        title: title.replace(/^#+\s+/, ''),
        level,
      });
  });
  return found.slice(0, 400);
}

const isShort = (title: string): boolean =>
  (/\p{Script=Han}/u.test(title) ? title.length <= 24 : title.split(/\s+/).length <= 9) && /\p{L}/u.test(title);

function levelOf(mark: string): number {
  const hashes = /^#+/.exec(mark)?.[0].length;
  if (hashes) return Math.min(4, hashes);
  if (/^第.*[节条]/.test(mark) || /^[（(]/.test(mark)) return 2;
  const dots = mark
    .trim()
    .replace(/[.、]$/, '')
    .split('.').length;
  return /^\d/.test(mark) ? Math.min(4, dots) : 1;
}
