import { expect, test } from 'vitest';
import { mockOpenAiServer } from '../testing/mock-openai-server.ts';
import { startMockUpstream } from '../testing/mock-upstream.ts';
import { customaryProbes, discoverLocalServers, type Probe } from './discover-local-servers.ts';

test('the customary ports are those of the four servers, all on loopback', () => {
  expect(customaryProbes.map(({ provider, port }) => [provider, port])).toEqual([
    ['ollama', 11434],
    ['lmstudio', 1234],
    ['vllm', 8000],
    ['llama-server', 8080],
  ]);
});

test('servers are found with their models, and one on the port of another is called by its signature', async () => {
  const ollama = await mockOpenAiServer({ models: ['qwen3:4b', 'bge-m3'], ownedBy: 'library' });
  const vllm = await mockOpenAiServer({ models: ['Qwen/Qwen3-8B'], ownedBy: 'vllm' });
  try {
    const found = await discoverLocalServers({
      probes: [
        { provider: 'ollama', port: ollama.port },
        { provider: 'llama-server', port: vllm.port },
      ],
    });
    expect(found).toMatchObject([
      { provider: 'ollama', baseUrl: ollama.baseUrl, models: ['qwen3:4b', 'bge-m3'] },
      { provider: 'vllm', baseUrl: vllm.baseUrl, models: ['Qwen/Qwen3-8B'] },
    ]);
  } finally {
    await ollama.close();
    await vllm.close();
  }
});

test('a closed port, a silent server, a web page and a refusal are no servers, and the wait is short', async () => {
  const [closed, silent, page, refusal] = await Promise.all([1, 2, 3, 4].map(() => startMockUpstream()));
  await closed?.close();
  silent?.answer({ delayMs: 5000 });
  page?.answer({ body: '<html>', headers: { 'content-type': 'text/html' } });
  refusal?.answer({ status: 401, body: '{"data":[]}' });
  const probes = [closed, silent, page, refusal].map(
    (server): Probe => ({ provider: 'ollama', port: server?.port ?? 0 }),
  );
  const from = performance.now();
  expect(await discoverLocalServers({ probes, limitMs: 150 })).toEqual([]);
  expect(performance.now() - from).toBeLessThan(600);
  for (const server of [silent, page, refusal]) await server?.close();
});

test.each(['192.168.1.5', 'example.com', '127.0.0.1.example.com', '0.0.0.0', '::ffff:8.8.8.8'])(
  '%s is not loopback and is never asked',
  async (host) => {
    await expect(discoverLocalServers({ probes: [{ provider: 'vllm', port: 8000, host }] })).rejects.toMatchObject({
      code: 'address_blocked',
    });
  },
);
