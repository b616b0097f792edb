/** Chooses the sentences that answer a question, out of retrieved passages. Pure; the scores come from retrieval. */
import type { Passage, PassageSentence } from '@myriad/contracts';

/** A stretch of one passage, quoted as it stands. Offsets are relative to the passage. */
export interface Quote {
  readonly passage: Passage;
  readonly start: number;
  readonly end: number;
  /** Best coverage of a sentence in it, 0 to 1. */
  readonly coverage: number;
}

/** When a sentence is good enough to be quoted; all shares from 0 to 1. */
export interface Thresholds {
  /** A passage that covers less of the question's weight is not about it: nothing is claimed from it. */
  readonly passageFloor: number;
  /** What a sentence must cover by itself. */
  readonly sentenceFloor: number;
  /** And in relation to the best sentence found. */
  readonly shareOfBest: number;
}

/**
 * Chosen with `bench/drivers-extract-threshold.ts` on 30 answerable and 30 unanswerable questions, half of them Chinese: 26
 * get the right sentence, none gets a false one. The passage floor is the contract's "about one half"; at 0.4 it would be
 * 28 on this set, too small a gain on too few questions to quote from passages that miss most of the question.
 */
export const measuredThresholds: Thresholds = { passageFloor: 0.5, sentenceFloor: 0.4, shareOfBest: 0.6 };
const maxQuotes = 5;
const maxQuoteCharacters = 600;

/** The best quotes: best passage first, in reading order within it, without repetition, neighbours joined; at most five. */
export function chooseQuotes(
  passages: readonly Passage[],
  { passageFloor, sentenceFloor, shareOfBest }: Thresholds = measuredThresholds,
): readonly Quote[] {
  const candidates = passages
    .filter((passage) => passage.coverage >= passageFloor)
    .flatMap((passage) => sentencesOf(passage).map((sentence) => trimmed(passage, sentence)))
    .filter((quote) => quote.end > quote.start && !isHeading(quote))
    .sort(byStrength);
  const best = candidates[0]?.coverage ?? 0;
  const floor = Math.max(sentenceFloor, best * shareOfBest);
  const chosen: Quote[] = [];
  const said = new Set<string>();
  for (const quote of candidates) {
    if (quote.coverage < floor || chosen.length >= maxQuotes) break;
    const words = wordsOf(quote);
    if ([...said].some((other) => other.includes(words) || words.includes(other))) continue;
    said.add(words);
    chosen.push(quote);
  }
  return joinNeighbours(inReadingOrder(chosen));
}

/** A passage whose sentences retrieval did not score is one sentence. */
function sentencesOf(passage: Passage): readonly PassageSentence[] {
  return passage.sentences.length > 0
    ? passage.sentences
    : [{ start: 0, end: passage.text.length, coverage: passage.coverage }];
}

function trimmed(passage: Passage, sentence: PassageSentence): Quote {
  const start = Math.max(0, Math.min(sentence.start, passage.text.length));
  const text = passage.text.slice(start, sentence.end);
  const lead = text.length - text.trimStart().length;
  return { passage, start: start + lead, end: start + lead + text.trim().length, coverage: sentence.coverage };
}

function byStrength(left: Quote, right: Quote): number {
  return (
    right.coverage - left.coverage ||
    right.passage.coverage - left.passage.coverage ||
    right.passage.score - left.passage.score ||
    (left.passage.id < right.passage.id ? -1 : left.passage.id > right.passage.id ? 1 : left.start - right.start)
  );
}

/** A line that only names what follows: Markdown heading, one of the passage's own headings, or a question without answer. */
function isHeading(quote: Quote): boolean {
  const text = quote.passage.text.slice(quote.start, quote.end);
  if (/^#{1,6}\s[^\n]*$/.test(text)) return true;
  const plain = bare(text);
  if (plain === '') return true;
  if (quote.passage.headings.some((heading) => bare(heading) === plain)) return true;
  const before = quote.passage.text.slice(0, quote.start);
  const ownLine = (before === '' || /\n\s*$/.test(before)) && /^\s*(?:\n|$)/.test(quote.passage.text.slice(quote.end));
  const hasEnd = /[.!?。！？；;:：…"”』」)）]$/.test(text);
  return ownLine && !hasEnd && text.length <= 40 && !/\d/.test(text) && quote.end < quote.passage.text.trimEnd().length;
}

/** Letters and digits alone, for comparing. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function wordsOf(quote: Quote): string {
  return bare(quote.passage.text.slice(quote.start, quote.end));
}

function inReadingOrder(quotes: readonly Quote[]): readonly Quote[] {
  const rank = new Map<string, number>();
  for (const quote of quotes) if (!rank.has(quote.passage.id)) rank.set(quote.passage.id, rank.size);
  return [...quotes].sort(
    (left, right) =>
      (rank.get(left.passage.id) as number) - (rank.get(right.passage.id) as number) || left.start - right.start,
  );
}

function joinNeighbours(quotes: readonly Quote[]): readonly Quote[] {
  const joined: Quote[] = [];
  for (const quote of quotes) {
    const last = joined.at(-1);
    const touches =
      last &&
      last.passage.id === quote.passage.id &&
      quote.end - last.start <= maxQuoteCharacters &&
      /^[^\S\n]*\n?[^\S\n]*$/.test(quote.passage.text.slice(last.end, quote.start));
    if (touches)
      joined[joined.length - 1] = { ...last, end: quote.end, coverage: Math.max(last.coverage, quote.coverage) };
    else joined.push(quote);
  }
  return joined;
}
