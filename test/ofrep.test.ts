/** Other systems ask for variants: the official OpenFeature SDK and OFREP provider against a real node. */
import type { AppLiftAnswer, AssignmentAnswer, ExposureAnswer } from '@myriad/contracts';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let key: string;
const manifest = [
  ...['kind: App', 'name: desk', 'description: Answers at the desk.', 'instructions: Be brief.', 'kpi:'],
  ...['  metric: desk_orders', '  goal: {direction: increase}'],
  '  experiment: {unit: user, holdout: 50%, window: 7d}',
].join('\n');
const units = Array.from({ length: 40 }, (_, index) => `user-${index}`);

beforeAll(async () => {
  node = await startNode();
  await call(node, 'POST /api/apps', { body: { source: manifest } });
  expect((await call(node, 'POST /api/apps/desk/publish', { body: { skipEvals: true } })).status).toBe(200);
  key = await createKey(node, ['runs:write']);
});
afterAll(async () => {
  await OpenFeature.close();
  await node?.stop();
});

const variantOf = async (unit: string) =>
  (await call<AssignmentAnswer>(node, `GET /v1/apps/desk/assignment?unit=${unit}`, { key })).body.variant;
const exposures = async () =>
  (await call<AppLiftAnswer>(node, 'GET /api/cockpit/apps/desk')).body.arms?.reduce((sum, arm) => sum + arm.units, 0);

test('the official provider gives each unit the variant that an assignment names, and exposes nobody', async () => {
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: node.url, headers: [['authorization', `Bearer ${key}`]] }),
  );
  const client = OpenFeature.getClient();
  const seen = new Set<string>();
  for (const targetingKey of units) {
    const variant = await variantOf(targetingKey);
    seen.add(variant);
    const served = await client.getBooleanDetails('desk', false, { targetingKey });
    expect(served).toMatchObject({ value: variant === 'treatment', variant, reason: 'SPLIT' });
    expect(served.flagMetadata).toMatchObject({ experiment: 'desk:desk_orders', app: 'desk' });
    expect(await client.getStringValue('desk.variant', 'none', { targetingKey })).toBe(variant);
  }
  expect([...seen].sort()).toEqual(['holdout', 'treatment']);
  expect((await call(node, 'GET /api/cockpit/apps/desk')).status).toBe(404);
});

test('the official provider hears of a missing flag, a missing unit and a wrong type in OpenFeature’s own codes', async () => {
  const client = OpenFeature.getClient();
  const errorOf = async (flag: string, context: object) =>
    (await client.getBooleanDetails(flag, true, context as never)).errorCode;
  expect(await errorOf('nothing', { targetingKey: 'user-1' })).toBe('FLAG_NOT_FOUND');
  expect(await errorOf('desk', {})).toBe('TARGETING_KEY_MISSING');
  expect((await client.getNumberDetails('desk', 3, { targetingKey: 'user-1' })).errorCode).toBe('TYPE_MISMATCH');
});

test('bulk lists every flag of the key with an ETag, answers 304 while nothing changed, and again after a change', async () => {
  const ask = (headers: Record<string, string> = {}, context: object = { targetingKey: 'user-1' }) =>
    call<{ flags: { key: string; value: unknown }[]; errorCode: string }>(node, 'POST /ofrep/v1/evaluate/flags', {
      ...{ key: null, headers: { 'x-api-key': key, ...headers }, body: { context } },
    });
  const first = await ask();
  const etag = first.headers.get('etag') as string;
  expect(first.body.flags.map((flag) => flag.key)).toEqual(
    expect.arrayContaining(['desk', 'desk.variant', 'assistant']),
  );
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  expect((await ask({}, {})).body).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  await call(node, 'POST /api/apps/desk/status', { body: { status: 'stopped' } });
  const stopped = await call<object>(node, 'POST /ofrep/v1/evaluate/flags/desk', {
    ...{ key, body: { context: { targetingKey: 'user-1' } } },
  });
  expect(stopped.body).toMatchObject({ key: 'desk', value: false, reason: 'DISABLED' });
  expect((await ask({ 'if-none-match': etag })).status).toBe(200);
  await call(node, 'POST /api/apps/desk/status', { body: { status: 'published' } });
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
});

test('a refusal has the protocol’s shape: no key, no JSON, no object', async () => {
  const ask = (options: object) => call<object>(node, 'POST /ofrep/v1/evaluate/flags/desk', options);
  expect((await ask({ key: null, body: {} })).status).toBe(401);
  expect(await ask({ key, raw: '{' })).toMatchObject({ status: 400, body: { key: 'desk', errorCode: 'PARSE_ERROR' } });
  expect(await ask({ key, body: { context: 7 } })).toMatchObject({
    status: 400,
    body: { errorCode: 'INVALID_CONTEXT' },
  });
  const kpiOnly = await createKey(node, ['kpi:write']);
  expect((await ask({ key: kpiOnly, body: { context: { targetingKey: 'u' } } })).status).toBe(404);
});

test('a unit is exposed when its variant is shown: by the header, or by a report, and once', async () => {
  const shown = (unit: string) =>
    call(node, 'POST /ofrep/v1/evaluate/flags/desk', {
      ...{ key, headers: { 'myriad-expose': 'true' }, body: { context: { targetingKey: unit } } },
    });
  for (const unit of units.slice(0, 20)) expect((await shown(unit)).status).toBe(200);
  const report = (unit: string, body: object = {}) =>
    call<ExposureAnswer>(node, 'POST /v1/apps/desk/exposures', { key, body: { unit, ...body } });
  expect((await report('user-1')).body).toMatchObject({ first: false });
  for (const unit of units.slice(20)) expect((await report(unit)).body).toMatchObject({ first: true });
  expect(await exposures()).toBe(40);
  expect((await report('user-x', { time: 'never' })).status).toBe(400);
  expect((await report('')).status).toBe(400);
});
