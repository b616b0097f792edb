/** A node of our own with everything that the cases need attached, as any gateway is given it by its operator. */
import { attachModels } from '../test/support/attach-models.ts';
import { call } from '../test/support/operator.ts';
import { startNode } from '../test/support/start-node.ts';
import type { MockUpstream } from './mock-upstream.ts';
import { troubleScripts } from './scripts/trouble.ts';
import { type Booked, type Target, unhealthyScripts } from './wire.ts';

const capabilities = ['chat', 'generate', 'tools', 'json', 'vision', 'audio'];
const pairScripts = Object.keys(troubleScripts).filter((script) => script.startsWith('fallback-'));
/** Silence after which the node gives a server up; longer than the silence that it must bridge for others. */
const stallMs = 19_000;

export async function startOwnNode(
  mock: MockUpstream,
): Promise<{ readonly target: Target; stop(): Promise<number | null> }> {
  // Two endpoints behind one name, as an operator writes them in the configuration.
  const pairs = pairScripts.flatMap((script) =>
    [
      { model: 'flaky', preference: 10 },
      { model: 'steady', preference: 0 },
    ].map((endpoint) => ({ ...endpoint, name: `pair-${script}`, provider: 'vllm', baseUrl: mock.url, capabilities })),
  );
  const node = await startNode({
    environment: {
      MYRIAD_MODELS: JSON.stringify(pairs),
      MYRIAD_TIMEOUTS_FIRST_TOKEN_MS: '5000',
      MYRIAD_TIMEOUTS_CHUNK_GAP_MS: String(stallMs),
    },
  });
  const upstream = { url: mock.url.replace(/\/v1$/, '') };
  await attachModels(node, upstream, ['mock', 'stalling', ...unhealthyScripts.map((script) => `troubled-${script}`)], {
    capabilities,
  });
  await attachModels(node, upstream, ['narrow'], { capabilities, concurrency: 1 });
  await attachModels(node, upstream, ['mock-transcribe'], { capabilities: ['transcribe'] });
  await attachModels(node, upstream, ['claude'], { capabilities, provider: 'anthropic', name: 'mock-messages' });
  const books = async (sinceMs: number): Promise<Booked> => {
    const { body } = await call<{ items: { startedAt: number; calls: unknown[]; usage: Booked }[] }>(
      node,
      'GET /api/runs',
    );
    const runs = body.items.filter(({ startedAt }) => startedAt >= sinceMs);
    return {
      runs: runs.length,
      calls: runs.reduce((sum, { calls }) => sum + calls.length, 0),
      inputTokens: runs.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      outputTokens: runs.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
    };
  };
  const route = (model: string) => ({ model, headers: {} });
  return {
    target: {
      url: node.url,
      key: node.operatorToken,
      ...route('mock'),
      fallback: route('pair-{script}'),
      troubled: route('troubled-{script}'),
      anthropic: route('mock-messages'),
      stalls: { ...route('stalling'), withinMs: stallMs },
      narrow: route('narrow'),
      transcribe: route('mock-transcribe'),
      books,
    },
    stop: () => node.stop(),
  };
}
