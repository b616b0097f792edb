/** A node on PostgreSQL does what one on SQLite does: sign-in, publish, ask, cost, restart. */
import { startPostgres } from '@myriad/store/exam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { becomeOwner, browserHeaders, call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';

const server = await startPostgres();
if (!server)
  console.warn('SKIPPED: there is no PostgreSQL binary for this platform; a node on PostgreSQL was not tested.');
let node: RunningNode;
let database: string;

beforeAll(async () => {
  if (!server) return;
  database = await server.freshDatabase();
  node = await startNode({ environment: { MYRIAD_DATABASE: database } });
});
afterAll(async () => {
  await node?.stop();
  await server?.stop();
});

test.skipIf(!server)('from the owner link to a cited answer in the ledger, and again after a restart', async () => {
  const owner = await becomeOwner(node);
  const headers = browserHeaders(node, owner);
  expect(
    (
      await call(node, 'PATCH /api/me', {
        key: null,
        headers,
        body: { name: 'Lin', email: 'lin@example.org', password: 'correct horse battery' },
      })
    ).status,
  ).toBe(200);
  const key = await createKey(node);
  const library = await call<{ id: string }>(node, 'POST /api/collections', {
    body: { name: 'library:travel', readers: ['everyone'] },
  });
  await call(node, `POST /api/collections/${library.body.id}/documents?name=travel.md`, {
    headers: { 'content-type': 'text/markdown' },
    raw: '# 差旅\n\n超过五千元的差旅需要总监批准。\n',
  });
  await call(node, 'POST /api/apps', {
    body: {
      source:
        'kind: App\nname: travel-desk\ndescription: {en: Travel, zh: 差旅}\ninstructions: Cite.\nknowledge: [library:travel]\naccess: {use: [everyone]}\nexpose: [api]\n',
    },
  });
  expect((await call(node, 'POST /api/apps/travel-desk/publish', { body: {} })).status).toBe(200);
  await expect
    .poll(
      async () =>
        (await call<{ items: { status: string }[] }>(node, `GET /api/collections/${library.body.id}/documents`)).body
          .items[0]?.status,
      { timeout: 20_000 },
    )
    .toBe('ready');
  const ask = () =>
    call<{ choices: { message: { content: string } }[] }>(node, 'POST /v1/chat/completions', {
      key,
      body: { model: 'app:travel-desk', messages: [{ role: 'user', content: '超过五千元的差旅由谁批准？' }] },
    });
  expect((await ask()).body.choices[0]?.message.content).toContain('超过五千元的差旅需要总监批准');
  await node.kill();
  node = await startNode({ data: emptyFolder('second'), environment: { MYRIAD_DATABASE: database } });
  expect(node.ownerLink).toBeNull();
  const runs = await call<{ items: { appName: string; status: string }[] }>(node, 'GET /api/runs');
  expect(runs.body.items).toEqual([expect.objectContaining({ appName: 'travel-desk', status: 'ok' })]);
  expect(
    (await call<{ items: { name: string }[] }>(node, 'GET /api/apps?search=差旅')).body.items.map(({ name }) => name),
  ).toContain('travel-desk');
});
