/** Writing and reading with the app: jobs, their streams, and readings (files that are opened to be read). */
import {
  blankSlide,
  compareTexts,
  countWords,
  docFromMarkdown,
  keyFigures,
  type Language,
  outlineOf,
  paragraphsOf,
  plainTextOf,
  summarise,
  tablesOf,
} from '@myriad/builtin/wenku';
import {
  MyriadError,
  newId,
  type WenkuContent,
  type WenkuDocument,
  type WenkuJob,
  type WenkuReading,
} from '@myriad/contracts';
import { segmentWords, splitSentences } from '@myriad/knowledge';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { versionOf } from '../wenku/save-content.ts';
import { importFile, keepImage } from '../wenku/wenku-files.ts';
import {
  type AdminContext,
  type AdminEnv,
  actorOf,
  callerOf,
  found,
  given,
  needHidden,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';
import { receiveUpload } from './receive-upload.ts';
import { language, streamJob, wenkuContext } from './wenku-context.ts';

const words: Language = { words: segmentWords, sentences: splitSentences };
const text = z.string().trim().min(1).max(20_000);
const outline = z
  .array(z.strictObject({ title: z.string().trim().min(1).max(300), points: z.array(z.string().max(1_000)).max(30) }))
  .min(1)
  .max(60);
const blocks = z.array(z.string().min(1).max(50_000)).min(1).max(2_000);
const documentJob = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outline'), text, length: z.number().int().min(2).max(40).optional() }),
  z.strictObject({ kind: z.literal('draft'), outline, text: text.optional() }),
  z.strictObject({ kind: z.literal('rewrite'), text, selection: z.string().min(1).max(50_000) }),
  z.strictObject({ kind: z.literal('translate'), into: language, blocks }),
]);
const readingJob = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ask'), text }),
  z.strictObject({ kind: z.literal('translate'), into: language, blocks }),
]);

export function wenkuJobRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { wenku, knowledge } = house.store;
  const { documentFor, needApp } = wenkuContext(house);

  /** A reading is a file in a collection of its own that begins with its owner's name. */
  const readingFor = async (c: AdminContext, id = c.req.param('id') as string) => {
    signedIn(c);
    const document = await found(knowledge.document(id), 'document');
    const collection = await found(knowledge.collection(document.collectionId), 'document');
    const object = {
      type: 'collection',
      id: collection.id,
      ownerId: collection.ownerId,
      use: collection.readers,
    } as const;
    const subject = needHidden(house, c, 'knowledge.read', object, 'document');
    return { document, collection, subject };
  };
  const jobFor = async (c: AdminContext) => {
    signedIn(c);
    const job = await found(wenku.job(c.req.param('id') as string), 'job');
    needHidden(house, c, 'wenku.write', { type: 'wenku', id: job.id, ownerId: job.ownerId }, 'job');
    return house.wenku.present(job);
  };
  /** What was asked about a thing, each person's own. */
  const jobsOf = async (target: string, ownerId: string): Promise<readonly WenkuJob[]> =>
    (await wenku.jobs({ target })).filter((job) => job.ownerId === ownerId).map((job) => house.wenku.present(job));

  routes.post('/wenku/:id/jobs', async (c) => {
    const { document } = await documentFor(c, 'wenku.write');
    const subject = await needApp(c);
    const { kind, ...input } = await readJson(c, documentJob, house.config.limits.bodyBytes);
    const caller = callerOf(house, subject);
    if (kind === 'draft') await clearForDraft(house, document, ('text' in input ? input.text : undefined) ?? '');
    const job = await house.wenku.start({
      kind,
      target: document.id,
      input: given(input),
      language: document.language,
      caller,
    });
    return c.json(job, 202);
  });
  routes.get('/wenku/:id/jobs', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.read');
    return c.json({ items: await jobsOf(document.id, actorOf(subject)) });
  });
  routes.get('/wenku-jobs/:id', async (c) => c.json(await jobFor(c)));
  routes.get('/wenku-jobs/:id/stream', async (c) => {
    const job = await jobFor(c);
    return streamJob(house, c, (signal) => house.wenku.follow(job, signal));
  });
  routes.post('/wenku-jobs/:id/stop', async (c) => c.json(await house.wenku.stop(await jobFor(c))));

  const prefixOf = (ownerId: string) => `wenku:${ownerId}/`;
  routes.get('/wenku-readings', async (c) => {
    const ownerId = actorOf(signedIn(c));
    const { items } = await knowledge.collections({ prefix: prefixOf(ownerId), limit: 200 });
    const documents = await Promise.all(
      items
        .filter((each) => each.ownerId === ownerId)
        .map(async ({ id }) => (await knowledge.documents({ collectionId: id, limit: 1 })).items),
    );
    return c.json({ items: documents.flat().sort((left, right) => right.createdAt - left.createdAt) });
  });
  routes.post('/wenku-readings', async (c) => {
    const subject = await needApp(c);
    const ownerId = actorOf(subject);
    const collection = await house.knowledge.ensureCollection({
      name: prefixOf(ownerId) + newId('col', house.clock, house.random),
      ownerId,
      readers: [`person:${ownerId}`],
    });
    try {
      return c.json(await receiveUpload(house, c, collection.id), 201);
    } catch (error) {
      await house.knowledge.deleteCollection(collection.id);
      throw error;
    }
  });
  routes.get('/wenku-readings/:id', async (c) => {
    const { document } = await readingFor(c);
    const read = (await knowledge.text(document.id)) ?? { text: '', pageStarts: [] };
    return c.json({
      document,
      ...read,
      outline: outlineOf(read),
      summary: summarise(read, words),
      figures: keyFigures(read, words),
      tables: tablesOf(read).slice(0, 50),
    } satisfies WenkuReading);
  });
  routes.delete('/wenku-readings/:id', async (c) => {
    const { document, collection, subject } = await readingFor(c);
    if (collection.ownerId !== actorOf(subject) || !collection.name.startsWith('wenku:'))
      throw new MyriadError('forbidden', 'This file belongs to a collection; it is deleted there.');
    await house.knowledge.deleteCollection(collection.id);
    for (const job of await wenku.jobs({ target: document.id })) await house.wenku.stop(job);
    return c.json({ ok: true } as const);
  });
  routes.post('/wenku-readings/:id/jobs', async (c) => {
    const { document } = await readingFor(c);
    const subject = await needApp(c);
    const { kind, ...input } = await readJson(c, readingJob, house.config.limits.bodyBytes);
    const asked = 'text' in input ? input.text : (input.blocks[0] ?? '');
    const job = await house.wenku.start({
      kind,
      target: document.id,
      input,
      language: /\p{Script=Han}/u.test(asked) ? 'zh' : 'en',
      caller: callerOf(house, subject),
    });
    return c.json(job, 202);
  });
  routes.get('/wenku-readings/:id/jobs', async (c) => {
    const { document, subject } = await readingFor(c);
    return c.json({ items: await jobsOf(document.id, actorOf(subject)) });
  });
  routes.post('/wenku-readings/:id/document', async (c) => {
    const { document } = await readingFor(c);
    const subject = await needApp(c);
    const ownerId = actorOf(subject);
    const editable = /\.(docx|md|markdown|txt|html?)$/i.test(document.name);
    const imported = editable
      ? await importFile(document.name, await house.store.blobs.get(document.contentHash))
      : null;
    const doc = imported?.doc ?? docFromMarkdown(await asMarkdown(house, document.id));
    const plainText = plainTextOf(doc);
    const now = house.clock.now();
    const made: WenkuDocument = {
      id: newId('wen', house.clock, house.random),
      kind: 'doc',
      title: document.name.replace(/\.[a-z0-9]+$/i, ''),
      ownerId,
      readers: [],
      editors: [],
      language: document.language === 'zh' ? 'zh' : 'en',
      sources: [document.collectionId],
      revision: 1,
      words: countWords(plainText),
      forkedFrom: null,
      createdAt: now,
      updatedAt: now,
      updatedBy: ownerId,
    };
    await wenku.create(made, doc, plainText);
    for (const { bytes } of imported?.images.values() ?? []) await keepImage(house.store, made.id, bytes);
    return c.json({ document: made, content: doc, may: ['read', 'write', 'share'] as const, job: null }, 201);
  });

  const sideFor = async (c: AdminContext, id: string) => {
    if (id.startsWith('wen_')) {
      const { document } = await documentFor(c, 'wenku.read', id);
      return { title: document.title, paragraphs: paragraphsOf(await found(wenku.content(id), 'document')) };
    }
    const { document } = await readingFor(c, id);
    const read = await knowledge.text(document.id);
    return { title: document.name, paragraphs: (read?.text ?? '').split('\n').filter((line) => line.trim() !== '') };
  };
  routes.get('/wenku-compare', async (c) => {
    const query = readQuery(c, z.object({ before: z.string().min(1).max(128), after: z.string().min(1).max(128) }));
    return c.json(compareTexts(await sideFor(c, query.before), await sideFor(c, query.after)));
  });
  return routes;
}

