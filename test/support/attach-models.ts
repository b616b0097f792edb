/** Attaches models of the scripted server, each under its own name, at a price that tests can reckon with. */
import { call } from './operator.ts';
import type { RunningNode } from './start-node.ts';
import type { Upstream } from './upstream.ts';

export const testPrice = {
  currency: 'USD',
  inputMicrosPerMillion: 3_000_000,
  outputMicrosPerMillion: 15_000_000,
  source: 'test',
  date: '2026-01-01',
};

export async function attachModels(
  node: Pick<RunningNode, 'url' | 'operatorToken'>,
  upstream: Pick<Upstream, 'url'>,
  names: readonly string[],
  more: object = {},
): Promise<void> {
  for (const name of names) {
    const { status, body } = await call(node, 'POST /api/models', {
      body: {
        provider: 'vllm',
        model: name,
        name,
        baseUrl: `${upstream.url}/v1`,
        capabilities: ['chat', 'generate', 'tools', 'json'],
        key: 'sk-upstream-secret',
        price: testPrice,
        ...more,
      },
    });
    if (status !== 201) throw new Error(`attaching ${name} answered ${status}: ${JSON.stringify(body)}`);
  }
}
