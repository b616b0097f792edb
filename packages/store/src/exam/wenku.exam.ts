import type { Slide, Store, WenkuContent, WenkuDocument, WenkuJob } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleId } from './samples.exam.ts';

const slide: Slide = {
  id: 's1',
  layout: 'bullets',
  title: '季度报告',
  subtitle: '',
  bullets: [{ text: 'Revenue 收入', level: 0 }],
  right: [],
  image: null,
  caption: '',
  rows: [['a'], ['1']],
  chart: 'column',
  quote: '',
  by: '',
  notes: 'say it',
};
const deck: WenkuContent = { type: 'deck', theme: 'paper', slides: [slide] };
const doc = (text: string): WenkuContent => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

const sample = (change: Partial<WenkuDocument> = {}): WenkuDocument => ({
  id: sampleId('wen'),
  kind: 'doc',
  title: 'Plan',
  ownerId: 'per_1',
  readers: [],
  editors: [],
  language: 'zh',
  sources: [],
  revision: 1,
  words: 3,
  forkedFrom: null,
  createdAt: 1,
  updatedAt: 1,
  updatedBy: 'per_1',
  ...change,
});
const job = (target: string, change: Partial<WenkuJob> = {}): WenkuJob => ({
  id: sampleId('job'),
  kind: 'draft',
  target,
  ownerId: 'per_1',
  language: 'en',
  status: 'running',
  input: { text: '题目', outline: [{ title: 'One', points: ['a'] }] },
  parts: [
    {
      title: 'One',
      status: 'writing',
      text: '## One',
      citations: [],
      runId: null,
      model: null,
      costMicros: null,
      currency: null,
    },
  ],
  outline: null,
  errorCode: null,
  errorText: null,
  createdAt: 1,
  updatedAt: 1,
  ...change,
});

