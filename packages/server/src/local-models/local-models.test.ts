import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalModel, type ModelEndpoint, systemClock, systemRandom } from '@myriad/contracts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installAdvice } from './find-runner.ts';
import { type LocalModels, type LocalModelsOptions, openLocalModels } from './local-models.ts';
import { writeFakeLlamaServer } from './testing/fake-llama-server.ts';
import { type FileServer, serveFile } from './testing/serve-file.ts';

const size = 300_000;
let server: FileServer;
let folder: string;
let llamaServer: string;
let attached: Map<string, { endpoint: ModelEndpoint; key: string }>;
const open: LocalModels[] = [];

beforeEach(async () => {
  server = await serveFile(size);
  folder = join(mkdtempSync(join(tmpdir(), 'myriad-local-')), 'models');
  llamaServer = writeFakeLlamaServer(join(folder, '../llama-server'));
  attached = new Map();
});
afterEach(async () => {
  for (const models of open.splice(0)) await models.close();
  await server.close();
});

async function openModels(change: Partial<LocalModelsOptions> = {}): Promise<LocalModels> {
  const models = await openLocalModels({
    folder,
    config: {
      localModels: [{ name: 'tiny', url: server.url, sha256: server.sha256, languages: ['zh'] }],
      modelMirror: undefined,
      llamaServer,
      localModelContextTokens: 4096,
    },
    desk: {
      attachLocal: async (endpoint, key) => {
        attached.set(endpoint.id, { endpoint, key });
      },
      detachLocal: async (id) => {
        attached.delete(id);
      },
    },
    environment: { PATH: '/nowhere', HOME: '/root', QIANFAN_KEY: 'a secret' },
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    offered: [],
    free: async () => 1e12,
    tuning: { partBytes: 100_000, pauseMs: 1, attempts: 2 },
    timings: { pollMs: 20, watchMs: 50, pauseMs: 20, graceMs: 1_000 },
    resolvePackage: () => null,
    ...change,
  });
  open.push(models);
  return models;
}
const tiny = async (models: LocalModels) => (await models.describe()).items[0] as LocalModel;
const until = (models: LocalModels, state: LocalModel['state']) =>
  vi.waitFor(async () => expect(await tiny(models)).toMatchObject({ state }), { timeout: 10_000, interval: 10 });

