import type { QueryWord } from './read-query.ts';

/** Words of a stretch of text, made to be asked whether it has one. */
export interface WordSet {
  readonly words: ReadonlySet<string>;
  /** Folded text, to find Chinese words that were cut differently there. */
  readonly folded: string;
}

/** Background collection added to the real one, so that weights mean something in a library of three passages. */
const background = { passages: 1_000, containing: 2 };

/**
 * Weight of each word of the question: Robertson's inverse document frequency (Robertson & Zaragoza 2009, "The
 * Probabilistic Relevance Framework", eq. 3.9, with 1 added to stay positive), smoothed by the background.
 *
 * @param containing In how many of `passages` each word stands.
 */
export function queryWeights(containing: readonly number[], passages: number): number[] {
  return containing.map((count) => {
    const all = passages + background.passages;
    const having = Math.min(count, passages) + background.containing;
    return Math.log(1 + (all - having + 0.5) / (having + 0.5));
  });
}

/** Worth of a word that stands only above the text, in a heading or the document's name. */
const contextWorth = 0.85;

/**
 * How much of each word of the question a stretch has, 0 to 1: 1 when it stands there, less when only above it, when
 * only words inside it do, or when only a word of the same family does.
 */
export function matchWords(words: readonly QueryWord[], own: WordSet, context: WordSet | null): number[] {
  return words.map((word) => {
    const inText = matchOne(word, own);
    return context && inText < contextWorth ? Math.max(inText, matchOne(word, context) * contextWorth) : inText;
  });
}

function matchOne({ word, inner }: QueryWord, { words, folded }: WordSet): number {
  if (words.has(word)) return 1;
  const isHan = /^\p{Script=Han}{2,}$/u.test(word);
  if (isHan && folded.includes(word)) return 1;
  if (inner.length > 0) return (inner.filter((part) => words.has(part)).length / inner.length) * 0.6;
  return isHan || !/^[a-z]{5,}$/.test(word) ? 0 : familyMatch(word, words);
}

/** A stem that begins like the word and is not much longer or shorter: `employ` and `employe`, `cancel` and `cancell`. */
function familyMatch(word: string, words: ReadonlySet<string>): number {
  for (const other of words) {
    if (other.length < 4 || Math.abs(other.length - word.length) > 3 || !/^[a-z]+$/.test(other)) continue;
    const shorter = Math.min(word.length, other.length);
    if (shorter >= 5 && word.slice(0, shorter) === other.slice(0, shorter)) return 0.8;
  }
  return 0;
}

/** Share of the question's weight that is matched, 0 to 1. */
export function coverageOf(matches: readonly number[], weights: readonly number[]): number {
  let found = 0;
  let all = 0;
  for (const [index, weight] of weights.entries()) {
    found += weight * matches[index]!;
    all += weight;
  }
  return all === 0 ? 0 : found / all;
}
