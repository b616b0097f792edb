import type {
  Clock,
  Embedder,
  KnowledgeStore,
  Passage,
  PassageFilter,
  PassageHit,
  Reranker,
  RetrievalReport,
} from '@myriad/contracts';
import { storedFilter } from './file-kinds.ts';
import { fuseRanks } from './fuse-ranks.ts';
import { type Candidate, fusedParts, rankingParts, rankPassages } from './rank-passages.ts';
import type { PassageText, ReadPassage } from './read-passage.ts';
import { readQuery } from './read-query.ts';
import { queryWeights } from './score-coverage.ts';
import { ofLengthOne, type VectorIndex } from './vector-index.ts';

export interface RetrievalQuery {
  readonly query: string;
  readonly collectionIds: readonly string[];
  readonly documentIds?: readonly string[];
  readonly limit?: number;
  readonly filter?: PassageFilter;
  readonly alsoAs?: readonly string[];
}

/** What finds by meaning, while a model that embeds is attached. */
export interface Meaning {
  readonly embedder: Embedder;
  /** The index of this model's vectors. */
  index(model: string): VectorIndex;
}

export interface RetrievalNeeds {
  readonly store: KnowledgeStore;
  readonly read: (passage: PassageText) => ReadPassage;
  readonly clock: Clock;
  readonly meaning?: Meaning;
  readonly reranker?: Reranker;
}

const usualLimit = 8;
const largestLimit = 100;
/** A question that waits longer for its vector is answered by words alone. */
const embedWaitMs = 3_000;
const rerankWaitMs = 5_000;

/**
 * Candidates by BM25 over the words of the question, and by the nearest vectors while a model that embeds is attached,
 * fused by their ranks; then ranked by how much of the question each answers. Only the collections given are looked at,
 * in every one of these steps.
 */
export async function retrievePassages(
  { store, read, clock, meaning, reranker }: RetrievalNeeds,
  { query, collectionIds, documentIds, limit = usualLimit, filter = {}, alsoAs = [] }: RetrievalQuery,
): Promise<{ passages: Passage[]; report: RetrievalReport }> {
  const started = clock.monotonicMs();
  const wanted = Math.min(Math.max(1, Math.floor(limit)), largestLimit);
  const { terms, words, expects } = readQuery(query);
  let method: RetrievalReport['method'] = 'lexical';
  const report = (because: string, candidates: number): RetrievalReport => ({
    method,
    because,
    tookMs: clock.monotonicMs() - started,
    candidates,
  });
  if (terms.length === 0) return { passages: [], report: report('The question has no words to search by.', 0) };
  if (collectionIds.length === 0) return { passages: [], report: report('No collection may be searched.', 0) };
  const scope = { collectionIds, filter: { ...storedFilter(filter), ...(documentIds ? { documentIds } : {}) } };
  const most = Math.max(32, wanted * 4);
  const byWords = (list: readonly string[]) => store.search({ terms: list, ...scope, limit: most });
  const others = alsoAs.map((other) => readQuery(other).terms).filter((list) => list.length > 0);
  const [lexical, statistics, semantic] = await Promise.all([
    Promise.all([terms, ...others].map(byWords)),
    store.termStatistics(words.map(({ word }) => word)),
    meaning ? byMeaning(meaning, query, collectionIds, most) : null,
  ]);
  const near = semantic?.ids ?? [];
  const known = new Map<string, PassageHit>(lexical.flat().map((hit) => [hit.passage.id, hit]));
  const unknown = near.filter((id) => !known.has(id));
  for (const hit of await store.passages({ ids: unknown, ...scope })) known.set(hit.passage.id, hit);
  if (known.size === 0) return { passages: [], report: report('No passage has a word of the question.', 0) };
  const lists = [...lexical.map((hits) => hits.map(({ passage }) => passage.id)), near.filter((id) => known.has(id))];
  const isFused = near.length > 0 || lists.filter((list) => list.length > 0).length > 1;
  // Words alone keep the scores of BM25, which say more than ranks.
  const candidates = isFused
    ? fuseRanks(lists).map(({ id, score }) => candidateOf(known.get(id) as PassageHit, score))
    : [...known.values()].map((hit) => candidateOf(hit, hit.score));
  const weights = queryWeights(statistics.containing, statistics.passages);
  const ranked = rankPassages(
    { words, weights, expects },
    candidates,
    read,
    reranker ? most : wanted,
    near.length > 0 ? fusedParts : rankingParts,
  );
  if (near.length > 0) method = 'hybrid';
  const because = semantic?.because ?? 'By words (BM25): no embedding model is attached.';
  if (!reranker) return { passages: ranked, report: report(because, known.size) };
  const order = await reranker
    .rank(
      query,
      ranked.map(({ text }) => text),
      AbortSignal.timeout(rerankWaitMs),
    )
    .catch(() => null);
  if (order === null)
    return { passages: ranked.slice(0, wanted), report: report(`${because} The reranker did not answer.`, known.size) };
  const passages = ranked
    .map((passage, at) => ({ passage, score: order[at] ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => b.score - a.score)
    .slice(0, wanted)
    .map(({ passage }) => passage);
  return { passages, report: report(`${because} Ordered by ${reranker.name}.`, known.size) };
}

async function byMeaning({ embedder, index }: Meaning, query: string, collectionIds: readonly string[], limit: number) {
  const model = embedder.model();
  if (model === null) return null;
  try {
    const { vectors } = await embedder.embed([query], 'question', AbortSignal.timeout(embedWaitMs));
    const vector = ofLengthOne(vectors[0] ?? []);
    const ids = vector ? await index(model).nearest(vector, collectionIds, limit) : [];
    if (ids.length === 0) return { ids, because: `By words (BM25): no passage has a vector of ${model} yet.` };
    return { ids, because: `By words (BM25) and by meaning (${model}), joined by reciprocal rank fusion.` };
  } catch {
    return { ids: [], because: `By words (BM25): ${model} did not answer in time.` };
  }
}

function candidateOf({ passage, documentId, documentName, collectionId }: PassageHit, score: number): Candidate {
  const { id, text, start, end, page, headings } = passage;
  return { id, text, start, end, page, headings, documentId, documentName, collectionId, score };
}
