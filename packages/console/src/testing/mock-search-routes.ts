import type { SearchShare } from '@myriad/contracts';
import { MockRefusal, type MockRoutes } from './mock-types.ts';
import { message } from './mock-world.ts';

const shares = new Map<string, SearchShare>();

type SearchRoute = Extract<keyof MockRoutes, `${string} /api/search${string}`>;

/** Answers every question with one sentence, at once. */
export const searchRoutes: Pick<MockRoutes, SearchRoute> = {
  'GET /api/search': ({ world }) => ({
    web: null,
    embedder: null,
    collections: world.collections.map(({ name }) => ({ name, documents: 3 })),
  }),
  'POST /api/search': ({ world, body, id, now }) => {
    const known = world.conversations.find((each) => each.id === body.conversationId);
    const conversation = known ?? {
      id: id('conv'),
      ownerId: 'per_lin',
      appId: 'app_search',
      title: body.question,
      activeLeaf: null,
      createdAt: now(),
      updatedAt: now(),
      pinned: false,
    };
    const parent = world.messages.findLast(({ conversationId }) => conversationId === conversation.id)?.id ?? null;
    const user = message(id('msg'), conversation.id, parent, 'user', body.question, now());
    const answer = message(id('msg'), conversation.id, user.id, 'assistant', 'Thirty days.', now() + 1);
    world.messages.push(user, answer);
    const kept = { ...conversation, activeLeaf: answer.id };
    world.conversations = [...world.conversations.filter((each) => each.id !== kept.id), kept];
    return { conversation: kept, user, answer };
  },
  'GET /api/search/suggestions': ({ query }) => ({
    items: [{ text: `${query.q} policy`, from: 'heading', of: 'Policies.pdf' }],
  }),
  'GET /api/search/threads/:id': ({ world, params }) => {
    const conversation = world.conversations.find(({ id }) => id === params.id);
    if (!conversation) throw new MockRefusal('not_found', 'There is no such search.');
    const messages = world.messages.filter(({ conversationId }) => conversationId === params.id);
    return { conversation, messages, records: [], share: shares.get(conversation.id) ?? null };
  },
  'PUT /api/search/threads/:id/share': ({ params, body, id, now }) => {
    const conversationId = params.id ?? '';
    const share = { id: id('shr'), conversationId, ownerId: 'per_lin', readers: body.readers, createdAt: now() };
    shares.set(conversationId, share);
    return share;
  },
  'DELETE /api/search/threads/:id/share': ({ params }) => {
    shares.delete(params.id ?? '');
    return { ok: true };
  },
  'GET /api/search/shared/:id': () => {
    throw new MockRefusal('not_found', 'There is no such shared search.');
  },
};
