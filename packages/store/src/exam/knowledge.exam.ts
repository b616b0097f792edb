import type { Store, StoredPassage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleCollection, sampleDocument, sampleId, samplePassage } from './samples.exam.ts';

export function examineKnowledge(open: () => Store): void {
  const fill = async (passages: readonly StoredPassage[], collection = sampleCollection()) => {
    const { knowledge } = open();
    await knowledge.saveCollection(collection);
    const document = sampleDocument(collection.id);
    await knowledge.saveDocument(document);
    const ready = { ...document, status: 'ready', passages: passages.length, indexedAt: 9 } as const;
    await knowledge.index(ready, passages.map(({ text }) => text).join('\n'), [0, 5], passages);
    return { collection, document: ready };
  };
  const search = async (terms: readonly string[], collectionIds: readonly string[], limit = 10) =>
    (await open().knowledge.search({ terms, collectionIds, limit })).map(({ passage }) => passage.id);

  test('[N1] a collection is kept, found by name, and trimmed to its readers', async () => {
    const { knowledge } = open();
    const prefix = `library:${sampleId('n1')}`;
    const open1 = sampleCollection({ name: `${prefix}-a` });
    const few = sampleCollection({ name: `${prefix}-b`, readers: ['group:finance', 'person:ann'] });
    await knowledge.saveCollection(open1);
    await knowledge.saveCollection(few);
    await knowledge.saveDocument(sampleDocument(few.id, { sizeBytes: 10 }));
    await knowledge.saveDocument(sampleDocument(few.id, { sizeBytes: 5 }));
    expect(await knowledge.collectionByName(few.name)).toEqual(few);
    expect(await knowledge.collection(few.id)).toEqual(few);
    const list = async (principals?: readonly string[]) =>
      (await knowledge.collections({ prefix, ...(principals ? { principals } : {}) })).items;
    expect(await list(['person:ann', 'group:finance'])).toEqual([{ ...few, documents: 2, sizeBytes: 15 }]);
    expect(await list()).toHaveLength(2);
    expect(await list([])).toEqual([]);
    await knowledge.saveCollection({ ...few, readers: ['person:bob'] });
    expect(await list(['person:ann'])).toEqual([]);
    const page = await knowledge.collections({ prefix, limit: 1 });
    expect((await knowledge.collections({ prefix, limit: 1, cursor: page.nextCursor })).items[0]?.id).toBe(few.id);
    const twin = sampleCollection({ name: few.name });
    await expect(knowledge.saveCollection(twin)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('[N2] documents are listed newest first, by collection, status and name, and found by their bytes', async () => {
    const { knowledge } = open();
    const collection = sampleCollection();
    await knowledge.saveCollection(collection);
    const documents = [1, 2, 3].map((createdAt) =>
      sampleDocument(collection.id, {
        createdAt,
        name: `年度报告 Annual ${createdAt}.pdf`,
        contentHash: `h${createdAt}`,
      }),
    );
    for (const document of documents) await knowledge.saveDocument(document);
    await knowledge.saveDocument({
      ...(documents[0] as (typeof documents)[number]),
      status: 'failed',
      reason: 'empty',
    });
    const ids = async (change: object) =>
      (await knowledge.documents({ collectionId: collection.id, ...change })).items.map(({ createdAt }) => createdAt);
    expect(await ids({})).toEqual([3, 2, 1]);
    expect(await ids({ status: 'failed' })).toEqual([1]);
    expect(await ids({ search: 'ANNUAL 2' })).toEqual([2]);
    expect(await ids({ search: '年度' })).toEqual([3, 2, 1]);
    const page = await knowledge.documents({ collectionId: collection.id, limit: 2 });
    expect((await knowledge.documents({ collectionId: collection.id, cursor: page.nextCursor })).items).toHaveLength(1);
    expect(await knowledge.documentByHash(collection.id, 'h2')).toEqual(documents[1]);
    expect(await knowledge.documentByHash('col_none', 'h2')).toBeNull();
    const stray = sampleDocument('col_none');
    await expect(knowledge.saveDocument(stray)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[N3] an indexed document gives back its text, pages and passages', async () => {
    const passage = { ...samplePassage(0, ['alpha', 'beta']), page: null, headings: ['甲', '乙'] };
    const { collection, document } = await fill([passage]);
    const { knowledge } = open();
    expect(await knowledge.document(document.id)).toEqual(document);
    expect(await knowledge.text(document.id)).toEqual({ text: 'alpha beta', pageStarts: [0, 5] });
    const { terms: _terms, ...kept } = passage;
    expect(await knowledge.passage(passage.id)).toEqual({
      passage: kept,
      documentId: document.id,
      documentName: document.name,
      collectionId: collection.id,
      score: 0,
    });
    expect(await knowledge.passage('psg_none')).toBeNull();
    expect(await knowledge.text('doc_none')).toBeNull();
  });

  test('[N4] rare words weigh more than common ones, and repeats more than one mention', async () => {
    const common = Array.from({ length: 12 }, (_, index) => samplePassage(index, ['n4common', 'filler', `x${index}`]));
    const rare = samplePassage(20, ['n4common', 'n4rare', 'filler']);
    const twice = samplePassage(21, ['n4rare', 'n4rare', 'filler']);
    const { collection } = await fill([...common, rare, twice]);
    expect((await search(['n4rare', 'n4common'], [collection.id], 3)).slice(0, 2).sort()).toEqual(
      [rare.id, twice.id].sort(),
    );
    expect(await search(['n4rare'], [collection.id])).toEqual([twice.id, rare.id]);
    const [best] = await open().knowledge.search({ terms: ['n4rare'], collectionIds: [collection.id], limit: 1 });
    expect(best?.score).toBeGreaterThan(0);
  });

  test('[N5] a search stays within its collections, and none means nothing', async () => {
    const mine = await fill([samplePassage(0, ['n5word'])]);
    const theirs = await fill([samplePassage(0, ['n5word'])]);
    const found = await open().knowledge.search({
      terms: ['n5word'],
      collectionIds: [mine.collection.id],
      limit: 10,
    });
    expect(found.map(({ documentId }) => documentId)).toEqual([mine.document.id]);
    expect(await search(['n5word'], [mine.collection.id, theirs.collection.id])).toHaveLength(2);
    expect(await search(['n5word'], [])).toEqual([]);
    expect(await search([], [mine.collection.id])).toEqual([]);
    expect(await search(['n5word'], ['col_none'])).toEqual([]);
  });

  test('[N6] any word can be indexed and asked for: Chinese, signs, operators of a query language', async () => {
    const words = [
      '达摩院',
      '文库',
      'c++',
      '"quoted"',
      'near(',
      "it's",
      'a*',
      'terms:x',
      '3.14',
      '🎉',
      'naïve',
      'and',
      '\\',
    ];
    const passages = words.map((word, index) => samplePassage(index, ['n6', word]));
    const { collection } = await fill(passages);
    for (const [index, word] of words.entries()) {
      expect(await search([word], [collection.id]), word).toEqual([passages[index]?.id]);
    }
    expect(await search(['c'], [collection.id])).toEqual([]);
  });

  test('[N7] statistics count passages of all collections, and forget what was deleted', async () => {
    const { knowledge } = open();
    const before = (await knowledge.termStatistics([])).passages;
    const one = await fill([samplePassage(0, ['n7a', 'n7b']), samplePassage(1, ['n7a', 'n7a'])]);
    const two = await fill([samplePassage(0, ['n7a'])]);
    const terms = ['n7a', 'n7b', 'n7none'];
    expect(await knowledge.termStatistics(terms)).toEqual({ passages: before + 3, containing: [3, 1, 0] });
    await knowledge.deleteDocument(one.document.id);
    expect(await knowledge.termStatistics(terms)).toEqual({ passages: before + 1, containing: [1, 0, 0] });
    expect(await search(['n7a'], [one.collection.id, two.collection.id])).toHaveLength(1);
    expect(await knowledge.text(one.document.id)).toBeNull();
    await knowledge.deleteCollection(two.collection.id);
    expect(await knowledge.termStatistics(terms)).toEqual({ passages: before, containing: [0, 0, 0] });
    expect(await knowledge.document(two.document.id)).toBeNull();
    expect(await knowledge.collection(two.collection.id)).toBeNull();
    await expect(knowledge.deleteDocument(one.document.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(knowledge.deleteCollection('col_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[N8] indexing again replaces the old passages whole', async () => {
    const { collection, document } = await fill([samplePassage(0, ['n8old']), samplePassage(1, ['n8old'])]);
    const fresh = samplePassage(0, ['n8new']);
    await open().knowledge.index({ ...document, passages: 1 }, 'n8new', [0], [fresh]);
    expect(await search(['n8old'], [collection.id])).toEqual([]);
    expect(await search(['n8new'], [collection.id])).toEqual([fresh.id]);
    expect((await open().knowledge.document(document.id))?.passages).toBe(1);
  });

  test('[N9] a document that was deleted while it was parsed stays deleted', async () => {
    const { knowledge } = open();
    const { collection, document } = await fill([samplePassage(0, ['n9'])]);
    await knowledge.deleteDocument(document.id);
    const late = knowledge.index(document, 'n9', [0], [samplePassage(0, ['n9'])]);
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    expect(await search(['n9'], [collection.id])).toEqual([]);
    expect(await knowledge.text(document.id)).toBeNull();
  });

  test('[N10] the score is BM25 of a known corpus, the same on both databases', async () => {
    const { knowledge } = open();
    const { passages: rows } = await knowledge.termStatistics([]);
    if (rows > 0)
      for (const { id } of (await knowledge.collections({ limit: 500 })).items) await knowledge.deleteCollection(id);
    const { collection } = await fill([
      samplePassage(0, ['cat', 'sat', 'mat']),
      samplePassage(1, ['dog', 'sat']),
      samplePassage(2, ['bird', 'sang', 'bird', 'flew']),
    ]);
    const found = await knowledge.search({ terms: ['bird'], collectionIds: [collection.id], limit: 5 });
    // Three passages of 3, 2 and 4 words, each with the token of its scope: mean (4 + 3 + 5) / 3 = 4.
    const idf = Math.log((3 - 1 + 0.5) / (1 + 0.5));
    const expected = (idf * (2 * 2.2)) / (2 + 1.2 * (0.25 + (0.75 * 5) / 4));
    expect(found[0]?.score).toBeCloseTo(expected, 9);
  });

  test('[N11] vectors are kept by model, paged, told when missing, and go with their passages', async () => {
    const { knowledge } = open();
    const passages = [1, 2, 3].map((ordinal) => ({ ...samplePassage(ordinal, ['vector']), text: `vector ${ordinal}` }));
    const { collection, document } = await fill(passages);
    const model = sampleId('model');
    const vectors = passages.slice(0, 2).map(({ id }, at) => ({
      passageId: id,
      vector: Float32Array.from([at, 0.5, -1.25]),
    }));
    await knowledge.saveVectors(model, vectors);
    await knowledge.saveVectors(model, [{ passageId: 'psg_gone', vector: Float32Array.from([1]) }]);
    const all = await knowledge.vectors({ collectionId: collection.id, model });
    expect(new Map(all.items.map(({ passageId, vector }) => [passageId, [...vector]]))).toEqual(
      new Map(vectors.map(({ passageId, vector }) => [passageId, [...vector]])),
    );
    const first = await knowledge.vectors({ collectionId: collection.id, model, limit: 1 });
    const second = await knowledge.vectors({ collectionId: collection.id, model, limit: 1, cursor: first.nextCursor });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([1, 1, null]);
    expect((await knowledge.vectors({ collectionId: collection.id, model: 'other' })).items).toEqual([]);
    const missing = (await knowledge.withoutVector(model, 100_000)).map(({ id }) => id);
    expect(missing).toContain(passages[2]?.id);
    expect(missing).not.toContain(passages[0]?.id);
    await knowledge.deleteDocument(document.id);
    expect((await knowledge.vectors({ collectionId: collection.id, model })).items).toEqual([]);
  });

  test('[N12] filters of a search hold in both databases, and passages come by id within their collections', async () => {
    const { knowledge } = open();
    const passage = samplePassage(0, ['filtered']);
    const { collection, document } = await fill([passage]);
    const find = async (filter: object) =>
      (await knowledge.search({ terms: ['filtered'], collectionIds: [collection.id], limit: 5, filter })).length;
    const { mediaType, createdAt, addedBy } = document;
    expect(await find({ mediaTypes: [mediaType], from: createdAt, to: createdAt + 1, addedBy })).toBe(1);
    for (const filter of [
      { mediaTypes: [] },
      { mediaTypes: ['x/y'] },
      { from: createdAt + 1 },
      { to: createdAt },
      { addedBy: 'nobody' },
    ])
      expect(await find(filter), JSON.stringify(filter)).toBe(0);
    const ids = [passage.id];
    expect(await knowledge.passages({ ids, collectionIds: [collection.id] })).toHaveLength(1);
    expect(await knowledge.passages({ ids, collectionIds: ['col_other'] })).toEqual([]);
    expect(
      await knowledge.documentNames({ part: document.name.slice(0, 4), collectionIds: [collection.id], limit: 3 }),
    ).toEqual([document.name]);
  });

  test('[N13] how a search came about and its share go with their conversation', async () => {
    const { conversations, search: searches } = open();
    const id = sampleId('conv');
    const conversation = {
      id,
      ownerId: 'per_1',
      appId: 'app',
      title: '',
      activeLeaf: null,
      createdAt: 1,
      updatedAt: 1,
      pinned: false,
    };
    const share = { id: sampleId('shr'), conversationId: id, ownerId: 'per_1', readers: ['everyone'], createdAt: 2 };
    await expect(searches.saveShare(share)).rejects.toMatchObject({ code: 'not_found' });
    await conversations.save(conversation);
    const record = {
      messageId: sampleId('msg'),
      conversationId: id,
      question: '问？',
      depth: 'speed',
      scope: { collections: [], filter: {}, web: false },
      sources: [],
      report: null,
      steps: [],
      unsupported: [],
      followUps: [],
    } as const;
    await searches.saveRecord(record);
    await searches.saveShare(share);
    expect(await searches.record(record.messageId)).toEqual(record);
    expect(await searches.records(id)).toEqual([record]);
    expect(await searches.shareOf(id)).toEqual(share);
    await conversations.delete(id);
    expect([await searches.record(record.messageId), await searches.share(share.id)]).toEqual([null, null]);
  });
}
