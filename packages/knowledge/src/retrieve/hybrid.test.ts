import { type Embedder, MyriadError, type Reranker, systemClock, systemRandom } from '@myriad/contracts';
import { afterEach, expect, test } from 'vitest';
import { createKnowledge } from '../create-knowledge.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { fuseRanks } from './fuse-ranks.ts';

const limits = { parseMs: 30_000, parseMemoryBytes: 2 ** 29, uploadBytes: 2 ** 20 };
const open: ReturnType<typeof createKnowledge>[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Two directions: money given back, and everything else. */
function conceptEmbedder(): Embedder & { texts: number; down: boolean; name: string | null } {
  return {
    texts: 0,
    down: false,
    name: 'concepts-1',
    model() {
      return this.name;
    },
    async embed(texts) {
      if (this.down) throw new MyriadError('upstream_unavailable', 'down');
      this.texts += texts.length;
      return { vectors: texts.map((text) => (/refund|reimburse|退/i.test(text) ? [2, 0.1, 0] : [0, 0.1, 1])) };
    },
  };
}

async function house(embedder: Embedder, reranker?: Reranker) {
  const store = createMemoryStore();
  const knowledge = createKnowledge({
    store,
    clock: systemClock,
    random: systemRandom,
    limits,
    embedder,
    ...(reranker ? { reranker } : {}),
  });
  open.push(knowledge);
  const add = async (name: string, text: string, library = 'library:a') => {
    const { id: collectionId } = await knowledge.ensureCollection({ name: library, ownerId: 'x', readers: [] });
    const { id } = await knowledge.add({ collectionId, name, content: Buffer.from(text), addedBy: 'x' });
    await knowledge.whenIndexed(id);
    return { id, collectionId };
  };
  return { store, knowledge, add };
}

test('[R11] a passage in other words is found by meaning, and the report says hybrid', async () => {
  const { knowledge, add } = await house(conceptEmbedder());
  const { collectionId } = await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  await add('sea.txt', 'The harbour opens at six.');
  await knowledge.whenEmbedded();
  const { passages, report } = await knowledge.retrieve({ query: 'refund', collectionIds: [collectionId] });
  expect(passages[0]?.documentName).toBe('shop.txt');
  expect(report).toMatchObject({ method: 'hybrid' });
  expect(report.because).toContain('concepts-1');
});

test('[R11] meaning never reaches past the collections given', async () => {
  const { knowledge, add } = await house(conceptEmbedder());
  await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  const { collectionId } = await add('sea.txt', 'The harbour opens at six.', 'library:b');
  await knowledge.whenEmbedded();
  const { passages } = await knowledge.retrieve({ query: 'refund', collectionIds: [collectionId] });
  expect(passages.map(({ documentName }) => documentName)).not.toContain('shop.txt');
});

test('[R12] each passage is embedded once, and a deleted document leaves no vector', async () => {
  const embedder = conceptEmbedder();
  const { store, knowledge, add } = await house(embedder);
  const { id, collectionId } = await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  await knowledge.whenEmbedded();
  await knowledge.whenEmbedded();
  expect(embedder.texts).toBe(1);
  await knowledge.delete(id);
  expect((await store.knowledge.vectors({ collectionId, model: 'concepts-1' })).items).toEqual([]);
});

test('[R12] another model makes vectors of its own, and the old are not compared with them', async () => {
  const embedder = conceptEmbedder();
  const { knowledge, add } = await house(embedder);
  const { collectionId } = await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  await knowledge.whenEmbedded();
  embedder.name = 'concepts-2';
  const before = await knowledge.retrieve({ query: 'refund', collectionIds: [collectionId] });
  expect(before.report.method).toBe('lexical');
  await knowledge.whenEmbedded();
  expect((await knowledge.retrieve({ query: 'refund', collectionIds: [collectionId] })).report.method).toBe('hybrid');
});

test('[R13] an embedder or reranker that fails costs its part, not the answer', async () => {
  const embedder = conceptEmbedder();
  const broken: Reranker = { name: 'broken', rank: () => Promise.reject(new MyriadError('upstream_error', 'no')) };
  const { knowledge, add } = await house(embedder, broken);
  const { collectionId } = await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  await knowledge.whenEmbedded();
  embedder.down = true;
  const { passages, report } = await knowledge.retrieve({ query: 'reimbursed buyers', collectionIds: [collectionId] });
  expect(passages).toHaveLength(1);
  expect(report.method).toBe('lexical');
  expect(report.because).toMatch(/did not answer/);
});

test('[R13] a reranker has the last word on the order', async () => {
  const shortest: Reranker = { name: 'shortest', rank: async (_, texts) => texts.map((text) => -text.length) };
  const { knowledge, add } = await house(conceptEmbedder(), shortest);
  const { collectionId } = await add('a.txt', 'Harbour fees are paid at the harbour office of the harbour.');
  await add('b.txt', 'The harbour opens.');
  const { passages, report } = await knowledge.retrieve({ query: 'harbour', collectionIds: [collectionId] });
  expect(passages.map(({ documentName }) => documentName)).toEqual(['b.txt', 'a.txt']);
  expect(report.because).toContain('shortest');
});

test('[R14] filters by kind, time and person leave the others out', async () => {
  const { knowledge, add } = await house(conceptEmbedder());
  const { collectionId } = await add('shop.txt', 'Buyers are reimbursed within thirty days.');
  await knowledge.whenEmbedded();
  const find = async (filter: object) =>
    (await knowledge.retrieve({ query: 'refund for buyers', collectionIds: [collectionId], filter })).passages.length;
  expect(await find({ kinds: ['text'], addedBy: 'x', from: 0 })).toBe(1);
  for (const filter of [{ kinds: ['pdf'] }, { addedBy: 'y' }, { to: 1 }, { kinds: ['image'] }])
    expect(await find(filter), JSON.stringify(filter)).toBe(0);
});

test('[R11] fused ranks: what stands in two lists beats what leads one, and ties keep one order', () => {
  expect(
    fuseRanks([
      ['a', 'b'],
      ['c', 'b'],
    ]).map(({ id }) => id),
  ).toEqual(['b', 'a', 'c']);
  expect(fuseRanks([[], ['x']])[0]?.score).toBeCloseTo(1 / 61);
});
