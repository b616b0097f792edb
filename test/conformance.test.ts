/** The wire suite, asked of our own node: every case holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockUpstream, startMockUpstream } from '../conformance/mock-upstream.ts';
import { allCases, runConformance } from '../conformance/run-conformance.ts';
import { attachModels } from './support/attach-models.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let mock: MockUpstream;
let node: RunningNode;

beforeAll(async () => {
  mock = await startMockUpstream();
  node = await startNode();
  await attachModels(node, { url: mock.url.replace(/\/v1$/, '') }, ['mock'], {
    capabilities: ['chat', 'generate', 'tools', 'json', 'vision'],
  });
});
afterAll(async () => {
  await node?.stop();
  await mock?.close();
});

test('every case of the wire holds', async () => {
  const target = { url: node.url, key: node.operatorToken, model: 'mock', headers: {} };
  const results = await runConformance(target, mock);
  expect(results.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(results).toHaveLength(allCases.length);
});
