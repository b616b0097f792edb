/** The loop, end to end: events over HTTP → verdict over HTTP; a kill in the middle; the sample company; the commands. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AppLiftAnswer,
  CockpitHealth,
  Decision,
  DemandAnswer,
  PortfolioAnswer,
  ReplayAnswer,
  StopState,
} from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, runCommand, startNode } from './support/start-node.ts';

let node: RunningNode;
/** Beside the checkout, or beside the folder of a worktree. */
const shared =
  ['../../shared/lift', '../../../shared/lift'].map((path) => join(import.meta.dirname, path)).find(existsSync) ?? '';

beforeAll(async () => {
  node = await startNode();
});
afterAll(async () => {
  await node?.stop();
});

const manifest = [
  'kind: App',
  'name: desk',
  'description: Answers at the desk.',
  'instructions: Be brief.',
  'kpi:',
  '  metric: desk_orders',
  '  goal: {direction: increase, value: 2 USD per unit}',
  '  experiment: {unit: user, holdout: 50%, window: 7d}',
].join('\n');

test('runs expose units, events over HTTP become a verdict, and a kill −9 changes no bit of it', async () => {
  await call(node, 'POST /api/apps', { body: { source: manifest } });
  expect((await call(node, 'POST /api/apps/desk/publish', { body: { skipEvals: true } })).status).toBe(200);
  const key = await createKey(node);
  const units = Array.from({ length: 90 }, (_, index) => `user-${index}`);
  for (let at = 0; at < units.length; at += 15)
    await Promise.all(
      units.slice(at, at + 15).map((unit) =>
        call(node, 'POST /v1/chat/completions', {
          key,
          body: { model: 'app:desk', myriad: { unit }, messages: [{ role: 'user', content: 'Hello?' }] },
        }),
      ),
    );
  const assigned = new Map<string, string>();
  for (const unit of units) {
    const { body } = await call<{ variant: string }>(node, `GET /v1/apps/desk/assignment?unit=${unit}`, { key });
    assigned.set(unit, body.variant);
  }
  const now = Date.now();
  const events = units.map((unit, index) => ({
    id: `order-${unit}`,
    kpi: 'desk_orders',
    unit,
    value: (index % 7) / 10 + (assigned.get(unit) === 'treatment' ? 5 : 1),
    time: now + 1_000,
  }));
  for (let twice = 0; twice < 2; twice += 1)
    expect((await call(node, 'POST /v1/kpi/events', { key, body: events })).status).toBe(200);

  const before = (await call<AppLiftAnswer>(node, 'GET /api/cockpit/apps/desk')).body;
  expect(before.arms.map(({ units: count }) => count).reduce((a, b) => a + b)).toBe(90);
  expect(before.arms[1]?.units).toBe([...assigned.values()].filter((variant) => variant === 'treatment').length);
  expect(before.counted).toMatchObject({ counted: 90, unknownUnits: 0 });
  expect(before.row.absolute?.low).toBeGreaterThan(2);
  expect(before.row.absolute?.high).toBeLessThan(6);
  expect(before.row.verdict).toBe('Too early');
  expect(before.row.because.en).toContain('90 units');
  const { fingerprint } = (await call<CockpitHealth>(node, 'GET /api/cockpit/health')).body;

  await node.kill();
  node = await startNode({ data: node.data });
  expect((await call<CockpitHealth>(node, 'GET /api/cockpit/health')).body.fingerprint).toBe(fingerprint);
  const after = (await call<AppLiftAnswer>(node, 'GET /api/cockpit/apps/desk')).body;
  expect(after.arms).toEqual(before.arms);
  expect((await call<ReplayAnswer>(node, 'POST /api/cockpit/replay')).body.identical).toBe(true);
});