/** A draft begins on an empty document; what was there is kept as a version. */
async function clearForDraft(house: House, untitled: WenkuDocument, topic: string): Promise<void> {
  const document = { ...untitled, title: untitled.title || (topic.split('\n')[0] ?? '').slice(0, 120) };
  const { wenku } = house.store;
  if (house.wenku.writing(document.id)) return;
  const before = await found(wenku.content(document.id), 'document');
  const heading = document.title ? { content: [{ type: 'text', text: document.title }] } : {};
  const content: WenkuContent =
    before.type === 'deck'
      ? { ...before, slides: [blankSlide('s1', 'title', { title: document.title })] }
      : { type: 'doc', content: [{ type: 'heading', attrs: { level: 1 }, ...heading }] };
  const plainText = plainTextOf(content);
  const version =
    plainTextOf(before).trim() === ''
      ? undefined
      : versionOf(document, before, await wenku.versions(document.id), null, house.clock.now());
  const saved = {
    ...document,
    revision: document.revision + 1,
    words: countWords(plainText),
    updatedAt: house.clock.now(),
  };
  await wenku.save(saved, document.revision, { content, plainText, ...(version ? { version } : {}) });
}

/** Extracted text with its headings and tables marked, as far as they can be told. */
async function asMarkdown(house: House, documentId: string): Promise<string> {
  const read = (await house.store.knowledge.text(documentId)) ?? { text: '', pageStarts: [] };
  const levels = new Map(outlineOf(read).map(({ start, level }) => [start, level]));
  const tables = new Map(tablesOf(read).map((table) => [table.start, table]));
  const lines: string[] = [];
  let at = 0;
  let skipTo = 0;
  for (const line of read.text.split('\n')) {
    const start = at;
    at += line.length + 1;
    if (start < skipTo) continue;
    const table = tables.get(start);
    const level = levels.get(start + (line.length - line.trimStart().length));
    if (table) {
      const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
      const [header = [], ...rest] = table.rows;
      lines.push('', row(header), row(header.map(() => '---')), ...rest.map(row), '');
      skipTo = table.end;
    } else if (level && line.trim() !== '')
      lines.push('', `${'#'.repeat(level)} ${line.trim().replace(/^#+\s*/, '')}`, '');
    else lines.push(line.trim() === '' ? '' : `${line}\n`);
  }
  return lines.join('\n');
}
