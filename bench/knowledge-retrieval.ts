/**
 * How well questions find their answers: recall and nDCG of passages, how often the best sentence is the answer, and how
 * well coverage tells questions that the documents answer from those they do not; against plain BM25 over the same words.
 *
 *   node bench/knowledge-retrieval.ts [--json] [--misses] [--haystack]
 *
 * The questions and documents in `bench/knowledge/` were written by hand for this; a question's answer is a string that
 * stands in its document. `direct` questions use the words a reader of the document would, `paraphrase` questions other
 * words on purpose: what retrieval by words alone cannot do shows there.
 */
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Passage, systemClock, systemRandom } from '../packages/contracts/src/index.ts';
import { createKnowledge } from '../packages/knowledge/src/index.ts';
import { readQuery } from '../packages/knowledge/src/retrieve/read-query.ts';
import { createMemoryStore } from '../packages/knowledge/src/testing/memory-store.ts';

interface Question {
  readonly question: string;
  readonly document: string | null;
  readonly answer: string;
  readonly chinese: boolean;
  /** Asked in other words than the document's. */
  readonly paraphrase: boolean;
}

const folder = join(import.meta.dirname, 'knowledge');
const questions: Question[] = readFileSync(join(folder, 'questions.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [question, document, answer, kind] = line.split('\t') as [string, string, string, string?];
    const chinese = /\p{Script=Han}/u.test(question);
    const common = { question, document: document === '-' ? null : document, answer };
    return { ...common, chinese, paraphrase: kind === 'paraphrase' };
  });

const store = createMemoryStore();
const megabyte = 1024 * 1024;
const knowledge = createKnowledge({
  store,
  clock: systemClock,
  random: systemRandom,
  limits: { parseMs: 20_000, parseMemoryBytes: 512 * megabyte, uploadBytes: 10 * megabyte },
});
const { id: collectionId } = await knowledge.ensureCollection({ name: 'library:bench', ownerId: 'x', readers: [] });
for (const name of readdirSync(join(folder, 'documents'))) {
  const content = readFileSync(join(folder, 'documents', name));
  const { id } = await knowledge.add({ collectionId, name, content, addedBy: 'x' });
  const { status, reason } = await knowledge.whenIndexed(id);
  if (status !== 'ready') throw new Error(`${name}: ${reason}`);
}

// `--haystack`: whatever READMEs the installed packages have, as noise around the documents.
const haystack = process.argv.includes('--haystack')
  ? globSync('node_modules/{*,@*/*}/{README,readme}.md', { cwd: join(import.meta.dirname, '..') })
  : [];
for (const path of haystack) {
  const content = readFileSync(join(import.meta.dirname, '..', path));
  if (content.length === 0) continue;
  const { id } = await knowledge.add({ collectionId, name: path.replaceAll('/', ' '), content, addedBy: 'x' });
  await knowledge.whenIndexed(id);
}
const { passages: indexedPassages } = await store.knowledge.termStatistics([]);

interface Outcome {
  readonly question: Question;
  /** Rank of the first passage that holds the answer, from 1; 0 when none of ten does. */
  readonly rank: number;
  readonly plainRank: number;
  /** Highest coverage of any sentence, and of any passage. */
  readonly sentenceCoverage: number;
  readonly passageCoverage: number;
  /** Whether the sentence of highest coverage (ties by rank) holds the answer. */
  readonly sentenceRight: boolean;
  readonly best: string;
}

const tookMs: number[] = [];

async function ask(question: Question): Promise<Outcome> {
  const { passages, report } = await knowledge.retrieve({
    query: question.question,
    collectionIds: [collectionId],
    limit: 10,
  });
  tookMs.push(report.tookMs);
  const { terms } = readQuery(question.question);
  const plain = await store.knowledge.search({ terms, collectionIds: [collectionId], limit: 10 });
  const holds = (documentName: string, text: string) =>
    question.document !== null && documentName === `${question.document}.md` && text.includes(question.answer);
  const best = bestSentence(passages);
  return {
    question,
    rank: passages.findIndex((passage) => holds(passage.documentName, passage.text)) + 1,
    plainRank: plain.findIndex((hit) => holds(hit.documentName, hit.passage.text)) + 1,
    sentenceCoverage: best?.coverage ?? 0,
    passageCoverage: Math.max(0, ...passages.map((passage) => passage.coverage)),
    sentenceRight: best !== null && holds(best.documentName, best.text),
    best: best?.text ?? '',
  };
}

