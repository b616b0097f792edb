/** Experiments end to end: planned, started, served by arm, kept over a kill, shipped and taken back; the command too. */
import type {
  AppDetail,
  ConsolidationAnswer,
  Decision,
  ExperimentPlanAnswer,
  ExperimentRow,
  GlobalHoldoutAnswer,
  ManagedExperiment,
  RunRecord,
} from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './support/operator.ts';
import { type RunningNode, runCommand, startNode } from './support/start-node.ts';

let node: RunningNode;
beforeAll(async () => {
  node = await startNode();
  await call(node, 'POST /api/apps', { body: { source: manifest('Be brief.') } });
  await call(node, 'POST /api/apps/till/publish', { body: { skipEvals: true } });
  await call(node, 'POST /api/apps/till/publish', {
    body: { source: manifest('Be brief and kind.'), skipEvals: true },
  });
  const kpi = {
    title: { en: 'Complaints', zh: '投诉' },
    ...{ type: 'mean', direction: 'decrease', unit: 'complaints', windowMs: 604_800_000 },
    ...{ valueMicrosPerUnit: null, currency: null, cap: null, denominator: null, historyMs: null },
    ...{ owner: 'finance', role: 'guardrail' },
  };
  expect((await call(node, 'PUT /api/kpis/till_complaints', { body: kpi })).status).toBe(200);
});
afterAll(() => node?.stop());

const manifest = (instructions: string) =>
  [
    'kind: App',
    'name: till',
    'description: Answers at the till.',
    `instructions: ${instructions}`,
    'kpi:',
    '  metric: till_orders',
    '  goal: {direction: increase}',
    '  experiment: {unit: user, holdout: 10%, window: 7d, guardrails: [till_complaints]}',
  ].join('\n');

const request = { app: 'till', control: 'version:1', treatment: 'current', guardrails: ['till_complaints'] };
const current = async () => (await call<AppDetail>(node, 'GET /api/apps/till')).body.app.currentVersion;
const ask = (unit: string) =>
  call(node, 'POST /v1/chat/completions', {
    body: { model: 'app:till', myriad: { unit }, messages: [{ role: 'user', content: 'Hello?' }] },
  });

test('version against version: each unit meets its arm, a kill keeps it, shipping moves everyone and one step goes back', async () => {
  const refused = await call<{ title: string; detail: string }>(node, 'POST /api/experiments', {
    body: { ...request, guardrails: [] },
  });
  expect(refused.status).toBe(400);
  expect(refused.body.detail).toContain('guardrail');
  const bad = await call(node, 'POST /api/experiments/plan', { body: { ...request, control: 'version:zero' } });
  expect(bad.status).toBe(400);
  const plan = await call<ExperimentPlanAnswer>(node, 'POST /api/experiments/plan', {
    body: { ...request, mean: 10, standardDeviation: 4, unitsPerDay: 500 },
  });
  expect(plan.body.problems).toEqual([]);
  expect(plan.body.unitsNeeded).toBeGreaterThan(500);

  const version2 = await current();
  const started = await call<{ experiment: ManagedExperiment; decision: Decision }>(node, 'POST /api/experiments', {
    body: request,
  });
  expect(started.status).toBe(201);
  const { experiment } = started.body;
  for (let index = 0; index < 12; index += 1) expect((await ask(`till-user-${index}`)).status).toBe(200);
  const runs = await call<{ items: RunRecord[] }>(node, 'GET /api/runs?limit=50');
  const mine = runs.body.items.filter(({ experiment: key }) => key === experiment.key);
  expect(mine).toHaveLength(12);
  for (const run of mine) expect(run.version === version2).toBe(run.assigned === 'treatment');
  expect(new Set(mine.map(({ assigned }) => assigned)).size).toBe(2);

  await node.kill();
  node = await startNode({ data: node.data });
  const rows = await call<{ items: ExperimentRow[] }>(node, 'GET /api/cockpit/experiments');
  expect(rows.body.items.find(({ id }) => id === experiment.id)).toMatchObject({
    ...{ units: 12, baseline: 'version:1', treatment: 'current', status: 'running', verdict: 'Too early' },
  });
  const shipped = await call<{ decision: Decision }>(node, `POST /api/experiments/${experiment.id}`, {
    body: { action: 'ship', winner: 'control' },
  });
  expect(shipped.status).toBe(200);
  expect(await current()).not.toBe(version2);
  await call(node, `POST /api/decisions/${shipped.body.decision.id}`, { body: { action: 'undo' } });
  expect(await current()).toBe(version2);
  const again = await call(node, `POST /api/experiments/${experiment.id}`, { body: { action: 'stop' } });
  expect(again.status).toBe(409);
});

test('a unit of the global holdout meets no app, and the answer says how many there are', async () => {
  expect((await call(node, 'PUT /api/cockpit/holdout', { body: { ratio: 0.9 } })).status).toBe(400);
  const decision = await call<Decision>(node, 'PUT /api/cockpit/holdout', { body: { ratio: 0.2 } });
  expect(decision.body).toMatchObject({ kind: 'holdout', from: 0, to: 0.2, status: 'applied' });
  let held = '';
  for (let index = 0; held === ''; index += 1) {
    const unit = `kept-${index}`;
    const { body } = await call<{ reason: string }>(node, `GET /v1/apps/till/assignment?unit=${unit}`);
    if (body.reason === 'global_holdout') held = unit;
  }
  expect((await ask(held)).status).toBe(403);
  await ask('till-user-500');
  const answer = await call<GlobalHoldoutAnswer>(node, 'GET /api/cockpit/holdout');
  expect(answer.body).toMatchObject({ ratio: 0.2, heldOut: 1 });
  await call(node, `POST /api/decisions/${decision.body.id}`, { body: { action: 'undo' } });
  expect((await call<GlobalHoldoutAnswer>(node, 'GET /api/cockpit/holdout')).body.ratio).toBe(0);
});

const command = (args: readonly string[]) => runCommand([...args, '--data', node.data]);

test('consolidation names what each model was used for, and the command plans and lists', async () => {
  const { body } = await call<ConsolidationAnswer>(node, 'GET /api/cockpit/consolidation?days=7');
  expect(body.rows.flatMap(({ apps }) => apps.map(({ app }) => app))).toContain('till');
  const inPlan = await command(['experiment', 'plan', 'till', '--control', 'version:1']);
  expect(inPlan.code).toBe(5);
  expect(inPlan.out).toContain('In the way: Name at least one guardrail');
  const started = await command([
    ...['experiment', 'start', 'till', '--control', 'none', '--share', '20%', '--guardrail', 'till_complaints'],
    '--json',
  ]);
  expect(started.code).toBe(0);
  const { experiment } = JSON.parse(started.out) as { experiment: ManagedExperiment };
  expect(experiment).toMatchObject({ controlRatio: 0.2, status: 'running' });
  expect((await command(['experiment', 'list'])).out).toContain(experiment.id);
  expect((await command(['experiment', 'stop', experiment.id])).code).toBe(0);
  expect((await command(['experiment', 'ship', experiment.id])).code).not.toBe(0);
});
