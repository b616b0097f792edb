/** What a newcomer does on the first day: sign in by the link, add a file, ask, see the cost, pull the plug, go on. */
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePdf } from './support/make-pdf.ts';
import { becomeOwner, browserHeaders, call, createKey, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let owner: Session;
let key: string;

beforeAll(async () => {
  node = await startNode();
  owner = await becomeOwner(node);
  key = await createKey(node);
});
afterAll(() => node?.stop());

const policy = makePdf([
  [
    'Refund policy of the store, valid from January 2026.',
    'Goods in their box may be returned within thirty days of delivery.',
  ],
  [
    'Made-to-order goods cannot be returned unless they are faulty.',
    'Opened food is never taken back.',
    'Orders older than ninety days go to a supervisor.',
  ],
]);

interface Sent {
  readonly answer: { readonly id: string };
}

async function ask(
  conversationId: string,
  text: string,
  parentId: string | null = null,
): Promise<{
  text: string;
  citations: { quote: string; page?: number; documentName: string }[];
  runId: string;
  status: string;
}> {
  const headers = browserHeaders(node, owner);
  const sent = await call<Sent>(node, `POST /api/conversations/${conversationId}/messages`, {
    key: null,
    headers,
    body: { parentId, text },
  });
  expect(sent.status).toBe(202);
  const stream = await fetch(`${node.url}/api/messages/${sent.body.answer.id}/stream`, { headers });
  const last = (await stream.text()).split('\n').findLast((line) => line.startsWith('data: {')) as string;
  expect(JSON.parse(last.slice(6))).toMatchObject({ type: 'done' });
  const detail = await call<{ messages: (Awaited<ReturnType<typeof ask>> & { id: string })[] }>(
    node,
    `GET /api/conversations/${conversationId}`,
    { key: null, headers },
  );
  return detail.body.messages.find((message) => message.id === sent.body.answer.id) as Awaited<ReturnType<typeof ask>>;
}

test('the link works once, and its visitor is the owner', async () => {
  const session = await call<{ person: { role: string }; needsCredential: boolean }>(node, 'GET /api/session', {
    key: null,
    headers: { cookie: owner.cookie },
  });
  expect(session.body).toMatchObject({ person: { role: 'owner' }, needsCredential: true });
  const again = await call(node, 'POST /api/setup', {
    key: null,
    body: { token: node.ownerLink?.split('#')[1] },
    headers: { origin: node.url },
  });
  expect(again.status).toBeGreaterThanOrEqual(400);
});

test('a PDF dropped into a conversation is quoted, with its page; what it does not say is not found', async () => {
  const headers = browserHeaders(node, owner);
  const made = await call<{ conversation: { id: string } }>(node, 'POST /api/conversations', {
    key: null,
    headers,
    body: { app: 'assistant' },
  });
  const id = made.body.conversation.id;
  const uploaded = await call<{ id: string; status: string }>(
    node,
    `POST /api/conversations/${id}/files?name=refund-policy.pdf`,
    { key: null, headers: { ...headers, 'content-type': 'application/pdf' }, raw: policy as unknown as BodyInit },
  );
  expect(uploaded.status).toBe(201);
  const answer = await ask(id, 'Can made-to-order goods be returned?');
  expect(answer.status).toBe('ok');
  expect(answer.citations[0]).toMatchObject({
    documentName: 'refund-policy.pdf',
    page: 2,
    quote: expect.stringContaining('Made-to-order goods cannot be returned'),
  });
  expect(answer.text).toContain('Made-to-order goods cannot be returned');
  const unknown = await ask(id, 'Who won the football match on Saturday?', (answer as unknown as { id: string }).id);
  expect(unknown.citations).toEqual([]);
});

test('the same by curl and by the openai package, and the runs show all of them with cost', async () => {
  const library = await call<{ id: string }>(node, 'POST /api/collections', {
    body: { name: 'library:policies', readers: ['everyone'] },
  });
  await call(node, `POST /api/collections/${library.body.id}/documents?name=refund-policy.pdf`, {
    headers: { 'content-type': 'application/pdf' },
    raw: policy as unknown as BodyInit,
  });
  const manifest =
    'kind: App\nname: policy-desk\ndescription: Answers from the policies.\ninstructions: Answer from the policies and cite.\nknowledge: [library:policies]\nexpose: [chat, api]\naccess: {use: [everyone]}\n';
  expect((await call(node, 'POST /api/apps', { body: { source: manifest } })).status).toBe(201);
  expect((await call(node, 'POST /api/apps/policy-desk/publish', { body: {} })).status).toBe(200);
  await expect
    .poll(
      async () =>
        (await call<{ items: { status: string }[] }>(node, `GET /api/collections/${library.body.id}/documents`)).body
          .items[0]?.status,
      { timeout: 20_000 },
    )
    .toBe('ready');

  const question = {
    model: 'app:policy-desk',
    messages: [{ role: 'user' as const, content: 'When does an order go to a supervisor?' }],
  };
  const byCurl = await call<{
    choices: { message: { content: string } }[];
    myriad: { citations: unknown[]; run_id: string };
  }>(node, 'POST /v1/chat/completions', { key, body: question });
  expect(byCurl.status).toBe(200);
  expect(byCurl.body.choices[0]?.message.content).toContain('Orders older than ninety days go to a supervisor');
  expect(byCurl.body.myriad.citations).toHaveLength(1);

  const client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: key });
  const models = (await client.models.list()).data.map(({ id }) => id);
  expect(models).toEqual(expect.arrayContaining(['myriad/extract-1', 'app:assistant', 'app:policy-desk']));
  let streamed = '';
  let usage: OpenAI.CompletionUsage | null | undefined;
  for await (const chunk of await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    streamed += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
  }
  expect(streamed).toBe(byCurl.body.choices[0]?.message.content);
  expect(usage?.total_tokens).toBeGreaterThan(0);

  const runs = await call<{ items: { surface: string; costMicros: number; appName: string; status: string }[] }>(
    node,
    'GET /api/runs',
  );
  expect(runs.body.items.filter(({ surface }) => surface === 'openai')).toHaveLength(2);
  expect(runs.body.items.filter(({ surface }) => surface === 'page').length).toBeGreaterThanOrEqual(2);
  expect(runs.body.items.every(({ costMicros, status }) => costMicros === 0 && status === 'ok')).toBe(true);
});

