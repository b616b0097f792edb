/** Search over HTTP: answers with sources, what others may see of them, the web by a source, and search by meaning. */
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SearchThread, SharedSearch, StartedSearch } from '@myriad/contracts';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { acceptInvite, becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let outside: Server;
let owner: Session;
let colleague: Session;
const asked: { url: string; body: string }[] = [];

const read = async (request: IncomingMessage) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

/** Plays SearXNG (docs.searxng.org/dev/search_api) and an OpenAI-compatible server that embeds. */
async function startOutside(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = await read(request);
    asked.push({ url: request.url ?? '', body });
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/search')) {
      const port = (server.address() as AddressInfo).port;
      response.end(
        JSON.stringify({
          query: 'q',
          results: [
            {
              url: `http://127.0.0.1:${port}/lighthouse`,
              title: 'Lighthouse of Kullen',
              content: 'The lighthouse of Kullen was lit in 1900 and reaches 27 nautical miles.',
              engine: 'test',
            },
          ],
        }),
      );
      return;
    }
    const { input = [] } = JSON.parse(body || '{}') as { input?: string | string[] };
    // Two directions: money given back, and everything else.
    const data = [input].flat().map((text, index) => {
      const money = /refund|reimburse|money back|退/i.test(text);
      return { object: 'embedding', index, embedding: money ? [1, 0.05, 0] : [0, 0.1, 1] };
    });
    response.end(JSON.stringify({ object: 'list', data, model: 'm', usage: { prompt_tokens: 3, total_tokens: 3 } }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

const as = <T>(session: Session, route: string, body?: unknown) =>
  call<T>(node, route, { key: null, headers: browserHeaders(node, session), ...(body === undefined ? {} : { body }) });

async function addFile(collectionId: string, name: string, text: string): Promise<void> {
  const headers = { ...browserHeaders(node, owner), 'content-type': 'text/plain' };
  const made = await call<{ id: string }>(node, `POST /api/collections/${collectionId}/documents?name=${name}`, {
    key: null,
    headers,
    raw: text,
  });
  await vi.waitUntil(
    async () => (await as<{ status: string }>(owner, `GET /api/documents/${made.body.id}`)).body.status === 'ready',
    { timeout: 30_000 },
  );
}

async function search(session: Session, body: object): Promise<{ started: StartedSearch; thread: SearchThread }> {
  const { status, body: started } = await as<StartedSearch>(session, 'POST /api/search', body);
  expect(status).toBe(201);
  await fetch(`${node.url}/api/messages/${started.answer.id}/stream`, {
    headers: browserHeaders(node, session),
  }).then((answer) => answer.text());
  const { body: thread } = await as<SearchThread>(session, `GET /api/search/threads/${started.conversation.id}`);
  return { started, thread };
}

beforeAll(async () => {
  outside = await startOutside();
  const port = (outside.address() as AddressInfo).port;
  const data = emptyFolder();
  writeFileSync(join(data, 'myriad.yaml'), `webSearch: {provider: searxng, url: "http://127.0.0.1:${port}"}\n`);
  node = await startNode({ data });
  owner = await becomeOwner(node);
  const invite = await as<{ link: string }>(owner, 'POST /api/invites', { role: 'member' });
  colleague = await acceptInvite(node, invite.body.link, {
    name: 'Colleague',
    email: 'colleague@example.org',
    password: 'a long enough password',
  });
  const open = await as<{ id: string }>(owner, 'POST /api/collections', {
    name: 'library:open',
    readers: ['everyone'],
  });
  const closed = await as<{ id: string }>(owner, 'POST /api/collections', { name: 'library:closed' });
  await addFile(
    open.body.id,
    'leave.md',
    '# Leave\n\n## Annual leave\n\nEvery employee gets 25 days of annual leave.\n',
  );
  await addFile(open.body.id, 'leave-zh.md', '# 年假\n\n每位员工每年有 25 天年假。\n');
  await addFile(closed.body.id, 'pay.md', '# Pay\n\nThe salary of the director is 200,000 euros a year.\n');
});
afterAll(async () => {
  await node?.stop();
  outside?.close();
});

test('an answer is a run of Search with its sources, its steps and its place in the history', async () => {
  const { started, thread } = await search(owner, { question: 'How many days of annual leave does an employee get?' });
  const answer = thread.messages.find(({ id }) => id === started.answer.id);
  expect(answer?.text).toContain('25 days of annual leave');
  expect(answer?.citations[0]).toMatchObject({ number: 1, documentName: 'leave.md' });
  const [record] = thread.records;
  expect(record?.sources.map(({ passage }) => passage.id)).toContain(answer?.citations[0]?.passageId);
  expect(record?.steps.find(({ id }) => id === 'retrieve')?.status).toBe('done');
  expect(record?.report?.method).toBe('lexical');
  const run = await call<{ appName: string; status: string }>(node, `GET /api/runs/${answer?.runId}`);
  expect(run.body).toMatchObject({ appName: 'search', status: 'ok' });
  const history = await as<{ items: { title: string }[] }>(owner, 'GET /api/conversations?app=search');
  expect(history.body.items[0]?.title).toContain('annual leave');
  const chinese = await search(owner, { question: '员工每年有几天年假？', language: 'zh' });
  expect(chinese.thread.messages.at(-1)?.text).toContain('25 天年假');
});

test('filters narrow what is searched, and a collection that is not there is said', async () => {
  const question = 'How many days of annual leave does an employee get?';
  const { thread } = await search(owner, { question, scope: { filter: { kinds: ['pdf'] } } });
  expect(thread.records[0]?.sources).toEqual([]);
  const later = await search(owner, { question, scope: { filter: { from: Date.now() + 86_400_000 } } });
  expect(later.thread.records[0]?.sources).toEqual([]);
  const wrong = await as<{ code: string }>(owner, 'POST /api/search', {
    question,
    scope: { collections: ['library:no'] },
  });
  expect([wrong.status, wrong.body.code]).toEqual([404, 'not_found']);
  const bad = await as<{ code: string; detail: string }>(owner, 'POST /api/search', { question, depth: 'deepest' });
  expect([bad.status, bad.body.code]).toEqual([400, 'invalid_request']);
  expect(bad.body.detail).toContain('depth');
});

test('a collection that one may not read takes no part, and cannot be named', async () => {
  const question = 'What is the salary of the director?';
  const mine = await search(owner, { question });
  expect(mine.thread.messages.at(-1)?.text).toContain('200,000 euros');
  const theirs = await search(colleague, { question });
  expect(JSON.stringify(theirs.thread)).not.toContain('200,000');
  const named = await as(colleague, 'POST /api/search', { question, scope: { collections: ['library:closed'] } });
  expect(named.status).toBe(404);
  const suggested = await as<{ items: { text: string }[] }>(colleague, 'GET /api/search/suggestions?q=pay');
  expect(suggested.body.items).toEqual([]);
  const own = await as<{ items: { text: string; from: string }[] }>(owner, 'GET /api/search/suggestions?q=pay');
  expect(own.body.items).toContainEqual({ text: 'pay.md', from: 'document', of: null });
});

test('a shared search shows a colleague only answers whose every source the colleague may read', async () => {
  const { started } = await search(owner, { question: 'How many days of annual leave does an employee get?' });
  const id = started.conversation.id;
  await search(owner, { question: 'What is the salary of the director?', conversationId: id });
  const before = await as<{ id: string }>(owner, `PUT /api/search/threads/${id}/share`, { readers: ['group:nobody'] });
  const path = `GET /api/search/shared/${before.body.id}`;
  expect((await as(colleague, path)).status).toBe(404);
  await as(owner, `PUT /api/search/threads/${id}/share`, { readers: ['everyone'] });
  const { body } = await as<SharedSearch>(colleague, path);
  expect(body.turns.map(({ question }) => question)).toEqual([
    'How many days of annual leave does an employee get?',
    'What is the salary of the director?',
  ]);
  expect(body.turns[1]?.answer).toBeNull();
  expect(JSON.stringify(body)).not.toContain('200,000');
  await as(owner, `DELETE /api/search/threads/${id}/share`);
  expect((await as(colleague, path)).status).toBe(404);
});

test('the web is asked when wished, marked as such, and pages of the private network are not opened', async () => {
  const question = 'When was the lighthouse of Kullen lit?';
  const without = await search(owner, { question });
  expect(without.thread.records[0]?.sources.filter(({ origin }) => origin === 'web')).toEqual([]);
  asked.length = 0;
  const { thread } = await search(owner, { question, scope: { web: true } });
  const [record] = thread.records;
  const web = record?.sources.find(({ origin }) => origin === 'web');
  expect(web?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/lighthouse$/);
  expect(thread.messages.at(-1)?.text).toContain('lit in 1900');
  expect(record?.steps.find(({ id }) => id === 'read')?.detail).toMatchObject({ opened: 0, failed: 1 });
  // The guard let no request for the page through; only the question left the house.
  expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/search']);
  expect(asked[0]?.url).toContain('format=json');
});

test('with a model that embeds, other words find the passage, and the report says so', async () => {
  const port = (outside.address() as AddressInfo).port;
  const attached = await call(node, 'POST /api/models', {
    body: {
      provider: 'vllm',
      model: 'm',
      name: 'embedder',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      capabilities: ['embed'],
    },
  });
  expect(attached.status).toBe(201);
  const { body: open } = await as<{ items: { id: string }[] }>(owner, 'GET /api/collections?prefix=library:open');
  await addFile(open.items[0]?.id as string, 'shop.md', '# Goods\n\nBuyers are reimbursed within thirty days.\n');
  const found = async () =>
    (
      await as<{ passages: { documentName: string }[]; report: { method: string } }>(
        owner,
        'GET /api/knowledge/search?q=refund&collection=library:open',
      )
    ).body;
  await vi.waitUntil(async () => (await found()).passages[0]?.documentName === 'shop.md', { timeout: 30_000 });
  expect((await found()).report.method).toBe('hybrid');
  const runs = await call<{ items: { appName: string; model: string }[] }>(node, 'GET /api/runs?model=embedder');
  expect(runs.body.items.some(({ appName }) => appName === 'knowledge')).toBe(true);
});