/** As an extractive answer takes it: the passage's rank and the sentence's coverage together. */
function bestSentence(passages: readonly Passage[]) {
  let best: { coverage: number; value: number; documentName: string; text: string } | null = null;
  for (const { sentences, text, documentName, score } of passages.slice(0, 5))
    for (const { start, end, coverage } of sentences) {
      const value = coverage + score * 0.5;
      if (!best || value > best.value) best = { coverage, value, documentName, text: text.slice(start, end) };
    }
  return best;
}

const outcomes: Outcome[] = [];
for (const question of questions) outcomes.push(await ask(question));
tookMs.sort((a, b) => a - b);
await knowledge.close();

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
const round = (value: number) => Math.round(value * 1_000) / 1_000;

function figures(set: readonly Outcome[]) {
  const asked = set.filter(({ question }) => question.document !== null);
  const gain = (rank: number) => (rank === 0 ? 0 : 1 / Math.log2(rank + 1));
  return {
    questions: asked.length,
    recallAt10: round(mean(asked.map(({ rank }) => Number(rank > 0)))),
    recallAt10Plain: round(mean(asked.map(({ plainRank }) => Number(plainRank > 0)))),
    recallAt1: round(mean(asked.map(({ rank }) => Number(rank === 1)))),
    recallAt1Plain: round(mean(asked.map(({ plainRank }) => Number(plainRank === 1)))),
    ndcgAt10: round(mean(asked.map(({ rank }) => gain(rank)))),
    ndcgAt10Plain: round(mean(asked.map(({ plainRank }) => gain(plainRank)))),
    answerSentence: round(mean(asked.map(({ sentenceRight }) => Number(sentenceRight)))),
  };
}

/** Area under the ROC curve: the chance that an answerable question is covered better than one that is not. */
function separation(set: readonly Outcome[], value: (outcome: Outcome) => number): number {
  const yes = set.filter(({ question }) => question.document !== null).map(value);
  const no = set.filter(({ question }) => question.document === null).map(value);
  return round(mean(yes.flatMap((a) => no.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))));
}

function thresholds(set: readonly Outcome[], value: (outcome: Outcome) => number) {
  const yes = set.filter(({ question }) => question.document !== null).map(value);
  const no = set.filter(({ question }) => question.document === null).map(value);
  return [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7].map((threshold) => ({
    threshold,
    answered: round(mean(yes.map((coverage) => Number(coverage >= threshold)))),
    wronglyAnswered: round(mean(no.map((coverage) => Number(coverage >= threshold)))),
  }));
}

const sets = {
  all: outcomes,
  direct: outcomes.filter(({ question }) => !question.paraphrase),
  paraphrase: outcomes.filter(({ question }) => question.paraphrase),
  english: outcomes.filter(({ question }) => !question.chinese),
  chinese: outcomes.filter(({ question }) => question.chinese),
};
const results = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, figures(set)]));
const passageCoverage = (outcome: Outcome) => outcome.passageCoverage;
const sentenceCoverage = (outcome: Outcome) => outcome.sentenceCoverage;
const report = {
  passages: indexedPassages,
  tookMs: { median: round(tookMs[tookMs.length >> 1]!), p95: round(tookMs[Math.floor(tookMs.length * 0.95)]!) },
  unanswerable: outcomes.filter(({ question }) => question.document === null).length,
  results,
  areaUnderCurve: Object.fromEntries(
    Object.entries(sets).map(([name, set]) => [
      name,
      { passage: separation(set, passageCoverage), sentence: separation(set, sentenceCoverage) },
    ]),
  ),
  passageThresholds: thresholds(outcomes, passageCoverage),
  sentenceThresholds: thresholds(outcomes, sentenceCoverage),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(report, null, 2));
else {
  console.log(`${indexedPassages} passages`, report.tookMs);
  console.table(results);
  console.table(report.areaUnderCurve);
  console.log('passage coverage');
  console.table(report.passageThresholds);
  console.log('sentence coverage');
  console.table(report.sentenceThresholds);
}
if (process.argv.includes('--misses'))
  for (const { question, rank, plainRank, sentenceRight, sentenceCoverage: at, passageCoverage: of, best } of outcomes)
    if (question.document === null ? of >= 0.45 : !sentenceRight || rank !== 1 || of < 0.55)
      console.log(
        [
          question.document ? 'asked' : 'UNANSWERABLE',
          `rank ${rank} (${plainRank})`,
          sentenceRight ? 'right' : 'WRONG',
          round(at),
          round(of),
          question.question,
          '→',
          best,
        ].join('  '),
      );

if (haystack.length === 0) mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
if (haystack.length === 0)
  writeFileSync(
    join(import.meta.dirname, 'results', 'knowledge-retrieval.json'),
    `${JSON.stringify(report, null, 2)}\n`,
  );
