/** Facts of the business come in: every form over HTTP, corrections, late ones, kills; the sums stay exact. */
import type { AppLiftAnswer, CockpitHealth, KpiEventsAnswer, KpiQualityRow, ReplayAnswer } from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let key: string;
const day = 86_400_000;
const manifest = [
  ...['kind: App', 'name: desk', 'description: Answers at the desk.', 'instructions: Be brief.', 'kpi:'],
  ...['  metric: desk_orders', '  goal: {direction: increase}'],
  '  experiment: {unit: user, holdout: 50%, window: 30d}',
].join('\n');
const units = Array.from({ length: 60 }, (_, index) => `user-${index}`);

beforeAll(async () => {
  node = await startNode();
  key = await createKey(node);
  await call(node, 'POST /api/apps', { body: { source: manifest } });
  expect((await call(node, 'POST /api/apps/desk/publish', { body: { skipEvals: true } })).status).toBe(200);
  const time = Date.now() - 10 * day;
  for (const unit of units)
    expect((await call(node, 'POST /v1/apps/desk/exposures', { key, body: { unit, time } })).status).toBe(200);
});
afterAll(async () => {
  await node?.stop();
});

const send = (body: unknown, headers: Record<string, string> = {}) =>
  call<KpiEventsAnswer>(node, 'POST /v1/kpi/events', {
    ...{ key, headers: { 'content-type': 'application/json', ...headers } },
    raw: typeof body === 'string' ? body : JSON.stringify(body),
  });
const qualityOf = async (kpi: string) =>
  (await call<{ items: KpiQualityRow[] }>(node, 'GET /api/kpi/quality')).body.items.find((row) => row.kpi === kpi);

test('late events and corrections count, survive kill −9, and a replay is the same bit for bit', async () => {
  const now = Date.now();
  const events = units.map((unit, index) => ({
    ...{ id: `order-${unit}`, kpi: 'desk_orders', unit, value: index / 10 },
    // every third one comes five days after it happened
    time: index % 3 === 0 ? now - 5 * day : now - 1_000,
  }));
  // the cockpit learns of the experiment when it reads the log
  await call(node, 'GET /api/cockpit/health');
  expect((await send(events)).body).toMatchObject({ accepted: 60, rejected: [], unknownKpis: [] });
  const corrections = units.slice(0, 10).map((unit, index) => ({
    ...{ id: `fix-${unit}`, corrects: `order-${unit}`, value: 100 + index },
  }));
  expect((await send(corrections)).body).toMatchObject({ accepted: 10, corrected: 10, duplicates: 0 });
  expect((await send(corrections)).body).toMatchObject({ accepted: 0, corrected: 0, duplicates: 10 });
  const lift = (await call<AppLiftAnswer>(node, 'GET /api/cockpit/apps/desk')).body;
  const expected = units.reduce((sum, _, index) => sum + (index < 10 ? 100 + index : index / 10), 0);
  expect(lift.arms.reduce((sum, arm) => sum + arm.sum, 0)).toBeCloseTo(expected, 6);
  const { fingerprint } = (await call<CockpitHealth>(node, 'GET /api/cockpit/health')).body;
  const quality = await qualityOf('desk_orders');
  expect(quality).toMatchObject({
    accepted: 60,
    late: 20,
    corrections: 10,
    duplicates: 0,
    unknownUnits: 0,
    known: true,
  });

  await node.kill();
  node = await startNode({ data: node.data });
  expect((await call<CockpitHealth>(node, 'GET /api/cockpit/health')).body.fingerprint).toBe(fingerprint);
  expect((await call<AppLiftAnswer>(node, 'GET /api/cockpit/apps/desk')).body.arms).toEqual(lift.arms);
  expect(await qualityOf('desk_orders')).toEqual(quality);
  expect((await call<ReplayAnswer>(node, 'POST /api/cockpit/replay')).body).toMatchObject({
    identical: true,
    events: 70,
  });
});