test('who may not read business figures is refused, and a stopped app refuses runs until it is resumed', async () => {
  for (const route of ['GET /api/cockpit/portfolio', 'GET /api/decisions', 'POST /api/cockpit/stop'])
    expect((await call(node, route, { key: null })).status).toBe(401);
  const key = await createKey(node, ['runs:write']);
  expect((await call(node, 'POST /api/cockpit/stop', { key, body: { what: 'everything' } })).status).toBe(403);
  const stopped = await call<{ decision: Decision; state: StopState }>(node, 'POST /api/cockpit/stop', {
    body: { what: 'app', name: 'desk' },
  });
  expect(stopped.body.state.apps).toEqual(['desk']);
  let free = '';
  for (let index = 0; free === ''; index += 1) {
    const unit = `user-${index}`;
    const answer = await call<{ variant: string }>(node, `GET /v1/apps/desk/assignment?unit=${unit}`);
    if (answer.body.variant === 'treatment') free = unit;
  }
  const body = { model: 'app:desk', myriad: { unit: free }, messages: [{ role: 'user', content: 'Hello?' }] };
  expect((await call(node, 'POST /v1/chat/completions', { body })).status).toBe(403);
  const undone = await call<Decision>(node, `POST /api/decisions/${stopped.body.decision.id}`, {
    body: { action: 'undo' },
  });
  expect(undone.body.status).toBe('undone');
  expect((await call(node, 'POST /v1/chat/completions', { body })).status).toBe(200);
  const audit = await call<{ items: { action: string }[] }>(node, 'GET /api/audit');
  expect(audit.body.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['decision.apply', 'decision.undo']),
  );
});

test('the sample company fills the cockpit, says its truth, survives a kill, and goes without a trace', async () => {
  const loaded = await runCommand(['demo', '--data', node.data]);
  expect(loaded.err).toBe('');
  expect(loaded.code).toBe(0);
  const { rows, needsYou, headline } = (await call<PortfolioAnswer>(node, 'GET /api/cockpit/portfolio?sample=only'))
    .body;
  expect(rows).toHaveLength(6);
  expect(rows.every(({ sample, app }) => sample && app.startsWith('sample-'))).toBe(true);
  expect(new Set(rows.map(({ verdict }) => verdict)).size).toBeGreaterThanOrEqual(4);
  expect(rows.filter(({ truth }) => truth?.insideInterval).length).toBeGreaterThanOrEqual(5);
  expect(rows.find(({ app }) => app === 'sample-slow-answers')?.verdict).toBe('Retire');
  expect(rows.find(({ app }) => app === 'sample-leaky-cache')?.blockedReason).toBe('contaminated');
  expect(rows.find(({ app }) => app === 'sample-chatty-seller')?.guardrails.tripped).toEqual(['sample_complaints']);
  expect(rows.find(({ app }) => app === 'sample-shop-guide')?.verdict).not.toBe('Grow');
  expect(needsYou.length).toBeGreaterThan(0);
  // the sample's money is not the house's
  const house = (await call<PortfolioAnswer>(node, 'GET /api/cockpit/portfolio')).body;
  expect(house.headline.apps).toBe(1);
  expect(headline.apps).toBe(6);
  expect(
    (await call<{ rows: { costMicros: number }[] }>(node, 'GET /api/spend')).body.rows.every(
      (row) => row.costMicros < 1e6,
    ),
  ).toBe(true);
  const grow = needsYou.find(({ kind, verdict }) => kind === 'share' && verdict === 'Grow');
  expect(
    (await call<Decision>(node, `POST /api/decisions/${grow?.id}`, { body: { action: 'approve' } })).body.status,
  ).toBe('applied');
  await node.kill();
  node = await startNode({ data: node.data });
  const replay = await runCommand(['lift', 'replay', '--json', '--data', node.data]);
  expect(JSON.parse(replay.out)).toMatchObject({ identical: true });
  const again = (await call<PortfolioAnswer>(node, 'GET /api/cockpit/portfolio?sample=only')).body;
  expect(again.rows.map(({ absolute, sparkline }) => [absolute, sparkline])).toEqual(
    rows.map(({ absolute, sparkline }) => [absolute, sparkline]),
  );
  expect(again.rows.find(({ appId }) => appId === grow?.appId)?.share).toBeCloseTo(1.25, 6);
  expect((await runCommand(['demo', '--data', node.data])).code).toBe(2);
  expect((await runCommand(['demo', '--remove', '--data', node.data])).code).toBe(0);
  const left = (await call<PortfolioAnswer>(node, 'GET /api/cockpit/portfolio')).body;
  expect(left).toMatchObject({ sample: false, needsYou: [] });
  expect(left.rows.map(({ app }) => app)).toEqual(['desk']);
});

