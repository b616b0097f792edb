import type { SearchThread } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import { readableCollections } from '../search/readable-scope.ts';
import { readShared, searchApp, shareSearch, startSearch, suggest } from '../search/search-desk.ts';
import {
  type AdminContext,
  type AdminEnv,
  actorOf,
  callerOf,
  found,
  given,
  need,
  needHidden,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';
import { principal } from './knowledge-routes.ts';

const kinds = z.enum(['pdf', 'document', 'slides', 'sheet', 'text', 'page', 'mail', 'code', 'image']);
const time = z.int().min(0).max(8_640_000_000_000_000);
const scope = z.strictObject({
  collections: z.array(z.string().min(1).max(300)).max(100).optional(),
  filter: z
    .strictObject({
      kinds: z.array(kinds).max(9).optional(),
      from: time.optional(),
      to: time.optional(),
      addedBy: z.string().min(1).max(128).optional(),
    })
    .optional(),
  web: z.boolean().optional(),
});
const askSearch = z.strictObject({
  question: z.string().trim().min(1).max(4_000),
  depth: z.enum(['speed', 'balanced', 'quality']).optional(),
  scope: scope.optional(),
  conversationId: z.string().max(128).nullable().optional(),
  parentId: z.string().max(128).nullable().optional(),
  language: z.enum(['en', 'zh']).optional(),
});

/** Search: ask, follow, suggest, share. Every answer is a run of the app `search`. */
export function searchRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { store } = house;

  const mayUse = async (c: AdminContext) => {
    signedIn(c);
    const app = await findApp(house, searchApp);
    return { app, subject: need(house, c, 'app.use', appObject(app)) };
  };
  const conversationOf = async (
    c: AdminContext,
    id: string,
    action: 'conversation.read' | 'conversation.write' = 'conversation.read',
  ) => {
    const { app } = await mayUse(c);
    const conversation = await found(store.conversations.get(id), 'search');
    needHidden(house, c, action, { type: 'conversation', id, ownerId: conversation.ownerId }, 'search');
    return found(Promise.resolve(conversation.appId === app.id ? conversation : null), 'search');
  };

  routes.get('/search', async (c) => {
    const { subject } = await mayUse(c);
    const collections = await readableCollections(house, subject);
    return c.json({
      web: house.webSearch?.name ?? null,
      embedder: house.embedder.model(),
      collections: collections
        .filter(({ name }) => name.startsWith('library:'))
        .map(({ name, documents }) => ({ name, documents })),
    });
  });
  routes.post('/search', async (c) => {
    const { subject } = await mayUse(c);
    const { conversationId, scope: wanted, ...asked } = await readJson(c, askSearch, 256 * 1024);
    const conversation = conversationId ? await conversationOf(c, conversationId, 'conversation.write') : null;
    const filter = wanted?.filter ? given(wanted.filter) : {};
    const request = { ...given(asked), scope: { ...given(wanted ?? {}), filter } };
    return c.json(await startSearch(house, subject, callerOf(house, subject), request, conversation), 201);
  });
  routes.get('/search/suggestions', async (c) => {
    const { subject } = await mayUse(c);
    const { q } = readQuery(c, z.object({ q: z.string().max(500) }));
    return c.json({ items: await suggest(house, subject, actorOf(subject), q) });
  });
  routes.get('/search/threads/:id', async (c) => {
    const conversation = await conversationOf(c, c.req.param('id'));
    const [messages, records, share] = await Promise.all([
      store.conversations.messages(conversation.id),
      store.search.records(conversation.id),
      store.search.shareOf(conversation.id),
    ]);
    const present = messages.map((message) => house.chats.present(message));
    return c.json({ conversation, messages: present, records, share } satisfies SearchThread);
  });
  routes.put('/search/threads/:id/share', async (c) => {
    const conversation = await conversationOf(c, c.req.param('id'), 'conversation.write');
    const { readers } = await readJson(
      c,
      z.strictObject({ readers: z.array(principal).min(1).max(1_000) }),
      256 * 1024,
    );
    return c.json(await shareSearch(house, conversation, readers));
  });
  routes.delete('/search/threads/:id/share', async (c) => {
    const conversation = await conversationOf(c, c.req.param('id'), 'conversation.write');
    const share = await found(store.search.shareOf(conversation.id), 'shared search');
    await store.search.deleteShare(share.id);
    return c.json({ ok: true } as const);
  });
  routes.get('/search/shared/:id', async (c) => {
    const { subject } = await mayUse(c);
    const share = await found(store.search.share(c.req.param('id')), 'shared search');
    // A shared search is opened as a collection is: by those who are named.
    const object = { type: 'collection', id: share.id, ownerId: share.ownerId, use: share.readers, edit: [] } as const;
    needHidden(house, c, 'knowledge.read', object, 'shared search');
    return c.json(await readShared(house, subject, share));
  });
  return routes;
}
