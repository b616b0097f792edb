/** What Prometheus reads, after a few runs of known outcome. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { call, createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, upstreamUsage } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let metrics: string;

const ask = (model: string, more: object = {}) =>
  call(node, 'POST /v1/chat/completions', { body: { model, messages: [{ role: 'user', content: 'Hi.' }], ...more } });
/** Sum of the samples of that name whose labels hold all of these. */
function sample(name: string, labels: Readonly<Record<string, string>> = {}): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  await attachModels(node, upstream, ['scripted', 'wrong-key']);
  for (let at = 0; at < 3; at += 1) expect((await ask('scripted')).status).toBe(200);
  expect((await ask('wrong-key')).status).toBe(502);
  expect((await ask('app:assistant')).status).toBeLessThan(600);
  expect((await ask('none')).status).toBe(404);
  const cached =
    'kind: App\nname: cached\ndescription: d\ninstructions: Answer.\nmodel: {capabilities: [generate]}\naccess: {use: [everyone]}\nexpose: [api]\ncache: {exact: true}\n';
  expect((await call(node, 'POST /api/apps', { body: { source: cached } })).status).toBeLessThan(300);
  expect((await call(node, 'POST /api/apps/cached/publish', { body: {} })).status).toBe(200);
  for (let at = 0; at < 2; at += 1) expect((await ask('app:cached')).status).toBe(200);
  expect((await ask('scripted', { stream: true })).status).toBe(200);
  expect((await call(node, 'POST /v1/chat/completions', { key: null, body: {} })).status).toBe(401);
  const answer = await call<string>(node, 'GET /metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  metrics = answer.body;
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

test('runs by app, status and surface', () => {
  expect(sample('myriad_runs_total', { app: 'direct', status: 'ok', surface: 'openai' })).toBe(4);
  expect(sample('myriad_runs_total', { app: 'direct', status: 'error' })).toBeGreaterThanOrEqual(1);
  expect(sample('myriad_runs_total', { app: 'assistant' })).toBe(1);
});

test('tokens and cost are those of the server’s own books', () => {
  expect(sample('myriad_tokens_total', { app: 'direct', kind: 'input' })).toBe(4 * upstreamUsage.prompt_tokens);
  expect(sample('myriad_tokens_total', { app: 'direct', kind: 'output' })).toBe(4 * upstreamUsage.completion_tokens);
  expect(sample('myriad_cost_micros_total', { app: 'direct', currency: 'USD' })).toBe(4 * (11 * 3 + 6 * 15));
});

test('every request is in the overhead histogram, refused ones too', () => {
  const route = 'POST /v1/chat/completions';
  expect(sample('myriad_overhead_seconds_count', { route })).toBe(10);
  expect(sample('myriad_overhead_seconds_sum', { route })).toBeGreaterThan(0);
  const lane = (name: string) => sample('myriad_overhead_seconds_count', { route, lane: name });
  expect([lane('stream'), lane('cached'), lane('none')]).toEqual([1, 1, 1]);
  expect(lane('plain') + lane('failed')).toBe(7);
  expect(sample('myriad_http_requests_total', { route, status: '200' })).toBeGreaterThanOrEqual(3);
  expect(sample('myriad_http_requests_total', { route, status: '404' })).toBe(1);
});

test('queue wait, first token, ledger commit, pools and circuits', () => {
  const calls = sample('myriad_model_calls_total', { model: 'scripted' });
  expect(calls).toBeGreaterThanOrEqual(3);
  expect(sample('myriad_queue_wait_seconds_count', { model: 'scripted' })).toBe(calls);
  expect(sample('myriad_ledger_commit_seconds_count')).toBeGreaterThanOrEqual(5);
  expect(sample('myriad_pool_in_flight', { model: 'scripted' })).toBe(0);
  expect(sample('myriad_pool_limit', { model: 'scripted' })).toBeGreaterThan(0);
  expect(sample('myriad_circuit_state', { model: 'scripted', state: 'closed' })).toBe(1);
  expect(sample('myriad_runs_in_flight')).toBe(0);
});

test('only an operator may read it', async () => {
  expect((await call(node, 'GET /metrics', { key: null })).status).toBe(401);
  expect((await call(node, 'GET /metrics', { key: await createKey(node, ['runs:write']) })).status).toBe(403);
});
