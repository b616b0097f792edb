import type { ApiRoute, Conversation, ConversationDetail, RunRecord } from '@myriad/contracts';
import { holds, mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';
import { document, message } from './mock-world.ts';

type ChatRoute = Extract<
  ApiRoute,
  `${string} /api/conversations${string}` | `${string} /api/messages/${string}` | `${string} /api/approvals/${string}`
>;

function detailOf({ world, params }: MockCall, id = params.id): ConversationDetail {
  const conversation = world.conversations.find((each) => each.id === id);
  if (!conversation) throw new MockRefusal('not_found', 'This conversation is not here. It may have been deleted.');
  return {
    conversation,
    messages: world.messages.filter(({ conversationId }) => conversationId === id),
    documents: world.documents.filter(({ collectionId }) => collectionId === `col_${id}`),
  };
}

function patch(call: MockCall, id: string, change: Partial<Conversation>): Conversation {
  const { conversation } = detailOf(call, id);
  const after = { ...conversation, ...change };
  call.world.conversations = call.world.conversations.map((each) => (each.id === id ? after : each));
  return after;
}

/** Reads a file as the real node would: queued, then read, then ready or failed with its reason. */
export function takeFile(call: MockCall, collectionId: string) {
  const { world, now, id, query, bytes } = call;
  const name = query.name ?? 'file';
  const made = {
    ...document(id('doc'), collectionId, name, 'queued', { sizeBytes: bytes.length }, now()),
    createdAt: now(),
  };
  world.documents.push(made);
  const set = (change: Partial<typeof made>) => {
    world.documents = world.documents.map((each) => (each.id === made.id ? { ...each, ...change } : each));
  };
  setTimeout(() => set({ status: 'parsing' }), 500);
  setTimeout(
    () =>
      set(
        /scan|\.png$|\.exe$/.test(name)
          ? { status: 'failed', reason: 'There is no text in this file.' }
          : { status: 'ready', passages: 14, pages: name.endsWith('.pdf') ? 6 : null, indexedAt: now() },
      ),
    1_600,
  );
  return made;
}

export const chatRoutes: Pick<MockRoutes, ChatRoute> = {
  'GET /api/conversations': ({ world, query }) => {
    const app = world.apps.find(({ name, id }) => name === query.app || id === query.app);
    const items = world.conversations
      .filter(({ appId, title }) => (!query.app || appId === app?.id) && holds(query.search, title))
      .sort((left, right) => right.updatedAt - left.updatedAt);
    return mockPage(items, query);
  },
  'POST /api/conversations': (call) => {
    const { world, now, id, body } = call;
    const app = world.apps.find(({ name }) => name === body.app);
    const conversation: Conversation = {
      id: id('conv'),
      ownerId: 'per_lin',
      appId: app?.id ?? 'app_assistant',
      title: body.title ?? '',
      activeLeaf: null,
      createdAt: now(),
      updatedAt: now(),
      pinned: false,
    };
    world.conversations.push(conversation);
    return detailOf(call, conversation.id);
  },
  'GET /api/conversations/:id': (call) => detailOf(call),
  'PATCH /api/conversations/:id': (call) => patch(call, call.params.id ?? '', call.body),
  'DELETE /api/conversations/:id': ({ world, params }) => {
    world.conversations = world.conversations.filter(({ id }) => id !== params.id);
    return { ok: true };
  },
  'POST /api/conversations/:id/messages': (call) => {
    const { world, params, body, now, id, streams } = call;
    const { conversation, messages, documents } = detailOf(call);
    if (body.text === 'refuse me')
      throw new MockRefusal('budget_exhausted', 'The budget of Assistant has 0.00 CNY left until midnight.');
    const user =
      body.text === undefined
        ? null
        : message(id('msg'), conversation.id, body.parentId, 'user', body.text, now(), {
            attachments: documents
              .filter((each) => body.attachments?.includes(each.id))
              .map((each) => ({ documentId: each.id, name: each.name })),
          });
    const question = body.text ?? messages.find((each) => each.id === body.parentId)?.text ?? '';
    const answer = message(id('msg'), conversation.id, user?.id ?? body.parentId, 'assistant', '', now() + 1, {
      status: 'streaming',
      costMicros: null,
      currency: null,
      tookMs: null,
    });
    world.messages.push(...(user ? [user] : []), answer);
    patch(call, params.id ?? '', {
      updatedAt: now(),
      activeLeaf: answer.id,
      title: conversation.title || question.slice(0, 40),
    });
    streams.write(answer.id, question, (written, stopped) => {
      const run = {
        ...(world.runs[0] as RunRecord),
        status: stopped ? ('aborted' as const) : ('ok' as const),
        startedAt: answer.createdAt,
        finishedAt: now(),
        costMicros: 6_200,
      };
      world.messages = world.messages.map((each) =>
        each.id === answer.id
          ? {
              ...each,
              ...written,
              status: run.status,
              costMicros: 6_200,
              currency: 'CNY',
              tookMs: now() - answer.createdAt,
            }
          : each,
      );
      return { type: 'done', run, finish: 'stop' };
    });
    return { user, answer };
  },
  'GET /api/messages/:id/stream': ({ params, query, headers, streams }) =>
    streams.read(params.id ?? '', Number(headers.get('last-event-id') ?? query.after ?? 0)) as never,
  'POST /api/messages/:id/stop': ({ params, streams }) => {
    streams.stop(params.id ?? '');
    return { ok: true };
  },
  'POST /api/messages/:id/feedback': ({ world, params, body }) => {
    const before = world.messages.find(({ id }) => id === params.id);
    if (!before) throw new MockRefusal('not_found', 'No such message.');
    const after = {
      ...before,
      feedback: { rating: body.rating, comment: body.comment ?? null, correction: body.correction ?? null },
    };
    world.messages = world.messages.map((each) => (each.id === after.id ? after : each));
    return after;
  },
  'POST /api/approvals/:id': ({ params, body, streams, now }) => {
    streams.decide((params.id ?? '').replace(/^apr_/, ''), body.decision);
    return {
      id: params.id ?? '',
      runId: 'run_1',
      appId: 'app_assistant',
      personId: 'per_lin',
      tool: 'create_refund',
      argumentsJson: '{}',
      createdAt: now(),
      decidedAt: now(),
      decision: body.decision,
    };
  },
  'POST /api/conversations/:id/files': (call) => takeFile(call, `col_${call.params.id}`),
};
