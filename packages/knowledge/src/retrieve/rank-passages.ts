import type { Passage, PassageSentence } from '@myriad/contracts';
import type { PassageText, ReadPassage, ReadSentence } from './read-passage.ts';
import { type Expectation, givesWhatIsExpected, type QueryWord } from './read-query.ts';
import { coverageOf, matchWords, type WordSet } from './score-coverage.ts';

/** A candidate with what the index said of it. */
export interface Candidate extends PassageText {
  readonly documentId: string;
  readonly collectionId: string;
  readonly start: number;
  readonly end: number;
  readonly page: number | null;
  /** BM25. */
  readonly score: number;
}

export interface RankingQuery {
  readonly words: readonly QueryWord[];
  readonly weights: readonly number[];
  readonly expects: Expectation | null;
}

/** Weight of the expected kind of answer, in parts of the mean weight of the question's words. */
const expectationWeight = 0.4;

/**
 * Parts of the final score; they add to 1. Chosen by hand and round, not fitted: the committed questions
 * (`bench/knowledge-retrieval.ts`) are too few to fit five numbers to.
 */
export const rankingParts = { bm25: 0.4, coverage: 0.25, sentence: 0.2, nearness: 0.1, heading: 0.05 };

/** The same for candidates joined from words and meaning: what was found by meaning alone has few of the words. */
export const fusedParts = { bm25: 0.7, coverage: 0.12, sentence: 0.1, nearness: 0.05, heading: 0.03 };

/**
 * Orders candidates by how well they answer: the index's score, the share of the question found in the passage, in its
 * best sentence, how near together, and in the headings. Texts that say the same appear once.
 */
export function rankPassages(
  query: RankingQuery,
  candidates: readonly Candidate[],
  read: (passage: PassageText) => ReadPassage,
  limit: number,
  parts = rankingParts,
): Passage[] {
  const best = Math.max(...candidates.map((candidate) => candidate.score), Number.MIN_VALUE);
  const scored = candidates.map((candidate) => {
    const passage = read(candidate);
    const { coverage, sentences } = coverages(query, passage);
    const top = Math.max(0, ...sentences.map((sentence) => sentence.coverage));
    const heading = coverageOf(matchWords(query.words, passage.context, null), query.weights);
    const score =
      parts.bm25 * (candidate.score / best) +
      parts.coverage * coverage +
      parts.sentence * top +
      parts.nearness * nearness(query, passage) +
      parts.heading * heading;
    return { passage, found: { ...candidate, score, coverage, sentences } };
  });
  scored.sort((a, b) => b.found.score - a.found.score || (a.found.id < b.found.id ? -1 : 1));
  const kept: typeof scored = [];
  for (const one of scored) {
    if (kept.length >= limit) break;
    if (!kept.some((earlier) => saysTheSame(earlier.passage, one.passage))) kept.push(one);
  }
  return kept.map(({ found }) => found);
}

/** Share of the question in the passage and in each of its sentences. */
export function coverages(
  query: RankingQuery,
  passage: ReadPassage,
): { coverage: number; sentences: PassageSentence[] } {
  const inPassage = matchWords(query.words, passage.whole, passage.context);
  const sentences = passage.sentences.map((sentence) => ({
    start: sentence.start,
    end: sentence.end,
    coverage: sentenceCoverage(query, sentence),
  }));
  // A passage nearly always has some number or other; only of a sentence does it say something.
  return { coverage: coverageOf(inPassage, query.weights), sentences };
}

/**
 * A sentence is weighed with what stands above it, but only when it has something of the question itself: else every
 * sentence under a fitting heading would look like an answer.
 */
function sentenceCoverage(query: RankingQuery, sentence: ReadSentence): number {
  const own = coverageOf(matchWords(query.words, sentence, null), query.weights);
  if (own === 0) return 0;
  return Math.min(withExpectation(query, matchWords(query.words, sentence, sentence.context), sentence), own * 2);
}

/** Coverage in which the expected kind of answer counts as one more thing asked for. */
function withExpectation({ weights, expects }: RankingQuery, matches: readonly number[], own: WordSet): number {
  if (expects === null) return coverageOf(matches, weights);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(weights.length, 1);
  const isGiven = Number(givesWhatIsExpected(expects, own.folded));
  return coverageOf([...matches, isGiven], [...weights, mean * expectationWeight]);
}

/** 1 when all found words stand side by side, falling with the length of the shortest stretch that holds them. */
function nearness({ words }: RankingQuery, { sequence }: ReadPassage): number {
  const wanted = new Set(words.map(({ word }) => word));
  const places = sequence.flatMap((word, index) => (wanted.has(word) ? [{ word, index }] : []));
  const distinct = new Set(places.map(({ word }) => word)).size;
  if (distinct < 2) return 0;
  let shortest = Number.POSITIVE_INFINITY;
  const inside = new Map<string, number>();
  let from = 0;
  for (const place of places) {
    inside.set(place.word, (inside.get(place.word) ?? 0) + 1);
    while (inside.size === distinct) {
      const first = places[from]!;
      shortest = Math.min(shortest, place.index - first.index + 1);
      const left = inside.get(first.word)! - 1;
      if (left === 0) inside.delete(first.word);
      else inside.set(first.word, left);
      from += 1;
    }
  }
  return (distinct / wanted.size) * Math.min(1, (distinct * 2) / (shortest + distinct));
}

/** Nine words of ten in common, or the very same text. */
function saysTheSame(a: ReadPassage, b: ReadPassage): boolean {
  if (a.whole.folded === b.whole.folded) return true;
  const [few, many] =
    a.whole.words.size < b.whole.words.size ? [a.whole.words, b.whole.words] : [b.whole.words, a.whole.words];
  if (few.size < many.size * 0.9) return false;
  let common = 0;
  for (const word of few) if (many.has(word)) common += 1;
  return common / (few.size + many.size - common) >= 0.9;
}
