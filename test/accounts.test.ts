/** Budgets, limits, holdouts and exposures, as they hold for callers of a running node. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, upstreamUsage } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let key: string;
/** 11 tokens in at 1, 6 out at 2: 23 micros a call. */
const price = {
  currency: 'USD',
  inputMicrosPerMillion: 1_000_000,
  outputMicrosPerMillion: 2_000_000,
  source: 'test',
  date: '2026-01-01',
};
const costMicros = upstreamUsage.prompt_tokens + 2 * upstreamUsage.completion_tokens;

const publish = async (name: string, more: string): Promise<string> => {
  const source = `kind: App\nname: ${name}\ndescription: x\ninstructions: Answer.\nmodel: {capabilities: [generate], maxOutputTokens: 50}\naccess: {use: [everyone]}\nexpose: [api]\n${more}`;
  const made = await call<{ app: { id: string } }>(node, 'POST /api/apps', { body: { source } });
  expect(made.status).toBe(201);
  expect((await call(node, `POST /api/apps/${name}/publish`, { body: {} })).status).toBe(200);
  return made.body.app.id;
};
const ask = (app: string, more: object = {}) =>
  call<{
    error?: { code: string; message: string };
    choices?: { message: { content: string } }[];
    myriad?: { variant: string; model: string };
  }>(node, 'POST /v1/chat/completions', {
    key,
    body: { model: `app:${app}`, messages: [{ role: 'user', content: 'go' }], ...more },
  });

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  key = await createKey(node);
  await call(node, 'POST /api/models', {
    body: {
      provider: 'vllm',
      model: 'scripted',
      name: 'scripted',
      baseUrl: `${upstream.url}/v1`,
      capabilities: ['chat', 'generate'],
      price,
      concurrency: 64,
    },
  });
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

describe('a budget', () => {
  test('is never overspent by sixty-four callers at once, and says how much was left', async () => {
    const app = await publish('small-purse', 'budget: {amount: 0.003 USD, period: day, on_exceed: refuse}\n');
    const answers = await Promise.all(Array.from({ length: 64 }, () => ask('small-purse')));
    const served = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status, body }) => status === 402 && body.error?.code === 'budget_exhausted');
    expect(served + refused.length).toBe(64);
    expect(served).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body.error?.message).toMatch(/\d/);
    const detail = await call<{
      budgetState: { spentMicros: number; heldMicros: number };
      budget: { limitMicros: number };
    }>(node, `GET /api/apps/${app}`);
    expect(detail.body.budget.limitMicros).toBe(3_000);
    expect(detail.body.budgetState).toMatchObject({ spentMicros: served * costMicros, heldMicros: 0 });
    expect(detail.body.budgetState.spentMicros).toBeLessThanOrEqual(3_000);
    const spend = await call<{ rows: { group: string; costMicros: number; runs: number }[] }>(
      node,
      'GET /api/spend?bucket=total&by=app',
    );
    expect(spend.body.rows.find(({ group }) => group === 'small-purse')).toMatchObject({
      costMicros: served * costMicros,
    });
  });

  test('that downgrades serves from what is free instead', async () => {
    await publish('thrifty', 'budget: {amount: 0.000001 USD, period: day, on_exceed: downgrade}\n');
    const answer = await ask('thrifty');
    expect([answer.status, answer.body.myriad?.model ?? answer.body.error?.code]).toEqual([402, 'budget_exhausted']);

    const relaxed =
      'kind: App\nname: thrifty-any\ndescription: x\ninstructions: Answer.\naccess: {use: [everyone]}\nexpose: [api]\nbudget: {amount: 0.000001 USD, period: day, on_exceed: downgrade}\n';
    await call(node, 'POST /api/apps', { body: { source: relaxed } });
    await call(node, 'POST /api/apps/thrifty-any/publish', { body: {} });
    const downgraded = await ask('thrifty-any');
    expect([downgraded.status, downgraded.body.myriad?.model]).toEqual([200, 'myriad/extract-1']);
  });

  test('set by the owner binds besides the manifest', async () => {
    const app = await publish('watched', '');
    expect((await ask('watched')).status).toBe(200);
    await call(node, `PUT /api/budgets/app:${app}`, {
      body: { limitMicros: 1, currency: 'USD', period: 'total', onExceed: 'refuse' },
    });
    await expect.poll(async () => (await ask('watched')).status, { timeout: 10_000 }).toBe(402);
    await call(node, `DELETE /api/budgets/app:${app}`);
  });
});

test('a limit on requests answers 429 with Retry-After', async () => {
  await publish('slow-desk', 'limits: {requests_per_minute: 2}\n');
  const answers = [await ask('slow-desk'), await ask('slow-desk'), await ask('slow-desk')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
});

describe('an experiment', () => {
  const experiment = (baseline: string) =>
    `kpi:\n  metric: csat\n  goal: {direction: increase, value: 1 USD per unit}\n  experiment: {unit: user, holdout: 50%, window: 7d, baseline: ${baseline}}\n`;

  test('assigns by the public hash, the same by asking and by running; the holdout meets what the manifest says', async () => {
    await publish('tried', experiment('none'));
    const units = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    const seen = new Set<string>();
    for (const unit of units) {
      const assigned = await call<{ variant: string; reason: string; experiment: string }>(
        node,
        `GET /v1/apps/tried/assignment?unit=${unit}`,
        { key },
      );
      expect(assigned.body).toMatchObject({ reason: 'experiment', experiment: 'tried:csat' });
      const answer = await ask('tried', { myriad: { unit } });
      seen.add(assigned.body.variant);
      if (assigned.body.variant === 'holdout')
        expect([answer.status, answer.body.error?.code]).toEqual([403, 'app_not_served']);
      else expect([answer.status, answer.body.myriad?.variant]).toEqual([200, 'treatment']);
    }
    expect([...seen].sort()).toEqual(['holdout', 'treatment']);
    const runs = await call<{ items: { unit: string; assigned: string; delivered: string; experiment: string }[] }>(
      node,
      'GET /api/runs?app=tried&limit=100',
    );
    expect(runs.body.items).toHaveLength(units.length);
    expect(runs.body.items.every((run) => run.experiment === 'tried:csat' && units.includes(run.unit))).toBe(true);
  });

  test('with the plain model as baseline serves the holdout without instructions, under the same account', async () => {
    await publish('plain-beside', experiment('model'));
    for (let index = 0; index < 12; index += 1) {
      const before = upstream.calls.length;
      const answer = await ask('plain-beside', { myriad: { unit: `user-${index}` } });
      expect(answer.status).toBe(200);
      const sent = JSON.stringify(upstream.calls[before]?.body.messages);
      expect(sent.includes('Answer.')).toBe(answer.body.myriad?.variant === 'treatment');
    }
  });
});
