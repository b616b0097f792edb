/** Files and batches, driven by the official `openai` client against a real node and a server that counts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { becomeOwner, browserHeaders, call, createForeignKey, type Session } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';

type Json = Record<string, unknown>;
interface Line {
  readonly custom_id: string;
  readonly response: { readonly status_code: number; readonly body: Json } | null;
  readonly error: { readonly code: string } | null;
}
interface Run {
  readonly id: string;
  readonly status: string;
  readonly costMicros: number | null;
  readonly keyId: string;
  readonly model: string | null;
}

const usage = { prompt_tokens: 11, completion_tokens: 6, total_tokens: 17 };
/** Half of 11 × 3 + 6 × 15 micros, rounded up. */
const halfPriceMicros = 62;
const data = emptyFolder();
let node: RunningNode;
let url: string;
let secret: string;
let keyId: string;
let owner: Session;
/** Chat calls that wait until they are let go, by a word of their question. */
let held: (() => void)[] = [];
let isHolding = false;
let asked: string[] = [];

const upstream = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url?.endsWith('/models')) return json({ object: 'list', data: [] });
    const body = JSON.parse(Buffer.concat(parts).toString()) as Json;
    if (request.url?.endsWith('/embeddings')) {
      const inputs = body.input as string[];
      return json({
        object: 'list',
        data: inputs.map((_, index) => ({ object: 'embedding', index, embedding: [0.25, 0.5] })),
        usage: { prompt_tokens: 4, total_tokens: 4 },
      });
    }
    const question = String((body.messages as { content: string }[]).at(-1)?.content);
    asked.push(question);
    const message = { role: 'assistant', content: `You said ${question}` };
    const answer = () =>
      json({ id: 'c', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage });
    if (isHolding) held.push(answer);
    else setTimeout(answer, 20);
  });
});

const clientOf = (key: string, at = node) => new OpenAI({ apiKey: key, baseURL: `${at.url}/v1`, maxRetries: 0 });
const chatLine = (id: string, text = id, model = 'scripted', more: Json = {}) => ({
  custom_id: id,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model, messages: [{ role: 'user', content: text }], ...more },
});
const jsonl = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function upload(client: OpenAI, text: string) {
  return client.files.create({ purpose: 'batch', file: await toFile(Buffer.from(text), 'input.jsonl') });
}

async function startBatch(
  client: OpenAI,
  lines: readonly object[],
  endpoint: OpenAI.BatchCreateParams['endpoint'] = '/v1/chat/completions',
) {
  const file = await upload(client, jsonl(lines));
  return client.batches.create({ input_file_id: file.id, endpoint, completion_window: '24h' });
}

const ended = ['completed', 'failed', 'expired', 'cancelled'];
async function untilEnded(id: string, key = secret) {
  return vi.waitUntil(
    async () => {
      const batch = await clientOf(key).batches.retrieve(id);
      return ended.includes(batch.status) ? batch : null;
    },
    { timeout: 90_000, interval: 100 },
  );
}

async function linesOf(fileId: string | null | undefined, key = secret): Promise<Line[]> {
  if (!fileId) return [];
  const text = await (await clientOf(key).files.content(fileId)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

async function runsOf(key: string): Promise<Run[]> {
  const { body } = await call<{ items: Run[] }>(node, 'GET /api/runs?limit=500');
  return body.items.filter((run) => run.keyId === key);
}

/** A key of the node's owner; what is made with it is the owner's. */
async function makeKey(name: string): Promise<{ id: string; secret: string }> {
  const headers = browserHeaders(node, owner);
  const made = await call<{ key: { id: string }; secret: string }>(node, 'POST /api/keys', {
    key: null,
    headers,
    body: { name },
  });
  return { id: made.body.key.id, secret: made.body.secret };
}

const start = () => startNode({ data, environment: { MYRIAD_BATCH_PARALLEL: '4', MYRIAD_LIMITS_SHUTDOWN_MS: '200' } });

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  node = await start();
  owner = await becomeOwner(node);
  await attachModels(node, { url }, ['scripted']);
  await attachModels(node, { url }, ['vectors'], { capabilities: ['embed'] });
  ({ id: keyId, secret } = await makeKey('batches'));
});
afterAll(async () => {
  await node?.stop();
  upstream.closeAllConnections();
  upstream.close();
});