async function ask(text: string): Promise<Response> {
  const { endpoint, key } = attached.get('mdl_local_tiny') as { endpoint: ModelEndpoint; key: string };
  return fetch(`${endpoint.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages: [{ role: 'user', content: text }] }),
  });
}
async function downloaded(models: LocalModels): Promise<LocalModels> {
  await models.download('tiny', { consent: true });
  await until(models, 'ready');
  return models;
}

test('opening asks nobody for anything', async () => {
  const models = await openModels();
  expect(await tiny(models)).toMatchObject({ state: 'absent', downloaded: false, receivedBytes: 0, endpointId: null });
  expect(server.ranges).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test('a download ends ready, and is ready after a restart too', async () => {
  await downloaded(await openModels());
  const again = await openModels();
  expect(await tiny(again)).toMatchObject({ state: 'ready', downloaded: true, sizeBytes: size, receivedBytes: size });
});

test('a stopped download says how far it came, and goes on after a restart', async () => {
  server.pieceMs = 20;
  const models = await openModels();
  await models.download('tiny', { consent: true });
  await vi.waitUntil(async () => (await tiny(models)).receivedBytes > 100_000, { interval: 5 });
  await models.close();
  const again = await openModels();
  const { receivedBytes, state } = await tiny(again);
  expect(state).toBe('absent');
  expect(receivedBytes).toBeGreaterThan(100_000);
  const before = server.sent();
  await downloaded(again);
  expect(server.sent() - before).toBe(size - receivedBytes + 1);
});

test('an unknown checksum has to be given, and is the one that counts', async () => {
  const models = await openModels({
    config: {
      localModels: [{ name: 'tiny', url: server.url }],
      modelMirror: undefined,
      llamaServer,
      localModelContextTokens: 4096,
    },
  });
  expect((await tiny(models)).sha256).toBeNull();
  await expect(models.download('tiny', { consent: true })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('checksum of tiny is unknown'),
  });
  expect(server.ranges).toEqual([]);
  await models.download('tiny', { consent: true, sha256: 'c'.repeat(64) });
  await until(models, 'failed');
  expect((await tiny(models)).reason?.message).toContain('c'.repeat(64));
  await models.download('tiny', { consent: true, sha256: server.sha256.toUpperCase() });
  await until(models, 'ready');
});

test('a checksum that differs from the known one is refused', async () => {
  await expect((await openModels()).download('tiny', { consent: true, sha256: 'd'.repeat(64) })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('a file carried here by hand is taken when its checksum is right, without the network', async () => {
  const models = await downloaded(await openModels());
  const file = join(folder, 'tiny.gguf');
  await models.remove('tiny');
  expect([existsSync(file), (await tiny(models)).state]).toEqual([false, 'absent']);
  writeFileSync(file, server.bytes);
  const before = server.ranges.length;
  await downloaded(models);
  expect(server.ranges.length).toBe(before);
});

test('a failed download says why, in words', async () => {
  server.intercept = (_, response) => {
    response.writeHead(404).end();
    return true;
  };
  const models = await openModels();
  await models.download('tiny', { consent: true });
  await until(models, 'failed');
  expect((await tiny(models)).reason).toMatchObject({
    code: 'upstream_rejected',
    message: expect.stringContaining('there is no such file'),
  });
});

test('it starts, is attached with a key of its own, answers, and is gone after the stop', async () => {
  const models = await downloaded(await openModels());
  expect((await models.start('tiny')).state).toBe('starting');
  await until(models, 'running');
  const { endpoint, key } = [...attached.values()][0] as { endpoint: ModelEndpoint; key: string };
  expect(endpoint).toMatchObject({
    id: 'mdl_local_tiny',
    name: 'local/tiny',
    provider: 'llama-server',
    upstreamModel: 'tiny',
    capabilities: ['chat', 'generate', 'zh'],
    contextTokens: 4096,
    concurrency: 1,
  });
  expect(endpoint.baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(await (await ask('hello')).json()).toMatchObject({ choices: [{ message: { content: 'You asked: hello' } }] });
  expect((await fetch(`${endpoint.baseUrl}/chat/completions`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(key.length).toBeGreaterThan(20);
  const seen = JSON.parse(readFileSync(join(folder, 'tiny.gguf.seen'), 'utf8')) as { args: string[]; env: string[] };
  expect(seen.args.join(' ')).toMatch(/--host 127\.0\.0\.1 --port \d+ --ctx-size 4096 --parallel 1/);
  expect(seen.env).not.toContain('QIANFAN_KEY');
  expect((await models.stop('tiny')).state).toBe('ready');
  expect(attached.size).toBe(0);
  await expect(fetch(`${endpoint.baseUrl}/models`)).rejects.toThrow();
});

test('a model that ends is taken off the list, started again elsewhere, and listed again', async () => {
  const models = await downloaded(await openModels());
  await models.start('tiny');
  await until(models, 'running');
  const before = attached.get('mdl_local_tiny')?.endpoint.baseUrl;
  await ask('please crash').catch(() => {});
  await vi.waitUntil(() => attached.size === 0, { interval: 2 });
  await until(models, 'running');
  expect(attached.get('mdl_local_tiny')?.endpoint.baseUrl).not.toBe(before);
  expect((await ask('hello')).status).toBe(200);
});

test('a model that ends again and again is given up, with its exit in the reason', async () => {
  const models = await downloaded(await openModels());
  await models.start('tiny');
  for (let crash = 0; crash < 5; crash += 1) {
    await vi.waitUntil(() => attached.size === 1, { timeout: 10_000, interval: 5 });
    await ask('please crash').catch(() => {});
    await vi.waitUntil(() => attached.size === 0, { timeout: 10_000, interval: 2 });
  }
  await until(models, 'failed');
  expect(await tiny(models)).toMatchObject({
    downloaded: true,
    reason: { code: 'upstream_unavailable', message: expect.stringContaining('code 134, the 5th time in a row') },
  });
}, 30_000);

test('a file that the runner refuses fails at once, with the last words of the runner', async () => {
  const models = await downloaded(await openModels());
  writeFileSync(join(folder, 'tiny.gguf.refuse'), '');
  await models.start('tiny');
  await until(models, 'failed');
  expect((await tiny(models)).reason?.message).toMatch(/ended with code 1\. It said: .*failed to load model/);
});

test('what ran when the node stopped runs again with the next node that serves, and with no other', async () => {
  const models = await downloaded(await openModels());
  await models.start('tiny');
  await until(models, 'running');
  await models.close();
  expect(attached.size).toBe(0);
  const command = await openModels();
  await command.resume(false);
  expect((await tiny(command)).state).toBe('ready');
  const serving = await openModels();
  await serving.resume(true);
  await until(serving, 'running');
  await serving.stop('tiny');
  const later = await openModels();
  await later.resume(true);
  expect((await tiny(later)).state).toBe('ready');
});

test('without anything to run it, what to install is said plainly', async () => {
  const models = await downloaded(
    await openModels({
      config: {
        localModels: [{ name: 'tiny', url: server.url, sha256: server.sha256 }],
        modelMirror: undefined,
        llamaServer: undefined,
        localModelContextTokens: 4096,
      },
    }),
  );
  expect(await models.describe()).toMatchObject({
    runner: null,
    runnerProblem: 'not_installed',
    install: installAdvice,
  });
  await expect(models.start('tiny')).rejects.toMatchObject({
    code: 'capability_unavailable',
    message: expect.stringMatching(/brew install llama\.cpp.*npm install node-llama-cpp/),
  });
});

test('a runner named by the operator that is not there is said, not passed over', async () => {
  const models = await openModels({
    config: {
      localModels: [],
      modelMirror: undefined,
      llamaServer: '/nowhere/llama-server',
      localModelContextTokens: 4096,
    },
  });
  expect(await models.describe()).toMatchObject({
    runner: null,
    runnerProblem: 'not_executable',
    install: '`llamaServer` is /nowhere/llama-server, which cannot be executed.',
  });
});

test('llama-server is found on PATH', async () => {
  const models = await openModels({
    config: { localModels: [], modelMirror: undefined, llamaServer: undefined, localModelContextTokens: 4096 },
    environment: { PATH: `/nowhere:${join(folder, '..')}` },
  });
  expect((await models.describe()).runner).toEqual({ kind: 'llama-server', path: llamaServer });
});

test('node-llama-cpp runs it where there is no llama-server: same door, a stream, a limit, a key', async () => {
  const entry = join(folder, '../fake-node-llama.mjs');
  writeFileSync(
    entry,
    `let used = 0;
export const getLlama = async () => ({ loadModel: async ({ modelPath }) => ({ createContext: async ({ contextSize }) => ({
  getSequence: () => ({ clearHistory: async () => {}, tokenMeter: {
    getState: () => ({ used }), diff: (before) => ({ usedInputTokens: used - before.used, usedOutputTokens: 2 }) } }) }) }) });
export class LlamaChatSession {
  setChatHistory(history) { this.history = history; }
  async promptWithMeta(text, { onTextChunk, maxTokens }) {
    used += 9;
    const words = [this.history.map(({ type }) => type).join('+') + ':', text];
    for (const word of words) onTextChunk(word);
    return { responseText: words.join(''), stopReason: maxTokens === 1 ? 'maxTokens' : 'eogToken' };
  }
  dispose() {}
}`,
  );
  const models = await downloaded(
    await openModels({
      resolvePackage: () => entry,
      config: {
        localModels: [{ name: 'tiny', url: server.url, sha256: server.sha256 }],
        modelMirror: undefined,
        llamaServer: undefined,
        localModelContextTokens: 4096,
      },
    }),
  );
  expect((await models.describe()).runner?.kind).toBe('node-llama-cpp');
  await models.start('tiny');
  await until(models, 'running');
  const { endpoint, key } = attached.get('mdl_local_tiny') as { endpoint: ModelEndpoint; key: string };
  const post = (body: object, bearer = key) =>
    fetch(`${endpoint.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    });
  const messages = [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: [{ type: 'text', text: 'hello' }] },
  ];
  expect(await (await post({ messages, max_tokens: 1 })).json()).toMatchObject({
    choices: [{ message: { content: 'system:hello' }, finish_reason: 'length' }],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  });
  const stream = await (await post({ messages, stream: true })).text();
  expect(stream).toContain('"delta":{"content":"hello"}');
  expect(stream.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect((await post({ messages }, 'wrong')).status).toBe(401);
  expect((await post({ messages: [{ role: 'tool', content: 'x' }] })).status).toBe(400);
});