test('after kill −9 nothing is lost: runs, files, session and key', async () => {
  const before = await call<{ items: { id: string }[] }>(node, 'GET /api/runs');
  await node.kill();
  node = await startNode({ data: node.data });
  const after = await call<{ items: { id: string }[] }>(node, 'GET /api/runs');
  expect(after.body.items.map(({ id }) => id)).toEqual(before.body.items.map(({ id }) => id));
  const answer = await call<{ choices: { message: { content: string } }[] }>(node, 'POST /v1/chat/completions', {
    key,
    body: { model: 'app:policy-desk', messages: [{ role: 'user', content: 'Is opened food taken back?' }] },
  });
  expect(answer.body.choices[0]?.message.content).toContain('Opened food is never taken back');
  const session = await call<{ person: { id: string } }>(node, 'GET /api/session', {
    key: null,
    headers: { cookie: owner.cookie },
  });
  expect(session.body.person.id).toBe(owner.personId);
});

test('until a password is set, each start prints a new link for the same owner; then none', async () => {
  expect(node.ownerLink).not.toBeNull();
  const again = await becomeOwner(node);
  expect(again.personId).toBe(owner.personId);
  const changed = await call(node, 'PATCH /api/me', {
    key: null,
    headers: browserHeaders(node, again),
    body: { name: 'Lin', email: 'lin@example.org', password: 'correct horse battery' },
  });
  expect(changed.status).toBe(200);
  await node.stop();
  node = await startNode({ data: node.data });
  expect(node.ownerLink).toBeNull();
  const signedIn = await call<{ person: { id: string } }>(node, 'POST /api/sign-in', {
    key: null,
    headers: { origin: node.url },
    body: { email: 'lin@example.org', password: 'correct horse battery' },
  });
  expect(signedIn.body.person.id).toBe(owner.personId);
});

test('SIGTERM ends it cleanly, with exit code 0', async () => {
  expect(await node.stop()).toBe(0);
});
