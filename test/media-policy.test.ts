/** The node's own policy on images and speech, both ways, driven by the official `openai` client. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { RunRecord } from '@myriad/contracts';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let client: OpenAI;
const seen: string[] = [];
const event = (value: { readonly type: string }) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString('latin1');
    seen.push(body);
    if (request.url?.endsWith('/speech')) response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');
    else if (request.url?.includes('/audio/') && body.includes('name="stream"')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const delta of ['Call 138', '0013', '8000.'])
        response.write(event({ type: 'transcript.text.delta', ...{ delta } }));
      response.end(event({ type: 'transcript.text.done', ...{ text: 'Call 13800138000.' } }));
    } else if (request.url?.includes('/audio/'))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"Call 13800138000."}');
    else
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"created":1,"data":[{"b64_json":"aQ=="}]}');
  });
});

async function lastRun(): Promise<RunRecord> {
  const { body } = await call<{ items: { id: string }[] }>(node, 'GET /api/runs?limit=1');
  return (await call<RunRecord>(node, `GET /api/runs/${body.items[0]?.id}`)).body;
}
const recording = () => toFile(Buffer.from('not really sound'), 'a.mp3', { type: 'audio/mpeg' });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const data = emptyFolder();
  writeFileSync(join(data, 'myriad.yaml'), 'policy: {pii: mask, deny: [project falcon]}\n');
  node = await startNode({ data });
  client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: await createKey(node), maxRetries: 0 });
  for (const [name, capability] of [
    ['draws', 'image'],
    ['speaks', 'speech'],
    ['hears', 'transcribe'],
  ] as const)
    await attachModels(node, { url }, [name], { capabilities: [capability], price: null });
});
afterAll(async () => {
  await node?.stop();
  server.closeAllConnections();
  server.close();
});

test('what people write is masked before it leaves, in JSON and in forms', async () => {
  const prompt = 'A card with 13900139000 on it.';
  await client.images.generate({ model: 'draws', prompt });
  expect(JSON.parse(seen.at(-1) ?? '').prompt).toBe('A card with [phone 1] on it.');
  expect((await lastRun()).steps).toMatchObject([
    { kind: 'policy', name: 'input policy', ok: true, detail: { phone: 1 } },
  ]);
  await client.images.edit({
    model: 'draws',
    prompt,
    image: await toFile(Buffer.from('png'), 'a.png', { type: 'image/png' }),
  });
  expect(seen.at(-1)).toContain('A card with [phone 1] on it.');
  await client.audio.speech.create({
    model: 'speaks',
    voice: 'alloy',
    input: prompt,
    instructions: 'Like 13900139000.',
  });
  expect(JSON.parse(seen.at(-1) ?? '')).toMatchObject({
    input: 'A card with [phone 1] on it.',
    instructions: 'Like [phone 1].',
  });
  await client.audio.transcriptions.create({ model: 'hears', file: await recording(), prompt });
  expect(seen.at(-1)).toContain('A card with [phone 1] on it.');
  expect(seen.join('')).not.toContain('13900139000');
});

test('a transcript is masked, plain and streamed, wherever the value is cut', async () => {
  const plain = await client.audio.transcriptions.create({ model: 'hears', file: await recording() });
  expect(plain.text).toBe('Call [phone 1].');
  const stream = await client.audio.transcriptions.create({ model: 'hears', file: await recording(), stream: true });
  const events = [];
  for await (const each of stream) events.push(each);
  expect(events).toMatchObject([
    { type: 'transcript.text.delta', delta: 'Call [phone 1].' },
    { type: 'transcript.text.done', text: 'Call [phone 1].' },
  ]);
  expect((await lastRun()).steps.map(({ name, detail }) => [name, detail])).toContainEqual([
    'output policy',
    { phone: 1 },
  ]);
});

test('a denied phrase is refused before anything is sent, and booked as refused', async () => {
  const before = seen.length;
  await expect(client.images.generate({ model: 'draws', prompt: 'PROJECT  Falcon' })).rejects.toMatchObject({
    status: 403,
    code: 'policy_blocked',
  });
  expect(seen.length).toBe(before);
  expect(await lastRun()).toMatchObject({ status: 'refused', errorCode: 'policy_blocked', calls: [] });
});