test('a batch of chats: uploaded, run, counted, and booked at half the price', async () => {
  const client = clientOf(secret);
  const text = jsonl([chatLine('one'), chatLine('二', '你好'), chatLine('three')]);
  const file = await upload(client, text);
  expect(file).toMatchObject({
    object: 'file',
    filename: 'input.jsonl',
    purpose: 'batch',
    bytes: Buffer.byteLength(text),
  });
  expect(await (await client.files.content(file.id)).text()).toBe(text);
  expect((await client.files.retrieve(file.id)).id).toBe(file.id);
  expect((await client.files.list({ purpose: 'batch' })).data.map(({ id }) => id)).toContain(file.id);
  const made = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
    metadata: { night: 'monday' },
  });
  expect(made).toMatchObject({ object: 'batch', input_file_id: file.id, metadata: { night: 'monday' } });
  const batch = await untilEnded(made.id);
  expect(batch).toMatchObject({
    status: 'completed',
    errors: null,
    error_file_id: null,
    request_counts: { total: 3, completed: 3, failed: 0 },
  });
  const lines = await linesOf(batch.output_file_id);
  expect(lines.map(({ custom_id }) => custom_id)).toEqual(['one', '二', 'three']);
  expect(lines[1]?.response).toMatchObject({
    status_code: 200,
    body: {
      object: 'chat.completion',
      choices: [{ message: { content: 'You said 你好' }, finish_reason: 'stop' }],
      usage,
      myriad: { cost: { micros: halfPriceMicros, currency: 'USD' } },
    },
  });
  const runs = await runsOf(keyId);
  expect(runs.map(({ status, costMicros }) => [status, costMicros])).toEqual(Array(3).fill(['ok', halfPriceMicros]));
  const direct = await client.chat.completions.create({
    model: 'scripted',
    messages: [{ role: 'user', content: 'now' }],
  });
  expect(direct).toMatchObject({ myriad: { cost: { micros: 123 } } });
  const listed: string[] = [];
  for await (const each of client.batches.list({ limit: 1 })) listed.push(each.id);
  expect(listed).toContain(batch.id);
  expect((await client.files.delete(file.id)).deleted).toBe(true);
  await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
});

test('embeddings and responses run in batches too, and an app by its name', async () => {
  const client = clientOf(secret);
  const headers = browserHeaders(node, owner);
  expect(await call(node, 'POST /api/apps', { key: null, headers, body: { source: appManifest } })).toMatchObject({
    status: 201,
  });
  expect(await call(node, 'POST /api/apps/batch-desk/publish', { key: null, headers, body: {} })).toMatchObject({
    status: 200,
  });
  const [vectors, responses, app] = await Promise.all([
    startBatch(
      client,
      [{ ...chatLine('v'), url: '/v1/embeddings', body: { model: 'vectors', input: ['a', 'b'] } }],
      '/v1/embeddings' as never,
    ),
    startBatch(
      client,
      [{ ...chatLine('r'), url: '/v1/responses', body: { model: 'scripted', input: 'hello' } }],
      '/v1/responses' as never,
    ),
    startBatch(client, [chatLine('a', 'to the app', 'app:batch-desk')]),
  ]);
  const first = async (id: string) => (await linesOf((await untilEnded(id)).output_file_id))[0]?.response?.body as Json;
  expect(await first(vectors.id)).toMatchObject({
    data: [{ embedding: [0.25, 0.5] }, { index: 1 }],
    usage: { total_tokens: 4 },
  });
  const response = await first(responses.id);
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    usage: { input_tokens: 11, output_tokens: 6 },
  });
  const next = await client.responses.create({
    model: 'scripted',
    input: 'and?',
    previous_response_id: String(response.id),
  });
  expect(next.status).toBe('completed');
  expect(await first(app.id)).toMatchObject({
    choices: [{ message: { content: 'You said to the app' }, finish_reason: 'stop' }],
    usage,
    myriad: { app: 'batch-desk', cost: { micros: halfPriceMicros } },
  });
});

