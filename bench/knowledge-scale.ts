/**
 * How long a question takes in a large library: words alone, over SQLite as a node runs it.
 *
 *   node bench/knowledge-scale.ts [--passages 200000] [--json]
 *
 * The passages are made: words drawn from 60,000 by Zipf's law (so that a few stand in most passages), 60 a passage, in
 * 1,000 collections of very different sizes. Questions mix a rare word with common ones, as questions do; the worst are
 * of common words alone. Scopes: everything, one collection of a hundredth, all but one of the collections.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../packages/contracts/src/index.ts';
import { createKnowledge } from '../packages/knowledge/src/index.ts';
import { openStore } from '../packages/store/src/index.ts';
import { writeResult } from './support/write-result.ts';

const argument = (name: string, usual: number) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const wanted = argument('--passages', 200_000);
const vocabulary = 60_000;
const perDocument = 500;

let seed = 7;
/** Mulberry32: the same library at every run. */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
/** Rank of a word by Zipf's law with exponent 1, by inversion of its continuous form. */
const zipf = () => Math.floor((vocabulary + 1) ** random()) - 1;
const word = (rank: number) => `w${rank.toString(36)}`;

const folder = mkdtempSync(join(tmpdir(), 'myriad-scale-'));
const store = await openStore({ data: folder, database: 'sqlite', clock: systemClock, random: systemRandom });
const knowledge = createKnowledge({
  store,
  clock: systemClock,
  random: systemRandom,
  limits: { parseMs: 1_000, parseMemoryBytes: 2 ** 28, uploadBytes: 1_000 },
});
const collections: string[] = [];
const documents = Math.ceil(wanted / perDocument);
const collectionCount = Math.min(1_000, documents);
const begun = performance.now();
for (let at = 0; at < documents; at += 1) {
  // The first collection gets a hundredth; the others what is left.
  const which = at < documents / 100 ? 0 : 1 + (at % (collectionCount - 1));
  const collection =
    collections[which] ??
    (await knowledge.ensureCollection({ name: `library:${which}`, ownerId: 'x', readers: [] })).id;
  collections[which] = collection;
  const document = {
    id: `doc_${at}`,
    collectionId: collection,
    name: `document ${at}`,
    mediaType: 'text/plain',
    sizeBytes: 1,
    contentHash: String(at),
    status: 'ready',
    reason: null,
    pages: null,
    passages: perDocument,
    language: 'en',
    createdAt: at,
    indexedAt: at,
    addedBy: 'x',
  } as const;
  await store.knowledge.saveDocument(document);
  const passages = Array.from({ length: perDocument }, (_, ordinal) => {
    const terms = Array.from({ length: 60 }, () => word(zipf()));
    const text = `${terms.join(' ')}.`;
    return { id: `psg_${at}_${ordinal}`, ordinal, text, start: 0, end: text.length, page: null, headings: [], terms };
  });
  await store.knowledge.index(document, '', [], passages);
}
const indexedSeconds = (performance.now() - begun) / 1_000;
const all = collections.filter(Boolean);

const questions = {
  usual: () => [
    word(3 + Math.floor(random() * 30)),
    word(200 + Math.floor(random() * 2_000)),
    word(zipf()),
    word(5_000 + Math.floor(random() * 40_000)),
  ],
  commonOnly: () => [word(1), word(2 + Math.floor(random() * 4)), word(8 + Math.floor(random() * 8))],
  long: () => Array.from({ length: 14 }, () => word(zipf())),
};
const scopes = { everything: all, hundredth: all.slice(0, 1), allButOne: all.slice(1) };

const figures: Record<string, unknown> = {
  passages: documents * perDocument,
  collections: all.length,
  indexedSeconds: Math.round(indexedSeconds),
};
for (const [kind, make] of Object.entries(questions))
  for (const [scope, collectionIds] of Object.entries(scopes)) {
    const took: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      const query = make().join(' ');
      const started = performance.now();
      await knowledge.retrieve({ query, collectionIds, limit: 10 });
      if (round >= 10) took.push(performance.now() - started);
    }
    took.sort((a, b) => a - b);
    const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? 0) * 10) / 10;
    figures[`${kind} ${scope}`] = { p50Ms: at(0.5), p95Ms: at(0.95) };
  }
console.log(JSON.stringify(figures, null, 2));
if (process.argv.includes('--json')) writeResult('knowledge-scale', 'node bench/knowledge-scale.ts --json', figures);
await knowledge.close();
await store.close();
rmSync(folder, { recursive: true, force: true });