/** Documents and decks of Wenku. */
export function examineWenku(open: () => Store): void {
  test('[Z1] a document and its content come back whole, and a save from an old revision changes nothing', async () => {
    const { wenku } = open();
    const first = sample({ kind: 'deck' });
    await wenku.create(first, deck, '季度报告');
    expect(await wenku.get(first.id)).toEqual(first);
    expect(await wenku.content(first.id)).toEqual(deck);
    const changed = { ...first, title: 'Plan 2', revision: 2, updatedAt: 5 };
    await wenku.save(changed, 1, { content: doc('new'), plainText: 'new' });
    await expect(
      wenku.save({ ...changed, title: 'late' }, 1, { content: doc('late'), plainText: 'late' }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await wenku.get(first.id)).toEqual(changed);
    expect(await wenku.content(first.id)).toEqual(doc('new'));
    await expect(wenku.create(first, deck, '')).rejects.toMatchObject({ code: 'conflict' });
    expect(await wenku.get('wen_none')).toBeNull();
    expect(await wenku.content('wen_none')).toBeNull();
  });

  test('[Z2] lists: own ones, and those that others gave; by kind, by words of title and text, in pages', async () => {
    const { wenku } = open();
    const mine = sampleId('per');
    const other = sampleId('per');
    const all = [1, 2, 3].map((updatedAt) => sample({ ownerId: mine, updatedAt, title: `Mine ${updatedAt}` }));
    for (const each of all) await wenku.create(each, doc('x'), '正文里的季度预算 100%');
    const given = sample({ ownerId: other, readers: ['group:z2'], title: 'Shared', kind: 'deck' });
    await wenku.create(given, deck, 'slides');
    const ids = async (query: Parameters<typeof wenku.list>[0]) => (await wenku.list(query)).items.map(({ id }) => id);
    const page = await wenku.list({ ownerId: mine, limit: 2 });
    const rest = await wenku.list({ ownerId: mine, limit: 2, cursor: page.nextCursor });
    expect([...page.items, ...rest.items].map(({ updatedAt }) => updatedAt)).toEqual([3, 2, 1]);
    expect(await ids({ ownerId: mine, principals: ['group:z2', 'everyone'] })).toEqual([given.id]);
    expect(await ids({ ownerId: other, principals: ['group:z2'] })).toEqual([]);
    expect(await ids({ ownerId: mine, principals: [] })).toEqual([]);
    expect(await ids({ ownerId: mine, search: '季度预算 100%' })).toHaveLength(3);
    expect(await ids({ ownerId: mine, search: 'mine 2' })).toEqual([all[1]?.id]);
    expect(await ids({ ownerId: mine, kind: 'deck' })).toEqual([]);
    await wenku.save({ ...given, readers: ['group:other'] }, 1);
    expect(await ids({ ownerId: mine, principals: ['group:z2'] })).toEqual([]);
    expect(await ids({ ownerId: mine, principals: ['group:other'] })).toEqual([given.id]);
  });

  test('[Z3] versions keep their content; one is written with a save or not at all', async () => {
    const { wenku } = open();
    const document = sample();
    await wenku.create(document, doc('a'), 'a');
    const version = {
      documentId: document.id,
      number: 1,
      name: null,
      title: 'Plan',
      words: 1,
      createdAt: 2,
      createdBy: 'per_1',
      content: doc('a'),
    };
    await wenku.save({ ...document, revision: 2 }, 1, { content: doc('b'), plainText: 'b', version });
    const second = { ...version, number: 2, name: '初稿', content: deck };
    await expect(
      wenku.save({ ...document, revision: 3 }, 1, { content: doc('c'), plainText: 'c', version: second }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await wenku.version(document.id, 2)).toBeNull();
    await wenku.addVersion(second);
    await expect(wenku.addVersion(second)).rejects.toMatchObject({ code: 'conflict' });
    expect(await wenku.version(document.id, 2)).toEqual(second);
    const { content: _one, ...firstRow } = version;
    const { content: _two, ...secondRow } = second;
    expect(await wenku.versions(document.id)).toEqual([secondRow, firstRow]);
    await wenku.removeVersions(document.id, [1]);
    expect(await wenku.versions(document.id)).toEqual([secondRow]);
  });

  test('[Z4] images come back byte for byte, once each, and only under their document', async () => {
    const { wenku } = open();
    const document = sample();
    await wenku.create(document, doc('a'), 'a');
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const image = { hash: 'ab', mediaType: 'image/png', width: 4, height: 2, sizeBytes: 256 };
    await wenku.addImage(document.id, { ...image, bytes });
    await wenku.addImage(document.id, { ...image, bytes });
    expect(await wenku.image(document.id, 'ab')).toEqual({ ...image, bytes });
    expect(await wenku.images(document.id)).toEqual([image]);
    expect(await wenku.image('wen_other', 'ab')).toBeNull();
    await expect(wenku.addImage('wen_gone', { ...image, bytes })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[Z5] jobs are found by target and state; a section is written with its job or not at all', async () => {
    const { wenku } = open();
    const document = sample();
    await wenku.create(document, doc('a'), 'a');
    const running = job(document.id);
    await wenku.saveJob(running);
    expect(await wenku.job(running.id)).toEqual(running);
    expect((await wenku.jobs({ status: 'running' })).map(({ id }) => id)).toContain(running.id);
    const done = { ...running, status: 'done' as const, updatedAt: 9 };
    await expect(
      wenku.save({ ...document, revision: 9 }, 8, { content: doc('z'), plainText: 'z', job: done }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await wenku.job(running.id)).toEqual(running);
    await wenku.save({ ...document, revision: 2 }, 1, { content: doc('z'), plainText: 'z', job: done });
    expect(await wenku.jobs({ target: document.id })).toEqual([done]);
  });

  test('[Z6] a deleted document takes everything of it along', async () => {
    const { wenku } = open();
    const document = sample({ readers: ['group:z6'] });
    await wenku.create(document, doc('a'), 'a');
    await wenku.saveJob(job(document.id));
    await wenku.remove(document.id);
    expect(await wenku.get(document.id)).toBeNull();
    expect(await wenku.content(document.id)).toBeNull();
    expect(await wenku.jobs({ target: document.id })).toEqual([]);
    expect((await wenku.list({ principals: ['group:z6'] })).items).toEqual([]);
    await expect(wenku.remove(document.id)).rejects.toMatchObject({ code: 'not_found' });
  });
}
