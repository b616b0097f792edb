import {
  type Conversation,
  type ConversationDetail,
  type ConversationMessage,
  type GiveFeedback,
  type KnowledgeDocument,
  MyriadError,
  newId,
  type Subject,
} from '@myriad/contracts';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { feedbackBytes, messageFeedback } from '../chat/give-feedback.ts';
import { askedScope } from '../drive/asked-scope.ts';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import {
  type AdminContext,
  type AdminEnv,
  actorOf,
  callerOf,
  found,
  given,
  needHidden,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';
import { receiveUpload } from './receive-upload.ts';

const title = z.string().trim().min(1).max(200);

/** Conversations: a tree of messages, answers that stream and resume, files that become the conversation's knowledge. */
export function conversationRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { conversations } = house.store;

  const mine = async (
    c: AdminContext,
    id: string,
    action: 'conversation.read' | 'conversation.write',
  ): Promise<{ conversation: Conversation; subject: Subject }> => {
    signedIn(c);
    const conversation = await found(conversations.get(id), 'conversation');
    return {
      conversation,
      subject: needHidden(
        house,
        c,
        action,
        { type: 'conversation', id, ownerId: conversation.ownerId },
        'conversation',
      ),
    };
  };
  const messageOf = async (c: AdminContext, action: 'conversation.read' | 'conversation.write') => {
    signedIn(c);
    const message = await found(conversations.message(c.req.param('id') as string), 'message');
    return { message, ...(await mine(c, message.conversationId, action)) };
  };

  routes.get('/conversations', async (c) => {
    const query = readQuery(
      c,
      pageQuery.extend({ search: z.string().max(200).optional(), app: z.string().max(128).optional() }),
    );
    const ownerId = actorOf(signedIn(c));
    const appId = query.app ? (await findApp(house, query.app)).id : undefined;
    return c.json(await conversations.list({ ...pageOf(query), ownerId, ...given({ search: query.search, appId }) }));
  });
  routes.post('/conversations', async (c) => {
    const subject = signedIn(c);
    const body = await readJson(c, z.strictObject({ app: z.string().max(128), title: title.optional() }), 4096);
    const app = await findApp(house, body.app);
    needHidden(house, c, 'app.use', appObject(app), 'app');
    const now = house.clock.now();
    const conversation: Conversation = {
      id: newId('conv', house.clock, house.random),
      ownerId: actorOf(subject),
      appId: app.id,
      title: body.title ?? '',
      activeLeaf: null,
      createdAt: now,
      updatedAt: now,
      pinned: false,
    };
    await conversations.save(conversation);
    return c.json({ conversation, messages: [], documents: [] } satisfies ConversationDetail, 201);
  });
  routes.get('/conversations/:id', async (c) => {
    const { conversation } = await mine(c, c.req.param('id'), 'conversation.read');
    const messages = (await conversations.messages(conversation.id)).map((message) => house.chats.present(message));
    return c.json({
      conversation,
      messages,
      documents: await documentsOf(house, conversation),
    } satisfies ConversationDetail);
  });
  routes.patch('/conversations/:id', async (c) => {
    const { conversation } = await mine(c, c.req.param('id'), 'conversation.write');
    const change = await readJson(
      c,
      z.strictObject({
        title: title.optional(),
        pinned: z.boolean().optional(),
        activeLeaf: z.string().max(128).optional(),
      }),
      4096,
    );
    const changed = { ...conversation, ...given(change) };
    await conversations.save(changed);
    return c.json(changed);
  });
  routes.delete('/conversations/:id', async (c) => {
    const { conversation } = await mine(c, c.req.param('id'), 'conversation.write');
    for (const message of await conversations.messages(conversation.id)) house.chats.stop(message.id);
    const collection = await house.store.knowledge.collectionByName(collectionName(conversation));
    if (collection) await house.knowledge.deleteCollection(collection.id);
    await conversations.delete(conversation.id);
    return c.json({ ok: true } as const);
  });

  routes.post('/conversations/:id/messages', async (c) => {
    const { conversation, subject } = await mine(c, c.req.param('id'), 'conversation.write');
    const request = await readJson(
      c,
      z.strictObject({
        parentId: z.string().max(128).nullable(),
        text: z.string().trim().min(1).max(1_000_000).optional(),
        attachments: z.array(z.string().max(128)).max(100).optional(),
      }),
      house.config.limits.bodyBytes,
    );
    const app = await findApp(house, conversation.appId);
    needHidden(house, c, 'app.use', appObject(app), 'app');
    const documents = await documentsOf(house, conversation);
    const attachments = (request.attachments ?? []).map((documentId) => {
      const document = documents.find((candidate) => candidate.id === documentId);
      if (!document) throw new MyriadError('not_found', 'An attachment is not a file of this conversation.');
      return { documentId, name: document.name };
    });
    await Promise.all(
      documents
        .filter(({ status }) => status === 'queued' || status === 'parsing')
        .map(({ id }) =>
          house.knowledge.whenIndexed(id, AbortSignal.timeout(house.config.limits.parseMs)).catch(() => null),
        ),
    );
    const own = [...new Set(documents.map(({ collectionId }) => collectionId))];
    const asked = await askedScope(house, conversation.id, subject);
    const collectionIds = [...own, ...(asked?.collectionIds ?? [])];
    // Of a file that is asked only itself is read, and what was added to the conversation.
    const documentIds = asked?.documentIds ? [...asked.documentIds, ...documents.map(({ id }) => id)] : undefined;
    const sent = await house.chats.send({
      conversation,
      app,
      caller: callerOf(house, subject),
      request: { parentId: request.parentId, ...given({ text: request.text }) },
      attachments,
      collectionIds,
      ...given({ documentIds }),
      language: languageOf(c, house),
    });
    return c.json(sent, 202);
  });
  routes.post('/conversations/:id/files', async (c) => {
    const { conversation } = await mine(c, c.req.param('id'), 'conversation.write');
    const collection = await house.knowledge.ensureCollection({
      name: collectionName(conversation),
      ownerId: conversation.ownerId,
      readers: [`person:${conversation.ownerId}`],
    });
    return c.json(await receiveUpload(house, c, collection.id), 201);
  });

  routes.get('/messages/:id/stream', async (c) => {
    const { message } = await messageOf(c, 'conversation.read');
    const after = Number(c.req.query('after') ?? c.req.header('last-event-id') ?? 0) || 0;
    const abort = new AbortController();
    c.header('cache-control', 'no-store');
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => abort.abort());
      const cancelPing = pingEvery(house, () => void stream.write(': keep-alive\n\n'));
      try {
        for await (const { sequence, event } of house.chats.follow(message, after, abort.signal))
          await stream.writeSSE({ id: String(sequence), data: JSON.stringify(event) });
      } finally {
        cancelPing();
      }
    });
  });
  routes.post('/messages/:id/stop', async (c) => {
    const { message } = await messageOf(c, 'conversation.write');
    house.chats.stop(message.id);
    return c.json({ ok: true } as const);
  });
  routes.post('/messages/:id/feedback', async (c) => {
    const { message, conversation } = await messageOf(c, 'conversation.write');
    if (message.role !== 'assistant') throw new MyriadError('invalid_request', 'Only an answer can be rated.');
    const said = await readJson(c, messageFeedback, feedbackBytes);
    const { rating, comment = null, correction = null } = said;
    const asked = message.parentId === null ? null : await conversations.message(message.parentId);
    await house.feedback.give(
      {
        ...{ appId: conversation.appId, runId: message.runId, messageId: message.id, actor: conversation.ownerId },
        question: asked?.text.slice(0, 4_000) ?? null,
      },
      given(said) as GiveFeedback,
    );
    const rated: ConversationMessage = { ...message, feedback: { rating, comment, correction } };
    await conversations.saveMessage(rated);
    return c.json(rated);
  });
  routes.post('/approvals/:id', async (c) => {
    const subject = signedIn(c);
    const approval = house.chats.approvals().find(({ id }) => id === c.req.param('id'));
    if (!approval || approval.personId !== callerOf(house, subject).personId)
      throw new MyriadError('not_found', 'There is no such approval, or it was decided already.');
    const { decision } = await readJson(c, z.strictObject({ decision: z.enum(['approved', 'denied']) }), 1024);
    return c.json(house.chats.decide(approval.id, decision));
  });
  return routes;
}

const collectionName = (conversation: Conversation) => `conversation:${conversation.id}`;

async function documentsOf(house: House, conversation: Conversation): Promise<readonly KnowledgeDocument[]> {
  const collection = await house.store.knowledge.collectionByName(collectionName(conversation));
  return collection ? (await house.store.knowledge.documents({ collectionId: collection.id, limit: 500 })).items : [];
}

function languageOf(c: AdminContext, house: House): 'en' | 'zh' {
  const wanted = c.req.header('accept-language')?.trim().slice(0, 2).toLowerCase();
  return wanted === 'zh' || wanted === 'en' ? wanted : house.config.language;
}

/** Comments keep proxies from closing a quiet stream. */
function pingEvery(house: House, ping: () => void): () => void {
  let cancel = () => {};
  const schedule = () => {
    cancel = house.clock.after(15_000, () => {
      ping();
      schedule();
    });
  };
  schedule();
  return () => cancel();
}
