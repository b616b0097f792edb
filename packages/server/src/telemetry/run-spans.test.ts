import { noUsage, type RunRecord } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { runSpans } from './run-spans.ts';

const step = (kind: 'tool' | 'retrieve' | 'assign', name: string, ok: boolean, detail: object) => ({
  ...{ kind, name, ok, startedAt: 1_000, tookMs: 2.5, detail: { ...detail } },
});
const run: RunRecord = {
  ...{ id: 'run_1', appId: 'app_1', appName: 'desk', version: 'v1', surface: 'page', tenant: 'main' },
  ...{ personId: 'person_secret', keyId: null, unit: 'unit_secret', experiment: 'exp', assigned: 'treatment' },
  ...{ delivered: 'treatment', assignmentReason: 'experiment', conversationId: null, status: 'ok', errorCode: null },
  ...{ stream: true, startedAt: 1_000, firstTokenAt: null, finishedAt: 1_009, usage: noUsage, costMicros: null },
  ...{ pricedMicros: 0, currency: 'USD', model: null, calls: [] },
  steps: [
    step('assign', 'variant', true, {}),
    step('retrieve', 'policies', true, { passages: 3 }),
    step('tool', 'calculator', false, { code: 'invalid_request', masked: { phone: 1 } }),
  ],
};
const traced = { parent: null, traceId: 'a'.repeat(32), sampled: true, calls: new Map() };

test('tools and retrievals are spans under the run, other steps its events; times are kept to the fraction', () => {
  const { root, children } = runSpans(run, traced, { endpointOf: () => undefined, guard: null });
  expect(root).toMatchObject({ name: 'invoke_agent desk', failure: null, events: [{ name: 'myriad.assign variant' }] });
  expect(children.map(({ name, endedAt, failure }) => [name, endedAt, failure])).toEqual([
    ['retrieval policies', 1_002.5, null],
    ['execute_tool calculator', 1_002.5, 'invalid_request'],
  ]);
  expect(children[1]?.attributes).toMatchObject({
    'gen_ai.tool.name': 'calculator',
    'error.type': 'invalid_request',
    'myriad.detail.masked': '{"phone":1}',
  });
});

test('who ran it, and the unit of an experiment, are not told', () => {
  expect(JSON.stringify(runSpans(run, traced, { endpointOf: () => undefined, guard: null }))).not.toMatch(/secret/);
});
