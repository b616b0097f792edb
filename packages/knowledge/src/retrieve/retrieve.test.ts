import { systemClock, systemRandom } from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKnowledge } from '../create-knowledge.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { readQuery } from './read-query.ts';
import { coverageOf, queryWeights } from './score-coverage.ts';

const store = createMemoryStore();
const knowledge = createKnowledge({
  store,
  clock: systemClock,
  random: systemRandom,
  limits: { parseMs: 20_000, parseMemoryBytes: 512 * 1024 * 1024, uploadBytes: 1_000_000 },
});
const files: Readonly<Record<string, string>> = {
  'refunds.md':
    '# Refunds\n\nUnused goods can be returned within 30 days. The money comes back to the card within a week.\n\n## Shipping\n\nThe customer pays the postage of a return.',
  'copy of refunds.md':
    '# Refunds\n\nUnused goods can be returned within 30 days. The money comes back to the card within a week!',
  '退货.md':
    '# 退货政策\n\n商品自签收之日起三十天内可以退货，退款在五个工作日内到账。\n\n## 换货\n\n换货的运费由商家承担。',
  'codes.md':
    '# Codes\n\n| Code | Meaning |\n|---|---|\n| E-1042 | The valve is stuck |\n| E-1043 | The pump runs dry |',
};
let shop = '';
let secret = '';
beforeAll(async () => {
  shop = (await knowledge.ensureCollection({ name: 'library:shop', ownerId: 'x', readers: ['everyone'] })).id;
  secret = (await knowledge.ensureCollection({ name: 'library:secret', ownerId: 'x', readers: ['person:x'] })).id;
  const documents = await Promise.all([
    ...Object.entries(files).map(([name, text]) =>
      knowledge.add({ collectionId: shop, name, content: Buffer.from(text), addedBy: 'x' }),
    ),
    knowledge.add({
      collectionId: secret,
      name: 's.md',
      content: Buffer.from('# Refunds\n\nThe secret refund code is 4711.'),
      addedBy: 'x',
    }),
  ]);
  for (const { id } of documents) expect((await knowledge.whenIndexed(id)).status).toBe('ready');
});
afterAll(() => knowledge.close());

const ask = (query: string, collectionIds = [shop]) => knowledge.retrieve({ query, collectionIds });
const best = (passage: { text: string; sentences: readonly { start: number; end: number; coverage: number }[] }) =>
  passage.sentences
    .map(({ start, end, coverage }) => ({ text: passage.text.slice(start, end), coverage }))
    .reduce((a, b) => (b.coverage > a.coverage ? b : a));

test('[R1] only the collections given are searched', async () => {
  const texts = (await ask('What is the refund code?')).passages.map(({ text }) => text).join();
  expect(texts).not.toContain('4711');
  expect((await ask('What is the refund code?', [secret])).passages[0]?.text).toContain('4711');
  expect(await ask('refund', [])).toMatchObject({
    passages: [],
    report: { because: 'No collection may be searched.' },
  });
});

test('[R2] the report says how it was found, and why nothing was', async () => {
  expect((await ask('refund')).report).toMatchObject({ method: 'lexical', because: expect.stringMatching(/BM25/) });
  expect((await ask('zebra')).report).toMatchObject({
    because: 'No passage has a word of the question.',
    candidates: 0,
  });
  expect((await ask('？！')).report.because).toBe('The question has no words to search by.');
});

test('[R3] a question that the text answers is covered above one half, one about something else below', async () => {
  const yes = (await ask('Within how many days can unused goods be returned?')).passages[0]!;
  expect(best(yes)).toMatchObject({ text: 'Unused goods can be returned within 30 days.' });
  expect(best(yes).coverage).toBeGreaterThan(0.9);
  const zh = (await ask('多少天内可以退货？')).passages[0]!;
  expect(best(zh).text).toBe('商品自签收之日起三十天内可以退货，退款在五个工作日内到账。');
  expect(best(zh).coverage).toBeGreaterThan(0.9);
  const { passages } = await ask('Who is the managing director of the company that returns goods?');
  for (const passage of passages) {
    expect(passage.coverage).toBeLessThan(0.5);
    for (const sentence of passage.sentences) expect(sentence.coverage).toBeLessThan(0.5);
  }
});