test('a node killed while events pour in keeps every one that it answered for, and sending all again completes them', async () => {
  const batches = Array.from({ length: 40 }, (_, batch) =>
    Array.from({ length: 100 }, (__, index) => ({
      ...{ id: `pour-${batch}-${index}`, kpi: 'poured', unit: `u-${index}`, value: 1, time: Date.now() - 1_000 },
    })),
  );
  let answered = 0;
  const pouring = Promise.allSettled(
    batches.map((batch) =>
      send(batch).then(({ status }) => {
        if (status === 200) answered += 1;
      }),
    ),
  );
  while (answered < 5) await new Promise((resolve) => setTimeout(resolve, 1));
  await node.kill();
  await pouring;
  node = await startNode({ data: node.data });
  const before = await qualityOf('poured');
  expect(before?.accepted).toBeGreaterThanOrEqual(answered * 100);
  expect((before?.accepted ?? 1) % 100).toBe(0);
  let fresh = 0;
  for (const batch of batches) fresh += (await send(batch)).body.accepted;
  expect(fresh + (before?.accepted ?? 0)).toBe(4_000);
  const events = await call<{ items: { kpi: string; events: number }[] }>(node, 'GET /api/kpi');
  expect(events.body.items.find(({ kpi }) => kpi === 'poured')?.events).toBe(4_000);
});

test('CloudEvents come in all three modes; what is wrong is refused, counted and shown with its reason', async () => {
  const now = new Date().toISOString();
  const event = (id: string, data: object) => ({
    ...{ specversion: '1.0', id, source: '/shop', type: 'com.shop.ce_orders', subject: 'user-1', time: now, data },
  });
  const structured = { 'content-type': 'application/cloudevents+json' };
  expect((await send(event('1', { value: 2 }), structured)).body).toMatchObject({
    accepted: 1,
    unknownKpis: ['ce_orders'],
  });
  const batch = [event('1', { value: 2 }), event('2', { value: 3 }), event('3', { value: 'x' })];
  expect((await send(batch, { 'content-type': 'application/cloudevents-batch+json' })).body).toMatchObject({
    ...{ accepted: 1, duplicates: 1, rejected: [{ index: 2, code: 'invalid_value' }] },
  });
  const binary = {
    ...{ 'ce-specversion': '1.0', 'ce-id': '4', 'ce-source': '/shop', 'ce-type': 'com.shop.ce_orders' },
    ...{ 'ce-subject': 'user-1', 'ce-time': now },
  };
  expect((await send({ value: 9 }, binary)).body).toMatchObject({ accepted: 1 });
  expect((await send({ value: 9 }, { ...binary, 'ce-specversion': '2.0' })).status).toBe(400);
  expect((await send(event('1', { value: 2 }), { 'content-type': 'application/cloudevents+avro' })).status).toBe(415);
  expect((await send({ id: 'c', corrects: 'never', value: 1 })).body.rejected).toMatchObject([
    { code: 'unknown_event' },
  ]);
  const ahead = { id: 'ahead', kpi: 'ce_orders', unit: 'u', value: 1, time: Date.now() + 3_600_000 };
  const far = { ...ahead, id: 'far', time: Date.now() + 3 * day };
  expect(
    (
      await send(`${JSON.stringify(ahead)}\n{broken\n${JSON.stringify(far)}\n`, {
        'content-type': 'application/x-ndjson',
      })
    ).body,
  ).toMatchObject({
    ...{ accepted: 1, rejected: [{ code: 'malformed_json' }, { code: 'time_out_of_range' }] },
  });
  const row = await qualityOf('ce_orders');
  expect(row).toMatchObject({ known: false, accepted: 4, duplicates: 1, ahead: 1, unknownUnits: null });
  expect(row?.rejected).toMatchObject([
    { code: 'invalid_value', count: 1, sample: expect.stringContaining('finite number') },
    { code: 'time_out_of_range', count: 1 },
  ]);
  expect((await qualityOf(''))?.rejected.map(({ code }) => code).sort()).toEqual(
    ['invalid_cloudevent', 'malformed_json', 'unknown_event'].sort(),
  );
});
