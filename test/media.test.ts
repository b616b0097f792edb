/** Images and speech through the governed path, driven by the official `openai` client. */

import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachModels, testPrice } from './support/attach-models.ts';
import { call, createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

interface Seen {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

let node: RunningNode;
let client: OpenAI;
let url: string;
const seen: Seen[] = [];
/** Answers that the server would go on with for ever. */
let leftOpen = 0;
const spoken = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));

/** Answers as the public reference of each route shows. */
const server = createServer((request, response) => {
  void read(request).then((body) => {
    const path = request.url ?? '';
    seen.push({ path, type: request.headers['content-type'] ?? '', body });
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (body.includes('please fail')) return json({ error: { message: 'on fire', type: 'server_error' } }, 500);
    if (path.endsWith('/audio/speech')) {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(spoken.subarray(0, 1_000));
      if (body.includes('please wait')) {
        response.once('close', () => {
          leftOpen -= 1;
        });
        leftOpen += 1;
        return;
      }
      if (body.includes('please cut')) return setTimeout(() => response.destroy(), 20);
      return setTimeout(() => response.end(spoken.subarray(1_000)), 20);
    }
    if (path.includes('/audio/')) return json({ text: '你好。', usage: { type: 'duration', seconds: 90 } });
    const images = { created: 1, data: [{ b64_json: 'aW1hZ2U=' }, { b64_json: 'aW1hZ2U=' }] };
    return json(
      body.includes('by tokens')
        ? { ...images, usage: { input_tokens: 10, output_tokens: 100, total_tokens: 110 } }
        : images,
    );
  });
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

interface Run {
  readonly status: string;
  readonly costMicros: number | null;
  readonly calls: readonly { readonly media?: object; readonly attempt: number; readonly because: string }[];
}
const lastRun = async (): Promise<Run> => (await call<{ items: Run[] }>(node, 'GET /api/runs')).body.items[0] as Run;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  node = await startNode();
  const key = await createKey(node);
  client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: key, maxRetries: 0 });
  const attach = (name: string, capability: string, price: object | null) =>
    attachModels(node, { url }, [name], { capabilities: [capability], price });
  await attach('draws', 'image', { ...testPrice, perImageMicros: 40_000 });
  await attach('draws-by-tokens', 'image', testPrice);
  await attach('speaks', 'speech', { ...testPrice, charactersMicrosPerMillion: 15_000_000 });
  await attach('hears', 'transcribe', { ...testPrice, perMinuteMicros: 6_000 });
  await attach('free-for-all', 'transcribe', null);
});
afterAll(async () => {
  await node?.stop();
  server.closeAllConnections();
  server.close();
});

test('images, priced by the image: as many as came', async () => {
  const made = await client.images.generate({ model: 'draws', prompt: 'A cat.', n: 3 });
  expect(made.data).toHaveLength(2);
  expect(JSON.parse((seen.at(-1) as Seen).body.toString())).toEqual({ model: 'draws', prompt: 'A cat.', n: 3 });
  expect(await lastRun()).toMatchObject({ status: 'ok', costMicros: 80_000, calls: [{ media: { images: 2 } }] });
});

test('images, priced by tokens, as reported', async () => {
  await client.images.generate({ model: 'draws-by-tokens', prompt: 'A cat, by tokens.' });
  expect(await lastRun()).toMatchObject({ costMicros: 10 * 3 + 100 * 15, calls: [{ media: { images: 2 } }] });
});

test('an image is edited: a form with its files, the model put in', async () => {
  const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 255, 13, 10, 45, 45]);
  await client.images.edit({
    model: 'draws',
    prompt: 'Red.',
    image: await toFile(image, 'a "b".png', { type: 'image/png' }),
  });
  const { path, type, body } = seen.at(-1) as Seen;
  expect([path, type.split(';')[0]]).toEqual(['/v1/images/edits', 'multipart/form-data']);
  expect(body.includes(image)).toBe(true);
  expect(body.toString('latin1')).toMatch(/name="model"\r\n\r\ndraws\r\n/);
});

test('speech, priced by the character, byte for byte', async () => {
  const answer = await client.audio.speech.create({ model: 'speaks', voice: 'alloy', input: '你好，world' });
  expect(answer.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await answer.arrayBuffer()).equals(spoken)).toBe(true);
  expect(await lastRun()).toMatchObject({ costMicros: 8 * 15, calls: [{ media: { characters: 8 } }] });
});

