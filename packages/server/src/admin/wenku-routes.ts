/** Documents and decks: making, saving, sharing, versions, images, files in and out. */
import {
  blankContent,
  checkContent,
  compareTexts,
  countWords,
  docFromDeck,
  isWenkuFormat,
  mediaTypes,
  paragraphsOf,
  plainTextOf,
  slidesFromDoc,
  templateContent,
  wenkuTemplates,
} from '@myriad/builtin/wenku';
import {
  MyriadError,
  newId,
  type Subject,
  type WenkuContent,
  type WenkuDocument,
  type WenkuKind,
} from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { restoreVersion, saveContent } from '../wenku/save-content.ts';
import { exportDocument, importFile, keepImage, mostImageBytes } from '../wenku/wenku-files.ts';
import {
  type AdminEnv,
  actorOf,
  callerOf,
  found,
  given,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';
import { labelOf } from './receive-upload.ts';
import { language, principal, readBytes, wenkuContext } from './wenku-context.ts';

const title = z.string().trim().max(300);
const sources = z.array(z.string().max(128)).max(50);
const kind = z.enum(['doc', 'deck']);
const contentBytes = 24 * 1024 * 1024;

export function wenkuRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { wenku } = house.store;
  const { documentFor, ownedFor, detailOf, needApp, checkSources, finished } = wenkuContext(house);

  const create = async (
    subject: Subject,
    made: Partial<WenkuDocument> & { readonly title: string },
    content: WenkuContent,
  ) => {
    const now = house.clock.now();
    const plainText = plainTextOf(content);
    const ownerId = actorOf(subject);
    const document: WenkuDocument = {
      id: newId('wen', house.clock, house.random),
      kind: content.type,
      ownerId,
      readers: [],
      editors: [],
      language: house.config.language,
      sources: [],
      revision: 1,
      words: countWords(plainText),
      forkedFrom: null,
      createdAt: now,
      updatedAt: now,
      updatedBy: ownerId,
      ...made,
    };
    await wenku.create(document, content, plainText);
    return document;
  };

  routes.get('/wenku', async (c) => {
    const subject = signedIn(c);
    const query = readQuery(
      c,
      pageQuery.extend({
        search: z.string().max(200).optional(),
        kind: kind.optional(),
        scope: z.enum(['mine', 'library']).optional(),
      }),
    );
    const ownerId = actorOf(subject);
    return c.json(
      await wenku.list({
        ...pageOf(query),
        ...given({ search: query.search, kind: query.kind }),
        ownerId,
        ...(query.scope === 'library' ? { principals: house.org.principalsOf(subject) } : {}),
      }),
    );
  });
  routes.post('/wenku', async (c) => {
    const subject = await needApp(c);
    const body = await readJson(
      c,
      z.strictObject({
        kind,
        title: title.optional(),
        template: z.string().max(64).optional(),
        language: language.optional(),
        sources: sources.optional(),
      }),
      64 * 1024,
    );
    await checkSources(c, body.sources ?? []);
    const wanted = body.language ?? house.config.language;
    const template = body.template ? templateContent(body.template, wanted) : null;
    if (body.template && template?.content.type !== body.kind)
      throw new MyriadError('not_found', `There is no template "${body.template}" of this kind.`);
    const content = template?.content ?? blankContent(body.kind, body.title ?? '');
    const made = await create(
      subject,
      { title: body.title || template?.title || '', language: wanted, sources: body.sources ?? [] },
      content,
    );
    return c.json(await detailOf(made, subject), 201);
  });
  routes.get('/wenku/templates', (c) => {
    signedIn(c);
    return c.json({ items: wenkuTemplates });
  });
  routes.post('/wenku/import', async (c) => {
    const subject = await needApp(c);
    const query = readQuery(c, z.object({ name: z.string().min(1).max(500), kind: kind.optional() }));
    const name = labelOf(query.name);
    const { doc, images } = await importFile(name, await readBytes(c, house.config.limits.uploadBytes));
    const content: WenkuContent =
      query.kind === 'deck' ? { type: 'deck', theme: 'paper', slides: slidesFromDoc(doc) } : doc;
    const checked = checkContent(content.type, content);
    const language = /\p{Script=Han}/u.test(plainTextOf(doc).slice(0, 2_000)) ? 'zh' : 'en';
    const made = await create(subject, { title: name.replace(/\.[a-z0-9]+$/i, ''), language }, checked);
    for (const { bytes } of images.values()) await keepImage(house.store, made.id, bytes);
    return c.json(await detailOf(made, subject), 201);
  });
  routes.get('/wenku/:id', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.read');
    return c.json(await detailOf(document, subject));
  });
  routes.patch('/wenku/:id', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.write');
    const change = await readJson(
      c,
      z.strictObject({
        title: title.optional(),
        sources: sources.optional(),
        language: language.optional(),
        readers: z.array(principal).max(500).optional(),
        editors: z.array(principal).max(500).optional(),
      }),
      256 * 1024,
    );
    if (change.readers || change.editors) await ownedFor(c);
    if (change.sources) await checkSources(c, change.sources);
    const changed: WenkuDocument = {
      ...document,
      ...given(change),
      revision: document.revision + 1,
      updatedAt: house.clock.now(),
      updatedBy: actorOf(subject),
    };
    await wenku.save(changed, document.revision);
    if ((change.readers?.length ?? 0) > 0) await finished(document, subject);
    return c.json(changed);
  });
  routes.put('/wenku/:id/content', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.write');
    const body = await readJson(c, z.strictObject({ revision: z.number().int(), content: z.unknown() }), contentBytes);
    return c.json(
      await saveContent(house, document, checkContent(document.kind, body.content), body.revision, actorOf(subject)),
    );
  });
  routes.delete('/wenku/:id', async (c) => {
    const { document } = await ownedFor(c);
    const job = house.wenku.writing(document.id);
    if (job) await house.wenku.stop(job);
    await wenku.remove(document.id);
    return c.json({ ok: true } as const);
  });
  routes.post('/wenku/:id/fork', async (c) => {
    const { document } = await documentFor(c, 'wenku.read');
    const subject = await needApp(c);
    const body = await readJson(c, z.strictObject({ kind: kind.optional() }), 1024);
    const content = inKind(await found(wenku.content(document.id), 'document'), body.kind ?? document.kind);
    const { language: own, title: name } = document;
    const made = await create(subject, { title: name, language: own, forkedFrom: document.id }, content);
    for (const { hash } of await wenku.images(document.id)) {
      const image = await wenku.image(document.id, hash);
      if (image) await wenku.addImage(made.id, image);
    }
    return c.json(await detailOf(made, subject), 201);
  });

  routes.get('/wenku/:id/versions', async (c) => {
    const { document } = await documentFor(c, 'wenku.read');
    return c.json({ items: await wenku.versions(document.id) });
  });
  routes.post('/wenku/:id/versions', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.write');
    const { name } = await readJson(c, z.strictObject({ name: z.string().trim().min(1).max(200) }), 4096);
    const content = await found(wenku.content(document.id), 'document');
    const [newest] = await wenku.versions(document.id);
    const version = {
      documentId: document.id,
      number: (newest?.number ?? 0) + 1,
      name,
      title: document.title,
      words: document.words,
      createdAt: house.clock.now(),
      createdBy: actorOf(subject),
      content,
    };
    await wenku.addVersion(version);
    const { content: _content, ...row } = version;
    return c.json(row, 201);
  });
  const versionFor = async (id: string, number: string) =>
    found(/^\d{1,9}$/.test(number) ? wenku.version(id, Number(number)) : Promise.resolve(null), 'version');
  routes.get('/wenku/:id/versions/:number', async (c) => {
    const { document } = await documentFor(c, 'wenku.read');
    return c.json(await versionFor(document.id, c.req.param('number')));
  });
  routes.post('/wenku/:id/versions/:number/restore', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.write');
    const version = await versionFor(document.id, c.req.param('number'));
    const restored = await restoreVersion(house, document, version, actorOf(subject));
    return c.json(await detailOf(restored, subject));
  });
  routes.get('/wenku/:id/diff', async (c) => {
    const { document } = await documentFor(c, 'wenku.read');
    const query = readQuery(c, z.object({ from: z.string().max(9), to: z.string().max(9).optional() }));
    const from = await versionFor(document.id, query.from);
    const to = query.to === undefined ? null : await versionFor(document.id, query.to);
    const after = to?.content ?? (await found(wenku.content(document.id), 'document'));
    return c.json(
      compareTexts(
        { title: from.name ?? `#${from.number}`, paragraphs: paragraphsOf(from.content) },
        { title: to ? (to.name ?? `#${to.number}`) : document.title, paragraphs: paragraphsOf(after) },
      ),
    );
  });

  routes.post('/wenku/:id/images', async (c) => {
    const { document } = await documentFor(c, 'wenku.write');
    return c.json(await keepImage(house.store, document.id, await readBytes(c, mostImageBytes)), 201);
  });
  routes.get('/wenku/:id/images/:hash', async (c) => {
    const { document } = await documentFor(c, 'wenku.read');
    const image = await found(wenku.image(document.id, c.req.param('hash')), 'image');
    return c.body(image.bytes.slice().buffer, 200, {
      'content-type': image.mediaType,
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });
  routes.get('/wenku/:id/export', async (c) => {
    const { document, subject } = await documentFor(c, 'wenku.read');
    const format = c.req.query('format') ?? '';
    if (!isWenkuFormat(format))
      throw new MyriadError('invalid_request', `query.format: expected one of ${Object.keys(mediaTypes).join(', ')}.`, {
        facts: { field: 'format' },
      });
    const content = await found(wenku.content(document.id), 'document');
    const { personId } = callerOf(house, subject);
    const author = personId ? ((await house.store.org.person(personId))?.name ?? '') : '';
    const bytes = await exportDocument(house.store, document, content, author, format);
    await finished(document, subject);
    const name = `${labelOf(document.title || 'document')}.${format}`;
    return c.body(bytes.slice().buffer, 200, {
      'content-type': mediaTypes[format],
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });
  return routes;
}

/** A document as a deck or the other way round; no model is asked. */
function inKind(content: WenkuContent, wanted: WenkuKind): WenkuContent {
  if (content.type === wanted) return content;
  return content.type === 'deck'
    ? docFromDeck(content)
    : { type: 'deck', theme: 'paper', slides: slidesFromDoc(content) };
}
