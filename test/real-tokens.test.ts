/** With an OpenAI-compatible server attached, real tokens stream through, and its usage and price are in the ledger. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, type UpstreamCall, upstreamUsage, upstreamWords } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let client: OpenAI;
const price = {
  currency: 'USD',
  inputMicrosPerMillion: 3_000_000,
  outputMicrosPerMillion: 15_000_000,
  source: 'test',
  date: '2026-01-01',
};
const costMicros = upstreamUsage.prompt_tokens * 3 + upstreamUsage.completion_tokens * 15;

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly costMicros: number | null;
  readonly usage: { inputTokens: number; outputTokens: number; source: string };
  readonly calls: readonly { status: string; attempt: number; because: string }[];
}

async function attach(name: string, more: object = {}): Promise<void> {
  const answer = await call(node, 'POST /api/models', {
    body: {
      provider: 'vllm',
      model: name,
      name,
      baseUrl: `${upstream.url}/v1`,
      capabilities: ['chat', 'generate', 'tools', 'json'],
      key: 'sk-upstream-secret',
      price,
      ...more,
    },
  });
  expect(answer.status).toBe(201);
}

const lastRun = async (): Promise<RunRow> => {
  const { body } = await call<{ items: RunRow[] }>(node, 'GET /api/runs?limit=1');
  return body.items[0] as RunRow;
};
const question = (model: string) => ({ model, messages: [{ role: 'user' as const, content: 'Say something.' }] });

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  const key = await createKey(node);
  client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: key, maxRetries: 0 });
  for (const model of [
    'scripted',
    'lying',
    'silent',
    'slow',
    'cut',
    'error-in-stream',
    'nonsense',
    'wrong-key',
    'too-many',
    'broken',
  ])
    await attach(model);
  await attach('gone', { baseUrl: 'http://127.0.0.1:9/v1' });
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

describe('what works', () => {
  test('plain: the text, the usage and the cost to the micro', async () => {
    const completion = await client.chat.completions.create(question('scripted'));
    expect(completion.choices[0]?.message.content).toBe(upstreamWords.join(''));
    expect(completion.usage).toMatchObject(upstreamUsage);
    expect(await lastRun()).toMatchObject({
      status: 'ok',
      costMicros,
      usage: { inputTokens: 11, outputTokens: 6, source: 'reported' },
    });
  });

  test('streamed: tokens one by one, usage only for who asked, the same cost', async () => {
    const pieces: string[] = [];
    for await (const chunk of await client.chat.completions.create({ ...question('scripted'), stream: true })) {
      if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content);
      expect(chunk.usage ?? null).toBeNull();
    }
    expect(pieces).toEqual(upstreamWords);
    expect(await lastRun()).toMatchObject({ status: 'ok', costMicros });
  });

  test('an app that asks for a capability is served by it, and the chat page streams the same tokens', async () => {
    const source =
      'kind: App\nname: writer\ndescription: Writes.\ninstructions: Write.\nmodel: {capabilities: [generate]}\naccess: {use: [everyone]}\nexpose: [chat, api]\n';
    await call(node, 'POST /api/apps', { body: { source } });
    await call(node, 'POST /api/apps/writer/publish', { body: {} });
    for (const model of [
      'lying',
      'silent',
      'slow',
      'cut',
      'error-in-stream',
      'nonsense',
      'wrong-key',
      'too-many',
      'broken',
      'gone',
    ])
      await setEnabled(model, false);
    const completion = await client.chat.completions.create(question('app:writer'));
    expect(completion.choices[0]?.message.content).toBe(upstreamWords.join(''));
    expect((upstream.calls.at(-1) as UpstreamCall).body.messages).toEqual(
      expect.arrayContaining([expect.objectContaining({ role: 'system', content: expect.stringContaining('Write.') })]),
    );
    for (const model of [
      'lying',
      'silent',
      'slow',
      'cut',
      'error-in-stream',
      'nonsense',
      'wrong-key',
      'too-many',
      'broken',
      'gone',
    ])
      await setEnabled(model, true);
  });

  test('the key reaches the server and nobody else: no answer, no log, no data file holds it', async () => {
    expect(upstream.calls.at(-1)?.headers.authorization).toBe('Bearer sk-upstream-secret');
    const models = await call(node, 'GET /api/models');
    expect(JSON.stringify(models.body)).not.toContain('sk-upstream-secret');
    expect(node.errors()).not.toContain('sk-upstream-secret');
    const { readFileSync, readdirSync } = await import('node:fs');
    for (const file of readdirSync(node.data, { recursive: true, withFileTypes: true })) {
      if (file.isFile())
        expect(readFileSync(`${file.parentPath}/${file.name}`).includes('sk-upstream-secret'), file.name).toBe(false);
    }
  });
});

async function setEnabled(name: string, enabled: boolean): Promise<void> {
  const { body } = await call<{ models: { endpoint: { id: string; name: string } }[] }>(node, 'GET /api/models');
  const id = body.models.find(({ endpoint }) => endpoint.name === name)?.endpoint.id;
  await call(node, `PATCH /api/models/${id}`, { body: { enabled } });
}

describe('a server that misbehaves', () => {
  const failing = async (
    model: string,
    stream: boolean,
  ): Promise<{ status: number | undefined; code: string | null | undefined; text: string }> => {
    let text = '';
    try {
      if (!stream) text = (await client.chat.completions.create(question(model))).choices[0]?.message.content ?? '';
      else
        for await (const chunk of await client.chat.completions.create({ ...question(model), stream: true }))
          text += chunk.choices[0]?.delta.content ?? '';
    } catch (error) {
      const failure = error as InstanceType<typeof OpenAI.APIError>;
      return { status: failure.status, code: failure.code, text };
    }
    return { status: 200, code: null, text };
  };

  test.each([
    ['gone', 502, 'upstream_unavailable'],
    ['wrong-key', 502, 'upstream_auth'],
    ['too-many', 429, 'upstream_rate_limited'],
    ['broken', 502, 'upstream_error'],
    ['nonsense', 502, 'upstream_protocol'],
  ])('%s: answered %i %s before any byte, and booked as an error', async (model, status, code) => {
    for (const stream of [false, true]) {
      if (model === 'nonsense' && stream) continue;
      expect(await failing(model, stream)).toMatchObject({ status, code });
      expect(await lastRun()).toMatchObject({ status: 'error', errorCode: code, costMicros: 0 });
    }
  });

  test('a server that asks for 7 seconds: the caller is told so at once, not kept waiting', async () => {
    const begun = performance.now();
    const answer = await fetch(`${node.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(question('too-many')),
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test('cut in the middle: what came is shown, an error frame follows, no [DONE], billed once', async () => {
    const cut = await failing('cut', true);
    expect(cut).toMatchObject({ code: 'upstream_cut', text: 'Half an ' });
    const run = await lastRun();
    expect(run).toMatchObject({ status: 'error', errorCode: 'upstream_cut' });
    expect(run.usage.outputTokens).toBeGreaterThan(0);
    expect(run.costMicros).toBeGreaterThan(0);
    expect(await failing('cut', false)).toMatchObject({ status: 502, code: 'upstream_cut' });
  });

  test('an error inside a 200 stream is an error', async () => {
    expect(await failing('error-in-stream', true)).toMatchObject({ text: 'Half ', code: 'upstream_error' });
    expect(await lastRun()).toMatchObject({ status: 'error' });
  });

  test('lying about usage: the books hold an estimate, and say so', async () => {
    expect(await failing('lying', true)).toMatchObject({ status: 200 });
    const run = await lastRun();
    expect(run.usage.source).toBe('estimated');
    expect(run.usage.outputTokens).toBeGreaterThan(0);
    expect(run.usage.outputTokens).toBeLessThan(1000);
  });

  test('saying nothing about usage: estimated', async () => {
    expect(await failing('silent', true)).toMatchObject({ status: 200 });
    expect((await lastRun()).usage).toMatchObject({ source: 'estimated' });
  });

  test('"test" of a model says in words what failed', async () => {
    const { body } = await call<{ models: { endpoint: { id: string; name: string } }[] }>(node, 'GET /api/models');
    const id = body.models.find(({ endpoint }) => endpoint.name === 'wrong-key')?.endpoint.id;
    const tested = await call<{ ok: boolean; code: string; message: string }>(node, `POST /api/models/${id}/test`);
    expect(tested.body).toMatchObject({ ok: false, code: 'upstream_auth' });
    expect(tested.body.message.length).toBeGreaterThan(20);
  });
});

describe('a caller who goes away', () => {
  test.each([true, false])('the server is told within 50 ms, and the run is booked (streamed: %s)', async (stream) => {
    const abort = new AbortController();
    const begun = client.chat.completions.create(
      { ...question('slow'), stream } as Parameters<typeof client.chat.completions.create>[0],
      { signal: abort.signal },
    );
    if (stream) {
      const iterator = ((await begun) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      for (let at = 0; at < 4; at += 1) await iterator.next();
    } else {
      begun.catch(() => {});
      await expect.poll(() => upstream.calls.at(-1)?.model).toBe('slow');
      await new Promise((wake) => setTimeout(wake, 100));
    }
    const upstreamCall = upstream.calls.at(-1) as UpstreamCall;
    const abortedAt = Date.now();
    abort.abort();
    await expect.poll(() => upstreamCall.abortedAt, { interval: 5 }).not.toBeNull();
    expect((upstreamCall.abortedAt as number) - abortedAt).toBeLessThanOrEqual(50);
    await expect.poll(async () => (await lastRun()).status, { timeout: 5_000 }).toBe('aborted');
  });
});

test('SIGTERM lets a stream in flight end or stops it after the limit; it is settled either way', async () => {
  const data = emptyFolder();
  const own = await startNode({ data, environment: { MYRIAD_LIMITS_SHUTDOWN_MS: '500' } });
  const key = await createKey(own);
  await call(own, 'POST /api/models', {
    body: {
      provider: 'vllm',
      model: 'slow',
      name: 'slow',
      baseUrl: `${upstream.url}/v1`,
      capabilities: ['chat', 'generate'],
      price,
    },
  });
  const response = await fetch(`${own.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...question('slow'), stream: true }),
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const begun = performance.now();
  expect(await own.stop()).toBe(0);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(450);
  const again = await startNode({ data });
  const { body } = await call<{ items: RunRow[] }>(again, 'GET /api/runs');
  expect(body.items).toHaveLength(1);
  expect(body.items[0]?.status).not.toBe('lost');
  await again.stop();
});
