/**
 * How well a citation is held to its claim: of the citations that stay, how many name a source that says it (precision),
 * and how many right ones stay (recall); against no check, and against half of the words alone.
 *
 *   node bench/knowledge-citations.ts [--json]
 *
 * From the committed questions (`bench/knowledge/`): the sentence that answers each is a true claim of its passage. False
 * ones are made of it: another number, a "not" put in or taken out, and the sentence cited to the best other passage
 * that retrieval finds for the question, the kind of mistake that models make.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparableTerms } from '../packages/apps/src/context/comparable-terms.ts';
import { verifyCitation } from '../packages/apps/src/context/verify-citation.ts';
import { type Passage, systemClock, systemRandom } from '../packages/contracts/src/index.ts';
import { createKnowledge } from '../packages/knowledge/src/index.ts';
import { createMemoryStore } from '../packages/knowledge/src/testing/memory-store.ts';
import { writeResult } from './support/write-result.ts';

const folder = join(import.meta.dirname, 'knowledge');
const knowledge = createKnowledge({
  store: createMemoryStore(),
  clock: systemClock,
  random: systemRandom,
  limits: { parseMs: 60_000, parseMemoryBytes: 2 ** 29, uploadBytes: 2 ** 24 },
});
const { id: collectionId } = await knowledge.ensureCollection({ name: 'library:bench', ownerId: 'x', readers: [] });
for (const name of readdirSync(join(folder, 'documents'))) {
  const content = readFileSync(join(folder, 'documents', name));
  const { id } = await knowledge.add({ collectionId, name, content, addedBy: 'x' });
  await knowledge.whenIndexed(id);
}

interface Claim {
  readonly text: string;
  readonly passage: Passage;
  readonly kind: 'true' | 'number' | 'negation' | 'otherSource';
}

const claims: Claim[] = [];
let questions = 0;
for (const line of readFileSync(join(folder, 'questions.tsv'), 'utf8').trim().split('\n').slice(1)) {
  const [query, document, answer] = line.split('\t') as [string, string, string];
  if (document === '-') continue;
  const { passages } = await knowledge.retrieve({ query, collectionIds: [collectionId], limit: 10 });
  const passage = passages.find((one) => one.documentName === `${document}.md` && one.text.includes(answer));
  const span = passage?.sentences.find(({ start, end }) => passage.text.slice(start, end).includes(answer));
  if (!passage || !span) continue;
  questions += 1;
  const text = passage.text.slice(span.start, span.end).trim();
  claims.push({ text, passage, kind: 'true' });
  if (/\d/.test(text)) {
    const changed = text.replace(/\d+/, (digits) => String(Number(digits) + 7));
    claims.push({ text: changed, passage, kind: 'number' });
  }
  const denied = deny(text);
  if (denied) claims.push({ text: denied, passage, kind: 'negation' });
  const other = passages.find((one) => one.id !== passage.id && !one.text.includes(answer));
  if (other) claims.push({ text, passage: other, kind: 'otherSource' });
}
await knowledge.close();

/** The same sentence with the opposite meaning, where its form allows it; null elsewhere. */
function deny(text: string): string | null {
  if (/ not /.test(text)) return text.replace(' not ', ' ');
  if (/\b(is|are|may|must|can|will)\b/.test(text)) return text.replace(/\b(is|are|may|must|can|will)\b/, '$1 not');
  if (/不得|不能|不可/.test(text)) return text.replace(/不得|不能|不可/, '可以');
  if (/可以|可|须|应/.test(text) && !/[不未无没]/.test(text)) return text.replace(/可以|可|须|应/, '不$&');
  return null;
}

const byWords = ({ text, passage }: Claim) => {
  const wanted = comparableTerms(text);
  const held = comparableTerms(passage.text);
  return wanted.size > 0 && [...wanted].filter((term) => held.has(term)).length / wanted.size >= 0.5;
};
const checks = {
  none: () => true,
  halfOfWords: byWords,
  ours: ({ text, passage }: Claim) => verifyCitation(text, 1, passage) !== null,
};
const ratio = (part: number, whole: number) => Math.round((part / Math.max(1, whole)) * 1_000) / 1_000;
const figures: Record<string, unknown> = { questions, claims: claims.length };
for (const [name, stays] of Object.entries(checks)) {
  const kept = claims.filter(stays);
  const right = kept.filter(({ kind }) => kind === 'true').length;
  const wrong = (kind: Claim['kind']) =>
    ratio(kept.filter((claim) => claim.kind === kind).length, claims.filter((claim) => claim.kind === kind).length);
  figures[name] = {
    precision: ratio(right, kept.length),
    recall: wrong('true'),
    falseKept: { number: wrong('number'), negation: wrong('negation'), otherSource: wrong('otherSource') },
  };
}
console.log(JSON.stringify(figures, null, 2));
if (process.argv.includes('--json'))
  writeResult('knowledge-citations', 'node bench/knowledge-citations.ts --json', figures);
