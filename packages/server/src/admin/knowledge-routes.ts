import { Readable } from 'node:stream';
import { type Collection, type KnowledgeDocument, MyriadError, type Subject } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import {
  type AdminContext,
  type AdminEnv,
  actorOf,
  found,
  given,
  need,
  needHidden,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';
import { receiveUpload } from './receive-upload.ts';

/** `everyone`, `group:<name>` or `person:<id>` in a body. */
export const principal = z
  .string()
  .regex(
    /^(everyone|group:[\w.-]{1,64}|person:[\w.@+-]{1,128})$/,
    'expected `everyone`, `group:<name>` or `person:<id>`',
  );
const collectionName = z
  .string()
  .regex(/^(library|drive):[^\s]{1,200}$/, 'expected `library:<name>` or `drive:/<path>`');
const status = z.enum(['queued', 'parsing', 'ready', 'failed']);

/** Collections, documents, passages in place, and search over what the caller may read. */
export function knowledgeRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { knowledge } = house.store;

  const collectionFor = async (
    c: AdminContext,
    id: string,
    action: 'knowledge.read' | 'knowledge.write',
  ): Promise<Collection> => {
    signedIn(c);
    const collection = await found(knowledge.collection(id), 'collection');
    const object = collectionObject(collection);
    needHidden(house, c, 'knowledge.read', object, 'collection');
    if (action === 'knowledge.write') need(house, c, action, object);
    return collection;
  };
  const documentFor = async (
    c: AdminContext,
    action: 'knowledge.read' | 'knowledge.write',
  ): Promise<KnowledgeDocument> => {
    signedIn(c);
    const document = await found(knowledge.document(c.req.param('id') as string), 'document');
    const collection = await found(knowledge.collection(document.collectionId), 'document');
    needHidden(house, c, 'knowledge.read', collectionObject(collection), 'document');
    if (action === 'knowledge.write') need(house, c, action, collectionObject(collection));
    return document;
  };

  routes.get('/collections', async (c) => {
    const subject = signedIn(c);
    const query = readQuery(c, pageQuery.extend({ prefix: z.string().max(200).optional() }));
    return c.json(
      await knowledge.collections({
        ...pageOf(query),
        prefix: query.prefix ?? 'library:',
        ...visibleTo(house, subject),
      }),
    );
  });
  routes.post('/collections', async (c) => {
    const subject = need(house, c, 'knowledge.create');
    const body = await readJson(
      c,
      z.strictObject({ name: collectionName, readers: z.array(principal).max(1_000).optional() }),
      256 * 1024,
    );
    if (await knowledge.collectionByName(body.name))
      throw new MyriadError('conflict', `There is a collection "${body.name}" already.`);
    const ownerId = actorOf(subject);
    return c.json(
      await house.knowledge.ensureCollection({
        name: body.name,
        ownerId,
        readers: withOwner(body.readers ?? [], ownerId),
      }),
      201,
    );
  });
  routes.patch('/collections/:id', async (c) => {
    const collection = await collectionFor(c, c.req.param('id'), 'knowledge.write');
    const { readers } = await readJson(c, z.strictObject({ readers: z.array(principal).max(1_000) }), 256 * 1024);
    const changed = { ...collection, readers: withOwner(readers, collection.ownerId) };
    await knowledge.saveCollection(changed);
    return c.json(changed);
  });
  routes.delete('/collections/:id', async (c) => {
    const collection = await collectionFor(c, c.req.param('id'), 'knowledge.write');
    await house.knowledge.deleteCollection(collection.id);
    return c.json({ ok: true } as const);
  });
  routes.get('/collections/:id/documents', async (c) => {
    const collection = await collectionFor(c, c.req.param('id'), 'knowledge.read');
    const query = readQuery(c, pageQuery.extend({ search: z.string().max(200).optional(), status: status.optional() }));
    return c.json(
      await knowledge.documents({
        ...pageOf(query),
        collectionId: collection.id,
        ...given({ search: query.search, status: query.status }),
      }),
    );
  });
  routes.post('/collections/:id/documents', async (c) => {
    const collection = await collectionFor(c, c.req.param('id'), 'knowledge.write');
    return c.json(await receiveUpload(house, c, collection.id), 201);
  });

  routes.get('/documents/:id', async (c) => c.json(await documentFor(c, 'knowledge.read')));
  routes.delete('/documents/:id', async (c) => {
    await house.knowledge.delete((await documentFor(c, 'knowledge.write')).id);
    return c.json({ ok: true } as const);
  });
  routes.post('/documents/:id/retry', async (c) =>
    c.json(await house.knowledge.retry((await documentFor(c, 'knowledge.write')).id)),
  );
  routes.get('/documents/:id/text', async (c) =>
    c.json(await found(knowledge.text((await documentFor(c, 'knowledge.read')).id), 'text')),
  );
  routes.get('/documents/:id/original', async (c) => {
    const document = await documentFor(c, 'knowledge.read');
    // What people upload is never a page of this site: it is downloaded, and if a browser shows it all the same, sandboxed.
    c.header('content-type', 'application/octet-stream');
    c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(document.name)}`);
    c.header('content-length', String(document.sizeBytes));
    c.header('content-security-policy', "sandbox; default-src 'none'");
    c.header('x-content-type-options', 'nosniff');
    return c.body(Readable.toWeb(Readable.from(house.store.blobs.stream(document.contentHash))) as ReadableStream);
  });

  routes.get('/passages/:id', async (c) => {
    signedIn(c);
    const place = await found(house.knowledge.passageInPlace(c.req.param('id')), 'passage');
    const collection = await found(knowledge.collection(place.document.collectionId), 'passage');
    needHidden(house, c, 'knowledge.read', collectionObject(collection), 'passage');
    return c.json(place);
  });
  routes.get('/knowledge/search', async (c) => {
    const subject = signedIn(c);
    const query = readQuery(
      c,
      z.object({
        q: z.string().trim().min(1).max(2_000),
        collection: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(50).optional(),
      }),
    );
    const collectionIds: string[] = [];
    if (query.collection) {
      const collection = query.collection.startsWith('col_')
        ? await knowledge.collection(query.collection)
        : await knowledge.collectionByName(query.collection);
      if (!collection) throw new MyriadError('not_found', 'There is no such collection.');
      needHidden(house, c, 'knowledge.read', collectionObject(collection), 'collection');
      collectionIds.push(collection.id);
    } else {
      for (let cursor: string | null = null; ; ) {
        const page = await knowledge.collections({
          limit: 500,
          prefix: 'library:',
          ...visibleTo(house, subject),
          ...(cursor ? { cursor } : {}),
        });
        collectionIds.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        if (!cursor) break;
      }
    }
    return c.json(await house.knowledge.retrieve({ query: query.q, collectionIds, limit: query.limit ?? 10 }));
  });
  return routes;
}

export function collectionObject(collection: Collection) {
  return {
    type: 'collection',
    id: collection.id,
    ownerId: collection.ownerId,
    use: collection.readers,
    edit: [],
  } as const;
}

/** The node itself sees every library; everybody else what one of their principals may read: a role opens no one's papers. */
function visibleTo(house: House, subject: Subject): { readonly principals?: readonly string[] } {
  return subject.kind === 'system' ? {} : { principals: house.org.principalsOf(subject) };
}

/** Whoever owns a collection reads it, whatever the list of readers says. */
function withOwner(readers: readonly string[], ownerId: string): readonly string[] {
  return [...new Set([`person:${ownerId}`, ...readers])];
}
