import type { Clock, KnowledgeStore, Passage, PassageHit, RetrievalReport } from '@myriad/contracts';
import { type Candidate, rankPassages } from './rank-passages.ts';
import type { PassageText, ReadPassage } from './read-passage.ts';
import { readQuery } from './read-query.ts';
import { queryWeights } from './score-coverage.ts';

export interface RetrievalQuery {
  readonly query: string;
  readonly collectionIds: readonly string[];
  readonly documentIds?: readonly string[];
  readonly limit?: number;
}

const usualLimit = 8;
const largestLimit = 100;

/** Candidates by BM25, then ranked by how much of the question each answers. */
export async function retrievePassages(
  store: KnowledgeStore,
  read: (passage: PassageText) => ReadPassage,
  clock: Clock,
  { query, collectionIds, documentIds, limit = usualLimit }: RetrievalQuery,
): Promise<{ passages: Passage[]; report: RetrievalReport }> {
  const started = clock.monotonicMs();
  const wanted = Math.min(Math.max(1, Math.floor(limit)), largestLimit);
  const { terms, words, expects } = readQuery(query);
  const report = (because: string, candidates: number): RetrievalReport => ({
    method: 'lexical',
    because,
    tookMs: clock.monotonicMs() - started,
    candidates,
  });
  if (terms.length === 0) return { passages: [], report: report('The question has no words to search by.', 0) };
  if (collectionIds.length === 0) return { passages: [], report: report('No collection may be searched.', 0) };
  const [hits, statistics] = await Promise.all([
    store.search({ terms, collectionIds, ...(documentIds ? { documentIds } : {}), limit: Math.max(32, wanted * 4) }),
    store.termStatistics(words.map(({ word }) => word)),
  ]);
  if (hits.length === 0) return { passages: [], report: report('No passage has a word of the question.', 0) };
  const weights = queryWeights(statistics.containing, statistics.passages);
  const passages = rankPassages({ words, weights, expects }, hits.map(candidateOf), read, wanted);
  return { passages, report: report('By words (BM25): no embedding model is attached.', hits.length) };
}

function candidateOf({ passage, documentId, documentName, collectionId, score }: PassageHit): Candidate {
  const { id, text, start, end, page, headings } = passage;
  return { id, text, start, end, page, headings, documentId, documentName, collectionId, score };
}
