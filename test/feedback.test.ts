/** What people say of an answer reaches the keepers of the app and the demand map, masked, and nobody else. */
import type { ConversationDetail, DemandAnswer, FeedbackAnswer, Problem, SentMessage } from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptInvite, becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let owner: Session;
let member: Session;

beforeAll(async () => {
  node = await startNode();
  owner = await becomeOwner(node);
  const headers = browserHeaders(node, owner);
  const invite = await call<{ link: string }>(node, 'POST /api/invites', {
    key: null,
    headers,
    body: { role: 'member' },
  });
  member = await acceptInvite(node, invite.body.link, {
    ...{ name: 'Asker', email: 'asker@example.org', password: 'a long enough password' },
  });
});
afterAll(() => node?.stop());

const as = <T>(session: Session, route: string, body?: unknown) =>
  call<T>(node, route, { key: null, headers: browserHeaders(node, session), ...(body === undefined ? {} : { body }) });

/** Asks in a conversation and waits for the answer to be whole. */
async function ask(conversation: string, parentId: string | null, text: string) {
  const path = `POST /api/conversations/${conversation}/messages`;
  const { body } = await as<SentMessage>(member, path, { parentId, text });
  await fetch(`${node.url}/api/messages/${body.answer.id}/stream`, { headers: browserHeaders(node, member) }).then(
    (response) => response.text(),
  );
  return body;
}
const newConversation = async () =>
  (await as<ConversationDetail>(member, 'POST /api/conversations', { app: 'assistant' })).body.conversation.id;
const seen = async () => (await as<FeedbackAnswer>(owner, 'GET /api/apps/assistant/feedback')).body;

test('a rating, a comment and a better answer come to the keepers of the app, without who spoke and masked', async () => {
  const { answer } = await ask(await newConversation(), null, 'When does li.lei@example.org get the refund?');
  const give = (body: object) => as<Problem>(member, `POST /api/messages/${answer.id}/feedback`, body);
  for (const comment of ['short', 'x'.repeat(501)]) {
    const refused = await give({ rating: 'down', comment });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('6 to 500 characters')]);
  }
  expect((await give({ rating: 'down', comment: '  6 sign  ' })).status).toBe(200);
  expect((await give({ rating: 'down', comment: 'Call 138 1234 5678', correction: 'After three days.' })).status).toBe(
    200,
  );
  expect(await seen()).toMatchObject({
    ...{ up: 0, down: 1, corrections: 1 },
    items: [
      {
        ...{ rating: 'down', comment: 'Call [number]', correction: 'After three days.' },
        question: 'When does [e-mail] get the refund?',
      },
    ],
  });
  expect(JSON.stringify(await seen())).not.toContain(member.personId);
  const conversation = await as<ConversationDetail>(member, `GET /api/conversations/${answer.conversationId}`);
  expect(conversation.body.messages.at(-1)?.feedback).toEqual({
    ...{ rating: 'down', comment: 'Call 138 1234 5678', correction: 'After three days.' },
  });
  expect((await as(member, 'GET /api/apps/assistant/feedback')).status).toBe(404);
  expect((await give({ rating: null })).status).toBe(200);
  expect(await seen()).toMatchObject({ up: 0, down: 0, corrections: 0, items: [] });
});

test('a key speaks of its own runs by their id, of no other, and not without end', async () => {
  const made = await call<{ secret: string }>(node, 'POST /api/keys', { body: { name: 'shop front' } });
  const other = await call<{ secret: string }>(node, 'POST /api/keys', { body: { name: 'another' } });
  const key = made.body.secret;
  const body = { model: 'app:assistant', messages: [{ role: 'user', content: 'Where is my parcel?' }] };
  expect((await call(node, 'POST /v1/chat/completions', { key, body })).status).toBe(200);
  const runs = await call<{ items: { id: string; keyId: string | null; surface: string }[] }>(node, 'GET /api/runs');
  const run = runs.body.items.find(({ keyId }) => keyId !== null);
  const give = (by: string, said: object) =>
    call<Problem>(node, `POST /api/runs/${run?.id}/feedback`, { key: by, body: said });
  const said = { rating: 'down', comment: 'It does not know parcels.', question: 'Where is my parcel 6222 0212 3456?' };
  expect((await give(key, said)).status).toBe(200);
  expect((await give(other.body.secret, said)).status).toBe(404);
  expect(await seen()).toMatchObject({
    down: 1,
    items: [{ runId: run?.id, question: 'Where is my parcel [number]?' }],
  });
  const { body: demand } = await as<DemandAnswer>(owner, 'GET /api/cockpit/demand');
  const cluster = demand.clusters.find(({ title }) => title.includes('parcel'));
  expect(cluster).toMatchObject({ title: 'Where is my parcel [number]?', reasons: { thumbsDown: 1 } });
  let last = await give(key, said);
  for (let sent = 0; sent < 30 && last.status === 200; sent += 1) last = await give(key, said);
  expect([last.status, last.body.code]).toEqual([429, 'rate_limited']);
  // A thumb alone is always heard.
  expect((await give(key, { rating: 'up' })).status).toBe(200);
});

test('what was asked again in other words comes to the demand map; a new question does not', async () => {
  const conversation = await newConversation();
  const first = await ask(conversation, null, 'Tell me about the zephyr holiday allowance');
  const second = await ask(conversation, first.answer.id, 'zephyr allowance for holiday please');
  await ask(conversation, second.answer.id, 'Thanks, and what is the weather?');
  const edited = await newConversation();
  await ask(edited, null, 'How do I book the quokka room');
  await ask(edited, null, 'Booking a meeting place');
  const { clusters } = (await as<DemandAnswer>(owner, 'GET /api/cockpit/demand')).body;
  const of = (word: string) => clusters.find(({ examples }) => examples.some(({ text }) => text.includes(word)));
  expect(of('zephyr')).toBeDefined();
  expect(of('quokka')).toBeDefined();
});