test('questions that nobody served well stand in the demand map, masked', async () => {
  await call(node, 'POST /api/apps', {
    body: {
      source: 'kind: App\nname: shelf\ndescription: Shelf.\ninstructions: Quote.\nknowledge: ["conversation:this"]',
    },
  });
  await call(node, 'POST /api/apps/shelf/publish', { body: { skipEvals: true } });
  const { body: opened } = await call<{ conversation: { id: string } }>(node, 'POST /api/conversations', {
    body: { app: 'assistant' },
  });
  const text = 'How long is the parental leave for anna@corp.example?';
  const sent = await call(node, `POST /api/conversations/${opened.conversation.id}/messages`, {
    body: { parentId: null, text },
  });
  expect(sent.status).toBeLessThan(300);
  let clusters: DemandAnswer['clusters'] = [];
  for (let tries = 0; tries < 50 && clusters.length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    clusters = (await call<DemandAnswer>(node, 'GET /api/cockpit/demand')).body.clusters;
  }
  expect(clusters[0]).toMatchObject({
    count: 1,
    reasons: { notFound: 1 },
    title: 'How long is the parental leave for [e-mail]?',
  });
  expect(clusters[0]?.draftManifest).toContain('kind: App');
});

test('`kpi define` registers a definition and `kpi list` shows it', async () => {
  const define = [
    'kpi',
    'define',
    'refund_hours',
    '--direction',
    'decrease',
    '--unit',
    'hours',
    '--value',
    '1.50 USD',
    '--cap',
    '200',
  ];
  expect((await runCommand([...define, '--data', node.data])).code).toBe(0);
  const { out } = await runCommand(['kpi', 'list', '--json', '--data', node.data]);
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({
      name: 'refund_hours',
      valueMicrosPerUnit: 1_500_000,
      cap: 200,
      version: 1,
      frozenAt: null,
    }),
  );
  expect((await runCommand(['kpi', 'define', 'x y', '--data', node.data])).code).toBe(2);
});

test('`kpi define` registers a quantile with its share, and refuses it without one or with a worth', async () => {
  const define = (name: string, ...more: readonly string[]) =>
    runCommand(['kpi', 'define', name, '--type', 'quantile', ...more, '--data', node.data, '--json']);
  const { out, code } = await define('wait', '--quantile', '0.9', '--direction', 'decrease', '--unit', 'hours');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ type: 'quantile', quantile: 0.9, valueMicrosPerUnit: null, version: 1 });
  for (const wrong of [[], ['--quantile', '1.2'], ['--quantile', '0.9', '--value', '2 USD']])
    expect((await define('other', ...wrong)).code).toBe(2);
  expect((await runCommand(['kpi', 'define', 'mean', '--quantile', '0.9', '--data', node.data])).code).toBe(2);
});