test('speech that is cut is cut here too, and booked once', async () => {
  await expect(
    client.audio.speech
      .create({ model: 'speaks', voice: 'alloy', input: 'please cut' })
      .then((made) => made.arrayBuffer()),
  ).rejects.toThrow();
  await expect.poll(async () => (await lastRun()).status).toBe('error');
  expect((await lastRun()).calls).toHaveLength(1);
});

test('a caller who goes away in the middle cancels the server, and the run is booked as aborted', async () => {
  const leave = new AbortController();
  const answer = await client.audio.speech
    .create(
      { model: 'speaks', voice: 'alloy', input: 'please wait, please wait' },
      { signal: AbortSignal.any([leave.signal, AbortSignal.timeout(2_000)]) },
    )
    .catch(() => null);
  // The first piece is kept back until a second comes, so here nothing had come but the server was at work.
  expect(answer).toBeNull();
  leave.abort();
  await expect.poll(() => leftOpen, { timeout: 10_000 }).toBe(0);
  await expect.poll(async () => (await lastRun()).status, { timeout: 10_000 }).toBe('aborted');
});

test('a transcription, priced by the minute that the server tells', async () => {
  const file = await toFile(Buffer.alloc(500_000, 7), 'speech.mp3', { type: 'audio/mpeg' });
  const { text } = await client.audio.transcriptions.create({ model: 'hears', file, language: 'zh' });
  expect(text).toBe('你好。');
  expect((seen.at(-1) as Seen).body.length).toBeGreaterThan(500_000);
  expect(await lastRun()).toMatchObject({ costMicros: 9_000, calls: [{ media: { seconds: 90 } }] });
  await client.audio.translations.create({ model: 'hears', file });
  expect((seen.at(-1) as Seen).path).toBe('/v1/audio/translations');
});

test('without a price it is unpriced, and not 0', async () => {
  const file = await toFile(Buffer.alloc(1_000), 'speech.mp3');
  await client.audio.transcriptions.create({ model: 'free-for-all', file });
  expect(await lastRun()).toMatchObject({ status: 'ok', costMicros: null });
});

test('a failure is tried again, told in the shape of the dialect, and costs nothing', async () => {
  const before = seen.length;
  const file = await toFile(Buffer.from('please fail'), 'speech.mp3');
  await expect(client.audio.transcriptions.create({ model: 'hears', file })).rejects.toMatchObject({ status: 502 });
  expect(seen.length - before).toBe(3);
  for (const { body } of seen.slice(before)) expect(body.includes('please fail')).toBe(true);
  expect(await lastRun()).toMatchObject({ status: 'error', costMicros: 0 });
});

test('[K29] a budget that cannot carry the worst case refuses before the server is asked', async () => {
  const limit = { limitMicros: 100_000, currency: 'USD', period: 'total', onExceed: 'refuse' };
  await call(node, 'PUT /api/budgets/org', { body: limit });
  const before = seen.length;
  await expect(client.images.generate({ model: 'draws', prompt: 'A cat.', n: 3 })).rejects.toMatchObject({
    status: 402,
    code: 'budget_exhausted',
  });
  expect(seen.length).toBe(before);
  await client.images.generate({ model: 'draws', prompt: 'A cat.', n: 2 });
  await expect(client.images.generate({ model: 'draws', prompt: 'A cat.' })).rejects.toMatchObject({ status: 402 });
  await call(node, 'DELETE /api/budgets/org');
});

test('what cannot be is refused by name, and no file is left behind', async () => {
  const bad = (path: string, body: unknown) => call(node, `POST /v1${path}`, { body });
  expect(await bad('/images/generations', { model: 'draws' })).toMatchObject({
    status: 400,
    body: { error: { param: 'prompt' } },
  });
  expect(await bad('/images/generations', { model: 'draws', prompt: 'x', n: 99 })).toMatchObject({ status: 400 });
  expect(await bad('/images/generations', { model: 'speaks', prompt: 'x' })).toMatchObject({ status: 503 });
  expect(await bad('/audio/speech', { model: 'speaks' })).toMatchObject({
    status: 400,
    body: { error: { param: 'input' } },
  });
  expect(await bad('/audio/transcriptions', { model: 'hears' })).toMatchObject({ status: 415 });
  expect(await bad('/audio/speech', { model: 'nobody', input: 'x' })).toMatchObject({ status: 404 });
  const form = new FormData();
  form.append('model', 'hears');
  expect(await call(node, 'POST /v1/audio/transcriptions', { raw: form })).toMatchObject({
    status: 400,
    body: { error: { param: 'file' } },
  });
  expect(readdirSync(join(node.data, 'forms'))).toEqual([]);
});
