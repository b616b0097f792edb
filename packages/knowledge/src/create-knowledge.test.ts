import { systemClock, systemRandom } from '@myriad/contracts';
import { afterEach, expect, test } from 'vitest';
import { createKnowledge } from './create-knowledge.ts';
import { makeDocx } from './testing/make-office.ts';
import { makePdf } from './testing/make-pdf.ts';
import { createMemoryStore } from './testing/memory-store.ts';

const limits = { parseMs: 20_000, parseMemoryBytes: 512 * 1024 * 1024, uploadBytes: 50 * 1024 * 1024 };
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function room(overrides: Partial<typeof limits> = {}) {
  const store = createMemoryStore();
  const make = () =>
    createKnowledge({ store, clock: systemClock, random: systemRandom, limits: { ...limits, ...overrides } });
  const knowledge = make();
  ends.push(() => knowledge.close());
  const collection = await knowledge.ensureCollection({
    name: 'library:test',
    ownerId: 'per_1',
    readers: ['everyone'],
  });
  const add = async (name: string, content: string | Uint8Array) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const document = await knowledge.add({ collectionId: collection.id, name, content: bytes, addedBy: 'per_1' });
    return knowledge.whenIndexed(document.id);
  };
  const ask = async (query: string) => (await knowledge.retrieve({ query, collectionIds: [collection.id] })).passages;
  return { store, make, knowledge, collection, add, ask };
}

const policy = `# Travel policy

## Hotels

Employees may book hotels up to 180 euros a night. In London the limit is 240 pounds.

## Trains

Trips shorter than four hours go by train. First class needs the approval of a director.
`;

test('[K1] a Markdown file is found by question, with its headings and the exact place of the answer', async () => {
  const { add, ask, store } = await room();
  const document = await add('travel-policy.md', policy);
  expect(document).toMatchObject({ status: 'ready', reason: null, mediaType: 'text/markdown', language: 'en' });
  const [best] = await ask('What is the limit for a hotel in London?');
  expect(best?.headings).toEqual(['Travel policy', 'Hotels']);
  const sentence = best!.sentences.reduce((a, b) => (b.coverage > a.coverage ? b : a));
  expect(best!.text.slice(sentence.start, sentence.end)).toBe('In London the limit is 240 pounds.');
  const { text } = (await store.knowledge.text(document.id))!;
  expect(text.slice(best!.start, best!.end)).toBe(best!.text);
});

test('[K1] a Chinese PDF without its font is found by a Chinese question on the right page', async () => {
  const { add, ask } = await room();
  const zh = 'UniGB-UCS2-H' as const;
  const document = await add(
    '员工手册.pdf',
    makePdf([
      [{ text: '员工手册', x: 50, y: 780, size: 20, encoding: zh }],
      [
        { text: '第三章 休假制度', x: 50, y: 780, size: 16, encoding: zh },
        {
          text: '员工入职满一年后，每年享有十五天带薪年假，未休完的年假可以结转到下一年的三月',
          x: 50,
          y: 750,
          encoding: zh,
        },
        { text: '底。病假需要提供医院证明。', x: 50, y: 735, encoding: zh },
      ],
    ]),
  );
  expect(document).toMatchObject({ status: 'ready', pages: 2, language: 'zh' });
  const [best] = await ask('每年有多少天年假？');
  expect(best?.page).toBe(2);
  expect(best?.text).toContain('未休完的年假可以结转到下一年的三月底。');
  expect(best?.coverage).toBeGreaterThan(0.5);
});

test('[K1] a Word document keeps headings and tables', async () => {
  const { add, ask } = await room();
  const document = await add(
    'prices.docx',
    makeDocx([
      { heading: 1, text: 'Price list' },
      { text: 'Prices hold until the end of the year.' },
      {
        table: [
          ['Plan', 'Price'],
          ['Basic', '10 euros'],
          ['Premium', '25 euros'],
        ],
      },
    ]),
  );
  expect(document.status).toBe('ready');
  const [best] = await ask('price of the premium plan');
  expect(best?.text).toContain('Premium | 25 euros');
  expect(best?.headings[0]).toBe('Price list');
});

test('[K2] the same bytes are one document in a collection, and the blob goes with the last of them', async () => {
  const { knowledge, collection, add, store } = await room();
  const other = await knowledge.ensureCollection({ name: 'library:other', ownerId: 'per_1', readers: [] });
  const first = await add('a.md', policy);
  const again = await add('b.md', policy);
  expect(again.id).toBe(first.id);
  const elsewhere = await knowledge.add({
    collectionId: other.id,
    name: 'a.md',
    content: Buffer.from(policy),
    addedBy: 'x',
  });
  expect(elsewhere.id).not.toBe(first.id);
  await knowledge.delete(first.id);
  expect(await store.blobs.has(first.contentHash)).toBe(true);
  await knowledge.delete(elsewhere.id);
  expect(await store.blobs.has(first.contentHash)).toBe(false);
  expect((await knowledge.retrieve({ query: 'hotel', collectionIds: [collection.id, other.id] })).passages).toEqual([]);
  expect(await store.knowledge.text(first.id)).toBeNull();
});
