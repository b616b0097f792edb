/** What a policy lets in and out, on every dialect, streamed and plain, with a real node and a server that leaks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import type { RunRecord } from '@myriad/contracts';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let openai: OpenAI;
let anthropic: Anthropic;

const manifest = (name: string, policy: string) =>
  `kind: App\nname: ${name}\ndescription: d\ninstructions: Answer.\nmodel: {capabilities: [generate]}\naccess: {use: [everyone]}\nexpose: [api, chat]\npolicy: ${policy}\n`;
const question = 'I am 13900139000; card 4111 1111 1111 1111; call me back.';
const masked = 'Call [phone 2], mail [email 1], key [api key 1] now.';
const values = /13800138000|13900139000|4111|ann@exam|abcdEFGH/;

const lastSent = () => JSON.stringify(upstream.calls.at(-1)?.body.messages);
async function lastRun(): Promise<RunRecord> {
  const { body } = await call<{ items: { id: string }[] }>(node, 'GET /api/runs?limit=1');
  return (await call<RunRecord>(node, `GET /api/runs/${body.items[0]?.id}`)).body;
}

beforeAll(async () => {
  upstream = await startUpstream();
  const data = emptyFolder();
  // The node's own policy binds base models too.
  writeFileSync(join(data, 'myriad.yaml'), 'policy: {secrets: mask, deny: [project falcon]}\n');
  node = await startNode({ data });
  await attachModels(node, upstream, ['leaky']);
  for (const [name, policy] of [
    ['masking', '{pii: mask}'],
    ['blocking', '{pii: block}'],
    ['open', '{}'],
  ] as const) {
    const created = await call(node, 'POST /api/apps', { body: { source: manifest(name, policy) } });
    expect(created.status, JSON.stringify(created.body)).toBeLessThan(300);
    expect((await call(node, `POST /api/apps/${name}/publish`, { body: {} })).status).toBe(200);
  }
  const key = await createKey(node);
  openai = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: node.url, apiKey: key, maxRetries: 0 });
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

async function chatText(model: string, content: string): Promise<{ text: string; error: unknown }> {
  let text = '';
  try {
    const stream = await openai.chat.completions.create({ model, stream: true, messages: [{ role: 'user', content }] });
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
    return { text, error: null };
  } catch (error) {
    return { text, error };
  }
}

describe('mask', () => {
  test('chat, streamed: values cut over pieces read as their masks, and the model saw masks', async () => {
    expect(await chatText('app:masking', question)).toEqual({ text: masked, error: null });
    expect(lastSent()).toContain('I am [phone 1]; card [card number 1]; call me back.');
    const run = await lastRun();
    expect(run.steps.filter(({ kind }) => kind === 'policy').map(({ name, detail }) => [name, detail])).toEqual([
      ['input policy', { phone: 1, 'card number': 1 }],
      ['output policy', { phone: 1, email: 1, 'api key': 1 }],
    ]);
    expect(JSON.stringify(run)).not.toMatch(values);
  });

  test('chat, plain; responses; messages, streamed and plain', async () => {
    const plain = await openai.chat.completions.create({
      model: 'app:masking',
      messages: [{ role: 'user', content: question }],
    });
    expect(plain.choices[0]?.message.content).toBe(masked);
    const response = await openai.responses.create({ model: 'app:masking', input: question });
    expect(response.output_text).toBe(masked);
    const ask = { model: 'app:masking', max_tokens: 100, messages: [{ role: 'user' as const, content: question }] };
    const message = await anthropic.messages.create(ask);
    expect(message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(masked);
    expect(await anthropic.messages.stream(ask).finalText()).toBe(masked);
  });

  test('the node’s own policy binds base models and apps that say nothing', async () => {
    const direct = await chatText('leaky', 'my key is sk-proj-zzzzZZZZ1234567890, phone 13900139000');
    expect(direct).toEqual({ text: 'Call 13800138000, mail ann@example.com, key [api key 2] now.', error: null });
    expect(lastSent()).toContain('[api key 1], phone 13900139000');
    expect((await chatText('app:open', 'Hi.')).text).toBe(
      'Call 13800138000, mail ann@example.com, key [api key 1] now.',
    );
    const embedding = await call(node, 'POST /v1/embeddings', { body: { model: 'leaky', input: 'Project Falcon' } });
    expect([embedding.status, (embedding.body as { error: { code: string } }).error.code]).toEqual([
      403,
      'policy_blocked',
    ]);
  });
});

describe('block', () => {
  test('input is refused with 403 in each dialect before a model is called, streamed or plain', async () => {
    const before = upstream.calls.length;
    for (const stream of [false, true]) {
      const chat = await call(node, 'POST /v1/chat/completions', {
        body: { model: 'app:blocking', stream, messages: [{ role: 'user', content: question }] },
      });
      expect(chat.status).toBe(403);
      expect(chat.body).toMatchObject({ error: { type: 'permission_error', code: 'policy_blocked' } });
      const responses = await call(node, 'POST /v1/responses', {
        body: { model: 'app:blocking', stream, input: question },
      });
      expect(JSON.stringify(responses.body)).toContain('policy_blocked');
      const messages = await call(node, 'POST /v1/messages', {
        body: { model: 'app:blocking', stream, max_tokens: 9, messages: [{ role: 'user', content: question }] },
      });
      expect(messages.status).toBe(403);
      expect(messages.body).toMatchObject({ type: 'error', error: { type: 'permission_error' } });
      expect(JSON.stringify([chat.body, responses.body, messages.body])).not.toMatch(values);
    }
    expect(upstream.calls.length).toBe(before);
    expect(await lastRun()).toMatchObject({ status: 'refused', errorCode: 'policy_blocked', pricedMicros: 0 });
  });

  test('output ends the stream with the dialect’s error; none of the value was told, and upstream is cancelled', async () => {
    const { text, error } = await chatText('app:blocking', 'Whom do I call?');
    expect(text).toBe('Call ');
    expect(error).toMatchObject({ code: 'policy_blocked' });
    const run = await lastRun();
    expect(run).toMatchObject({ status: 'refused', errorCode: 'policy_blocked' });
    expect(run.steps).toContainEqual(
      expect.objectContaining({ kind: 'policy', name: 'output policy', ok: false, detail: { code: 'policy_blocked' } }),
    );
    await expect.poll(() => upstream.calls.at(-1)?.abortedAt ?? null, { timeout: 10_000 }).not.toBeNull();
    const stream = anthropic.messages.stream({
      model: 'app:blocking',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Whom do I call?' }],
    });
    await expect(stream.finalText()).rejects.toThrow(/policy|phone/);
    const denied = await chatText('leaky', 'Tell me of PROJECT  Falcon');
    expect(denied.error).toMatchObject({ status: 403, code: 'policy_blocked' });
  });
});
