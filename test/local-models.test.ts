/** Rung 3 end to end: consent, download, run, an answer through the kernel, stop; and kill −9 of the node in the middle. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, LocalModel, LocalModelsAnswer, ModelsAnswer } from '@myriad/contracts';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { writeFakeLlamaServer } from '../packages/server/src/local-models/testing/fake-llama-server.ts';
import { type FileServer, serveFile } from '../packages/server/src/local-models/testing/serve-file.ts';
import { call } from './support/operator.ts';
import { emptyFolder, type RunningNode, runCommand, startNode } from './support/start-node.ts';

const size = 3_000_000;
let server: FileServer;
let llamaServer: string;
const nodes: RunningNode[] = [];

beforeAll(async () => {
  server = await serveFile(size);
  llamaServer = writeFakeLlamaServer(join(emptyFolder('runner'), 'llama-server'));
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop();
  server.pieceMs = 0;
});
afterAll(() => server.close());

const environment = () => ({
  MYRIAD_LOCAL_MODELS: JSON.stringify([{ name: 'tiny', url: server.url, sha256: server.sha256, languages: ['zh'] }]),
  MYRIAD_LLAMA_SERVER: llamaServer,
});
async function start(data?: string): Promise<RunningNode> {
  const node = await startNode({ environment: environment(), ...(data ? { data } : {}) });
  nodes.push(node);
  return node;
}
async function tiny(node: RunningNode): Promise<LocalModel> {
  const { body } = await call<LocalModelsAnswer>(node, 'GET /api/local-models');
  return body.items.find(({ name }) => name === 'tiny') as LocalModel;
}
const until = (node: RunningNode, state: LocalModel['state']) =>
  vi.waitFor(async () => expect(await tiny(node)).toMatchObject({ state }), { timeout: 20_000, interval: 50 });
const ask = (node: RunningNode, stream = false) =>
  call<{ choices: { message: { content: string } }[] }>(node, 'POST /v1/chat/completions', {
    body: { model: 'local/tiny', stream, messages: [{ role: 'user', content: 'hello' }] },
  });
const rung3 = async (node: RunningNode) =>
  (await call<ModelsAnswer>(node, 'GET /api/models')).body.ladder.find(({ rung }) => rung === 3);

test('a fresh node offers models and fetches none; without consent it still fetches none', async () => {
  const node = await start();
  const { body } = await call<LocalModelsAnswer>(node, 'GET /api/local-models');
  expect(body.items.map(({ name }) => name)).toEqual(['qwen3-0.6b', 'qwen3-1.7b', 'qwen3-4b', 'qwen3-8b', 'tiny']);
  expect(body.items.every(({ state }) => state === 'absent')).toBe(true);
  expect(body.runner).toEqual({ kind: 'llama-server', path: llamaServer });
  for (const consent of [{}, { consent: false }, { consent: true, force: true }])
    expect((await call(node, 'POST /api/local-models/tiny/download', { body: consent })).status).toBe(400);
  expect((await call(node, 'POST /api/local-models/..%2Fnode/download', { body: { consent: true } })).status).toBe(404);
  expect((await call(node, 'POST /api/local-models/tiny/start')).status).toBe(409);
  expect(server.ranges).toEqual([]);
  expect(await rung3(node)).toMatchObject({ reached: false });
});

test('download, run, an answer through the kernel, stop: each on record', async () => {
  const node = await start();
  expect((await call(node, 'POST /api/local-models/tiny/download', { body: { consent: true } })).status).toBe(202);
  await until(node, 'ready');
  expect(readFileSync(join(node.data, 'models/tiny.gguf')).equals(server.bytes)).toBe(true);
  expect((await call(node, 'POST /api/local-models/tiny/start')).status).toBe(200);
  await until(node, 'running');
  expect(await rung3(node)).toMatchObject({ reached: true });
  expect((await ask(node)).body.choices[0]?.message.content).toBe('You asked: hello');
  expect(String((await ask(node, true)).body)).toContain('You asked: hello');
  const { endpointId } = await tiny(node);
  expect((await call<{ ok: boolean }>(node, `POST /api/models/${endpointId}/test`)).body.ok).toBe(true);
  expect((await call(node, `DELETE /api/models/${endpointId}`)).status).toBe(409);
  const runs = await call<{ items: { model: string | null }[] }>(node, 'GET /api/runs');
  expect(runs.body.items.length).toBe(2);
  await call(node, 'POST /api/local-models/tiny/stop');
  expect((await ask(node)).status).toBe(404);
  expect(await rung3(node)).toMatchObject({ reached: false });
  expect((await call(node, 'DELETE /api/local-models/tiny')).status).toBe(200);
  expect(existsSync(join(node.data, 'models/tiny.gguf'))).toBe(false);
  const audit = await call<{ items: AuditEntry[] }>(node, 'GET /api/audit?object=local-model:tiny');
  expect(audit.body.items.map(({ action }) => action).sort()).toEqual([
    'model.delete-file',
    'model.download',
    'model.start',
    'model.stop',
  ]);
});

test('kill −9 of the node in the middle of a download: the next node goes on where it was', async () => {
  server.pieceMs = 60;
  const first = await start();
  await call(first, 'POST /api/local-models/tiny/download', { body: { consent: true } });
  // The note of what came is written once a second.
  await vi.waitUntil(async () => (await tiny(first)).receivedBytes > size / 2, { timeout: 20_000, interval: 20 });
  await first.kill();
  nodes.length = 0;
  const second = await start(first.data);
  const { receivedBytes, state } = await tiny(second);
  expect(state).toBe('absent');
  expect(receivedBytes).toBeGreaterThan(size / 10);
  server.pieceMs = 0;
  const before = server.sent();
  await call(second, 'POST /api/local-models/tiny/download', { body: { consent: true } });
  await until(second, 'ready');
  expect(server.sent() - before).toBe(size - receivedBytes + 1);
});

test('a model that ran runs again after kill −9 of the node, and the one left over is ended', async () => {
  const first = await start();
  await call(first, 'POST /api/local-models/tiny/download', { body: { consent: true } });
  await until(first, 'ready');
  await call(first, 'POST /api/local-models/tiny/start');
  await until(first, 'running');
  const note = join(first.data, 'models/tiny.gguf.pid.json');
  const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
  await first.kill();
  nodes.length = 0;
  process.kill(pid, 0);
  const second = await start(first.data);
  await until(second, 'running');
  expect((JSON.parse(readFileSync(note, 'utf8')) as { pid: number }).pid).not.toBe(pid);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 5_000 });
  expect((await ask(second)).body.choices[0]?.message.content).toBe('You asked: hello');
  const { pid: last } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };
  await second.stop();
  nodes.length = 0;
  expect(() => process.kill(last, 0)).toThrow();
});

test('the command line downloads with what it says, and starts', async () => {
  const node = await start();
  const command = (...args: string[]) =>
    runCommand(['model', ...args, '--data', node.data], { environment: environment() });
  const list = await command('download');
  expect(list.out).toMatch(/qwen3-4b\s+2\.5 GB\s+Apache-2\.0\s+32768/);
  const got = await command('download', 'tiny', '--start');
  expect([got.code, got.out]).toEqual([0, 'tiny is here and runs as local/tiny.\n']);
  expect(got.err).toContain(`tiny: size unknown, licence unknown, from ${server.url}`);
  expect((await command('stop', 'tiny')).out).toBe('tiny is stopped.\n');
  const none = await command('download', 'nothing');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('No model named "nothing" can be downloaded')]);
});
