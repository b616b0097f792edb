/** The wire suite, asked of our own node: every case is asked, and holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockUpstream, startMockUpstream } from '../conformance/mock-upstream.ts';
import { startOwnNode } from '../conformance/own-node.ts';
import { allCases, runConformance } from '../conformance/run-conformance.ts';

let mock: MockUpstream;
let own: Awaited<ReturnType<typeof startOwnNode>>;

beforeAll(async () => {
  mock = await startMockUpstream();
  own = await startOwnNode(mock);
});
afterAll(async () => {
  await own?.stop();
  await mock?.close();
});

test('every case of the wire holds', { timeout: 180_000 }, async () => {
  const results = await runConformance(own.target, mock);
  expect(results.filter(({ fault, skipped }) => fault !== null || skipped !== null)).toEqual([]);
  expect(results).toHaveLength(allCases.length);
  expect(new Set(allCases.map(({ group }) => group)).size).toBe(14);
});