test('[R4] what says the same is found once', async () => {
  const { passages } = await ask('When does the money come back to the card?');
  expect(passages.filter(({ text }) => text.includes('The money comes back'))).toHaveLength(1);
});

test('[R5] a code is found in its row, not in its neighbour', async () => {
  const [passage] = (await ask('What does E-1043 mean?')).passages;
  expect(best(passage!).text).toBe('E-1043 | The pump runs dry');
});

test('[R6] headings are what a sentence is weighed with, never the sentence quoted', async () => {
  const [passage] = (await ask('换货的运费由谁承担？')).passages;
  expect(passage!.headings).toEqual(['退货政策', '换货']);
  expect(passage!.sentences.map(({ start, end }) => passage!.text.slice(start, end))).toEqual([
    '换货的运费由商家承担。',
  ]);
});

test('[R7] a passage is shown in place, with the text around it', async () => {
  const [passage] = (await ask('Who pays the postage?')).passages;
  const placed = (await knowledge.passageInPlace(passage!.id, 60))!;
  expect(placed.document.name).toBe('refunds.md');
  const from = placed.passage.start - placed.contextStart;
  expect(placed.context.slice(from, from + placed.passage.text.length)).toBe(passage!.text);
  expect(placed.context.length).toBeGreaterThan(passage!.text.length);
  expect(await knowledge.passageInPlace('psg_none')).toBeNull();
});

test('[R8] texts given with the question are quoted with exact places, and stored nowhere', async () => {
  const text =
    'Notes of Monday.\n\nThe bridge opens on 4 May. Cyclists may use it\nfrom June.\n\n会议决定：桥梁限速四十公里。';
  const [passage] = knowledge.quote('When does the bridge open?', [
    { name: 'notes', text: 'Nothing here.' },
    { name: 'notes', text },
  ]);
  expect(passage).toMatchObject({ documentId: 'given:1', documentName: 'notes', page: null });
  expect(text.slice(passage!.start, passage!.end)).toBe(passage!.text);
  expect(best(passage!)).toEqual({ text: 'The bridge opens on 4 May.', coverage: 1 });
  expect(best(knowledge.quote('桥梁限速多少？', [{ name: 'notes', text }])[0]!).text).toBe(
    '会议决定：桥梁限速四十公里。',
  );
  expect(knowledge.quote('zebra', [{ name: 'notes', text }])).toEqual([]);
});

test('[R8] a megabyte given with the question is quoted in well under a second', () => {
  const text = `${'Words of no importance fill this paragraph to its end.\n\n'.repeat(18_000)}The vault code is kept by Anna.`;
  const started = performance.now();
  expect(knowledge.quote('Who keeps the vault code?', [{ name: 'long', text }])[0]?.text).toContain('Anna');
  expect(performance.now() - started).toBeLessThan(1_500);
});

test('[R9] question words do not count, words inside a long word count with it', () => {
  expect(readQuery('What is the price of the ticket?').terms).toEqual(['price', 'ticket']);
  expect(readQuery('信用卡退款要多久？').words).toEqual([
    { word: '信用卡', inner: ['信用'] },
    { word: '退款', inner: [] },
  ]);
  expect(readQuery('what is it').terms.length).toBeGreaterThan(0);
});

test('[R10] a word that no passage has weighs most, one that all have least, whatever the size of the library', () => {
  for (const passages of [1, 100, 1_000_000]) {
    const [none, some, all] = queryWeights([0, Math.ceil(passages / 50), passages], passages) as [
      number,
      number,
      number,
    ];
    expect(none).toBeGreaterThan(some);
    expect(some).toBeGreaterThanOrEqual(all);
    expect(all).toBeGreaterThan(0);
  }
  // In a library of one passage a missing word must not outweigh two that are there.
  expect(coverageOf([1, 1, 0], queryWeights([1, 1, 0], 1))).toBeGreaterThan(0.5);
});