test('what a budget or a model refuses lands in the error file, beside what went well', async () => {
  const poor = await makeKey('poor');
  // Each line may cost 5,000 × 15 µ$ × ½ and a little; one of them fits at a time, and what it leaves fits another.
  await call(node, `PUT /api/budgets/${encodeURIComponent(`key:${poor.id}`)}`, {
    body: { limitMicros: 40_000, currency: 'USD', period: 'day', onExceed: 'refuse' },
  });
  const batch = await startBatch(clientOf(poor.secret), [
    chatLine('fits', 'x', 'scripted', { max_tokens: 5_000 }),
    chatLine('too dear', 'x', 'scripted', { max_tokens: 50_000 }),
    chatLine('no such model', 'x', 'nowhere'),
    chatLine('streamed', 'x', 'scripted', { stream: true }),
  ]);
  const done = await untilEnded(batch.id, poor.secret);
  expect(done).toMatchObject({ status: 'completed', request_counts: { total: 4, completed: 1, failed: 3 } });
  expect((await linesOf(done.output_file_id, poor.secret)).map(({ custom_id }) => custom_id)).toEqual(['fits']);
  const failures = await linesOf(done.error_file_id, poor.secret);
  expect(
    failures.map(({ custom_id, response }) => [
      custom_id,
      response?.status_code,
      (response?.body.error as Json | undefined)?.code,
    ]),
  ).toEqual([
    ['too dear', 402, 'budget_exhausted'],
    ['no such model', 404, 'model_not_found'],
    ['streamed', 400, 'invalid_request'],
  ]);
});