test('`lift analyse` reads anyone’s file, counts and names bad rows, and says what it does not understand', async () => {
  const folder = emptyFolder('lift');
  const file = join(folder, 'orders.csv');
  const lines = ['who;arm;spend'];
  for (let index = 0; index < 400; index += 1)
    lines.push(`u${index};${index % 2 ? 'B' : 'A'};${(index % 10) + (index % 2 ? 4 : 0)}`);
  lines.push('u1000;A;not a number', 'u1001;B');
  writeFileSync(file, lines.join('\n'));
  const args = ['lift', 'analyse', file, '--unit', 'who', '--variant', 'arm', '--control', 'A', '--kpi', 'spend:mean'];
  const { out, code } = await runCommand([...args, '--sequential', '--json']);
  expect(code).toBe(0);
  const result = JSON.parse(out);
  expect(result.rows).toEqual({ read: 402, used: 400, bad: 2 });
  expect(result.badRows.map(({ line }: { line: number }) => line)).toEqual([402, 403]);
  // A holds the even digits (mean 4), B the odd ones (mean 5) and 4 more
  expect(result.arms[0].kpis[0].comparison.difference).toBeCloseTo(5, 10);
  const text = await runCommand(args);
  expect(text.out).toContain('402 rows read, 400 used, 2 bad');
  expect((await runCommand([...args.slice(0, -1), 'nothing:mean'])).code).toBe(2);
});

test('`lift analyse` keeps the rows after an unclosed quote, and --tuning and --weight change what they say', async () => {
  const file = join(emptyFolder('lift'), 'visits.csv');
  const lines = ['who,arm,spend,note'];
  // three of four in B
  for (let index = 0; index < 4_000; index += 1)
    lines.push(`u${index},${index % 4 ? 'B' : 'A'},${(index * 7) % 11},${index === 9 ? '"left open' : 'fine'}`);
  writeFileSync(file, lines.join('\n'));
  const args = ['lift', 'analyse', file, '--unit', 'who', '--variant', 'arm', '--control', 'A', '--kpi', 'spend:mean'];
  const ask = async (...more: readonly string[]) => JSON.parse((await runCommand([...args, ...more, '--json'])).out);
  const equal = await ask('--sequential');
  expect(equal.rows).toEqual({ read: 4_000, used: 3_999, bad: 1 });
  expect(equal.badRows).toEqual([{ line: 11, reason: expect.stringContaining('a quote that never closes') }]);
  expect(equal.sampleRatio.mismatch).toBe(true);
  const planned = await ask('--sequential', '--weight', 'A=1', '--weight', 'B=3');
  expect(planned.sampleRatio).toMatchObject({ mismatch: false, sequentialPValue: 1 });
  const width = (result: typeof equal) => {
    const [low, high] = result.arms[0].kpis[0].comparison.interval;
    return high - low;
  };
  // tightest at N*: near the size of the file narrower than far from it
  const near = await ask('--sequential', '--tuning', '4000');
  const far = await ask('--sequential', '--tuning', '400000');
  expect(near.looks).toEqual({ kind: 'sequential', tuning: 4_000 });
  expect(width(near)).toBeLessThan(width(far));
  for (const wrong of [
    ['--tuning', '0'],
    ['--weight', 'A'],
    ['--weight', 'A=x'],
  ])
    expect((await runCommand([...args, ...wrong])).code).toBe(2);
});

test('`lift verify` passes what is right and fails what is wrong, with an exit code for each', async () => {
  const file = join(emptyFolder('lift'), 'vectors.json');
  const row = (id: string, expected: number) => ({
    id,
    topic: 'srm',
    input: { observed: [1000, 1200], expected_weights: [0.5, 0.5] },
    expected,
    tol: 1e-8,
  });
  writeFileSync(file, JSON.stringify({ vectors: [row('wrong', 0.5)] }));
  expect((await runCommand(['lift', 'verify', file, '--json'])).code).toBe(5);
  expect((await runCommand(['lift', 'verify', join(file, 'none')])).code).toBe(2);
  if (!existsSync(join(shared, 'vectors.json'))) {
    console.warn('SKIPPED: ../shared/lift is not beside this checkout; its vectors were NOT checked by the command.');
    return;
  }
  const { out, code } = await runCommand(['lift', 'verify', join(shared, 'vectors.json'), '--json']);
  expect(JSON.parse(out)).toMatchObject({ failed: 0 });
  expect(code).toBe(0);
});