test('a bad input fails whole, by line, before anything runs; bad requests are refused by field', async () => {
  const client = clientOf(secret);
  asked = [];
  const text = `${JSON.stringify(chatLine('good'))}\nnot json\n\n${JSON.stringify(chatLine('good'))}\n${JSON.stringify({ ...chatLine('far'), url: '/v1/embeddings' })}`;
  const file = await upload(client, text);
  const made = await client.batches.create({
    input_file_id: file.id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  const batch = await untilEnded(made.id);
  expect(batch.status).toBe('failed');
  expect(batch.errors?.data?.map(({ line, code, param }) => [line, code, param ?? null])).toEqual([
    [2, 'malformed_json', null],
    [4, 'invalid_request', 'custom_id'],
    [5, 'invalid_request', 'url'],
  ]);
  expect(asked).toEqual([]);
  const create = (change: Json) =>
    client.batches.create({
      input_file_id: file.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      ...change,
    } as never);
  for (const [change, status, param] of [
    [{ endpoint: '/v1/completions' }, 400, 'endpoint'],
    [{ completion_window: 'soon' }, 400, 'completion_window'],
    [{ metadata: { a: 1 } }, 400, 'metadata'],
    [{ input_file_id: 'file_none' }, 404, 'input_file_id'],
    [{ priority: 'high' }, 400, 'priority'],
  ] as const)
    await expect(create(change)).rejects.toMatchObject({ status, param });
  await expect(
    client.files.create({ purpose: 'assistants', file: await toFile(Buffer.from('x'), 'x') }),
  ).rejects.toMatchObject({
    status: 400,
    param: 'purpose',
  });
});

test('somebody else sees neither files nor batches', async () => {
  const batch = await startBatch(clientOf(secret), [chatLine('mine')]);
  const done = await untilEnded(batch.id);
  const limited = await call<{ secret: string }>(node, 'POST /api/keys', {
    key: null,
    headers: browserHeaders(node, owner),
    body: { name: 'limited', apps: ['app_other'] },
  });
  const mine = String(done.output_file_id);
  // A stranger, the operator of the node, and the owner's own key that is limited to one app.
  for (const key of [await createForeignKey(node, owner), node.operatorToken, limited.body.secret]) {
    const other = clientOf(key);
    expect((await other.files.list()).data).toEqual([]);
    expect((await other.batches.list()).data).toEqual([]);
    for (const attempt of [
      () => other.files.retrieve(mine),
      () => other.files.content(mine),
      () => other.files.delete(mine),
      () => other.batches.retrieve(batch.id),
      () => other.batches.cancel(batch.id),
      () => other.batches.create({ input_file_id: mine, endpoint: '/v1/responses', completion_window: '24h' }),
    ])
      await expect(attempt()).rejects.toMatchObject({ status: 404 });
  }
  const kpi = await call<{ secret: string }>(node, 'POST /api/keys', { body: { name: 'kpi', scopes: ['kpi:write'] } });
  await expect(clientOf(kpi.body.secret).files.list()).rejects.toMatchObject({ status: 403 });
});

test('a cancelled batch ends with what is in flight; each other line says that it was cancelled', async () => {
  const client = clientOf(secret);
  [isHolding, held] = [true, []];
  const batch = await startBatch(
    client,
    Array.from({ length: 12 }, (_, at) => chatLine(`c${at}`)),
  );
  await vi.waitUntil(() => held.length === 4, { timeout: 60_000 });
  await expect(client.files.delete(batch.input_file_id)).rejects.toMatchObject({ status: 409 });
  expect((await client.batches.cancel(batch.id)).status).toBe('cancelling');
  isHolding = false;
  for (const answer of held) answer();
  const done = await untilEnded(batch.id);
  expect(done).toMatchObject({ status: 'cancelled', request_counts: { total: 12, completed: 4, failed: 8 } });
  expect(new Set((await linesOf(done.error_file_id)).map(({ error }) => error?.code))).toEqual(
    new Set(['batch_cancelled']),
  );
  await expect(client.batches.cancel(batch.id)).rejects.toMatchObject({ status: 409 });
});

test('a revoked key ends its batch; its owner still reads what was done', async () => {
  const short = await makeKey('short-lived');
  [isHolding, held] = [true, []];
  const batch = await startBatch(
    clientOf(short.secret),
    Array.from({ length: 9 }, (_, at) => chatLine(`k${at}`)),
  );
  await vi.waitUntil(() => held.length === 4, { timeout: 60_000 });
  await call(node, `DELETE /api/keys/${short.id}`);
  isHolding = false;
  for (const answer of held) answer();
  const done = await untilEnded(batch.id);
  expect(done).toMatchObject({
    status: 'failed',
    errors: { data: [{ code: 'unauthenticated', message: 'The key is revoked.' }] },
    request_counts: { total: 9, completed: 4, failed: 5 },
  });
  expect(await linesOf(done.output_file_id)).toHaveLength(4);
  expect(new Set((await linesOf(done.error_file_id)).map(({ error }) => error?.code))).toEqual(
    new Set(['unauthenticated']),
  );
  expect((await runsOf(short.id)).map(({ status }) => status)).toEqual(Array(4).fill('ok'));
});

test('kill −9 in the middle, three times: every line is answered once and booked at most once', async () => {
  const fresh = await makeKey('killed');
  const total = 60;
  asked = [];
  const { id } = await startBatch(
    clientOf(fresh.secret),
    Array.from({ length: total }, (_, at) => chatLine(`n${at}`)),
  );
  let before = 0;
  for (let life = 1; life <= 3; life += 1) {
    await vi.waitUntil(
      async () => ((await clientOf(fresh.secret).batches.retrieve(id)).request_counts?.completed ?? 0) >= before + 8,
      { timeout: 60_000, interval: 5 },
    );
    before = (await clientOf(fresh.secret).batches.retrieve(id)).request_counts?.completed ?? 0;
    await node.kill();
    node = await start();
    const after = (await clientOf(fresh.secret).batches.retrieve(id)).request_counts?.completed ?? 0;
    expect(after).toBeGreaterThanOrEqual(before);
  }
  const done = await untilEnded(id, fresh.secret);
  expect(done).toMatchObject({ status: 'completed', request_counts: { total, completed: total, failed: 0 } });
  const lines = await linesOf(done.output_file_id, fresh.secret);
  expect(lines.map(({ custom_id }) => custom_id)).toEqual(Array.from({ length: total }, (_, at) => `n${at}`));
  const runs = await runsOf(fresh.id);
  const ok = new Set(runs.filter(({ status }) => status === 'ok').map(({ id: run }) => run));
  const lost = new Set(runs.filter(({ status }) => status === 'lost').map(({ id: run }) => run));
  const named = lines.map(({ response }) => (response?.body.myriad as Json | undefined)?.run_id as string);
  // Each answer names a run of its own; every run that was booked with a cost has its answer in the file.
  expect(new Set(named).size).toBe(total);
  expect([...ok].filter((run) => !named.includes(run))).toEqual([]);
  expect(named.filter((run) => !ok.has(run) && !lost.has(run))).toEqual([]);
  expect(lost.size).toBeLessThanOrEqual(3 * 4);
  for (const run of runs) if (run.status === 'ok') expect(run.costMicros).toBe(halfPriceMicros);
});

const appManifest = `kind: App
name: batch-desk
description: Answers in batches.
instructions: Say it back.
model: {capabilities: [generate]}
expose: [api]
access: {use: [everyone]}
`;
