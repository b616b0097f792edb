/**
 * The OpenFeature Remote Evaluation Protocol, so that another system's feature-flag client learns a unit's variant. The
 * unit is the context's `targetingKey`. Being asked exposes nobody: a flag is often fetched long before it is used, or for
 * nothing. Who shows the variant at once says so with the header `myriad-expose: true` (single flags only), or reports it
 * by `POST /v1/apps/:app/exposures` when it is shown.
 */
import { createHash } from 'node:crypto';
import { type AppRecord, MyriadError, type Subject } from '@myriad/contracts';
import { exposeUnit } from '../exposures/expose-unit.ts';
import { appObject, findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import { isObject } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { evaluateFlag, type FlagAnswer, variantSuffix } from './evaluate-flag.ts';
import { OfrepFailure } from './ofrep-failure.ts';

const bodyBytes = 1_048_576;
/** The protocol has no pages: past these, ask for flags by key. */
const mostPages = 4;

/** `POST /ofrep/v1/evaluate/flags/:key`. */
export async function evaluateOne(house: House, exchange: Exchange, key: string): Promise<void> {
  const subject = await caller(house, exchange);
  const unit = await targetingKey(house, exchange, key);
  const name = key.endsWith(variantSuffix) ? key.slice(0, -variantSuffix.length) : key;
  const app = await findApp(house, name).catch(() => null);
  if (!app || app.name !== name || !mayUse(house, subject, app))
    throw new OfrepFailure(404, 'FLAG_NOT_FOUND', `There is no app "${name.slice(0, 128)}".`, key);
  if (unit === null)
    throw new OfrepFailure(400, 'TARGETING_KEY_MISSING', 'context.targetingKey: expected the name of a unit.', key);
  const assignment = await house.apps.assign(app, unit);
  if (exchange.request.headers['myriad-expose'] === 'true')
    await exposeUnit(house, app, unit, { delivered: assignment.variant, source: 'ofrep' });
  answer(exchange, evaluateFlag(app, key, assignment));
}

/** `POST /ofrep/v1/evaluate/flags`: every published app that the key may use; 304 while nothing changed. */
export async function evaluateAll(house: House, exchange: Exchange): Promise<void> {
  const subject = await caller(house, exchange);
  const unit = await targetingKey(house, exchange, null);
  if (unit === null)
    throw new OfrepFailure(400, 'TARGETING_KEY_MISSING', 'context.targetingKey: expected the name of a unit.', null);
  const flags: FlagAnswer[] = [];
  for (const app of await appsOf(house, subject)) {
    const assignment = await house.apps.assign(app, unit);
    flags.push(evaluateFlag(app, app.name, assignment));
    flags.push(evaluateFlag(app, `${app.name}${variantSuffix}`, assignment));
  }
  const etag = `"${createHash('sha256').update(JSON.stringify(flags)).digest('base64url')}"`;
  const wanted = exchange.request.headers['if-none-match'] ?? '';
  if (wanted === '*' || wanted.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)) {
    exchange.response.writeHead(304, { etag, 'x-request-id': exchange.requestId }).end();
    return;
  }
  answer(exchange, { flags, metadata: { unit: 'targetingKey' } }, { etag });
}

/** A key as a bearer token or as `X-API-Key`; the protocol allows both. */
function caller(house: House, exchange: Exchange): Promise<Subject> {
  const { headers } = exchange.request;
  if (typeof headers['x-api-key'] === 'string' && headers.authorization === undefined)
    headers.authorization = `Bearer ${headers['x-api-key']}`;
  return authenticate(house, exchange);
}

async function targetingKey(house: House, exchange: Exchange, key: string | null): Promise<string | null> {
  let body: unknown;
  try {
    body = await readJsonBody(house, exchange, bodyBytes);
  } catch (error) {
    if (error instanceof MyriadError && error.code === 'malformed_json')
      throw new OfrepFailure(400, 'PARSE_ERROR', error.message, key);
    throw error;
  }
  const context = isObject(body) ? (body.context ?? {}) : null;
  if (!isObject(context)) throw new OfrepFailure(400, 'INVALID_CONTEXT', 'context: expected an object.', key);
  const unit = context.targetingKey;
  if (unit === undefined || unit === null || unit === '') return null;
  if (typeof unit !== 'string' || unit.length > 512)
    throw new OfrepFailure(
      400,
      'INVALID_CONTEXT',
      'context.targetingKey: expected a text of 1 to 512 characters.',
      key,
    );
  return unit;
}

const mayUse = (house: House, subject: Subject, app: AppRecord) =>
  house.org.authorize(subject, 'app.use', appObject(app)).allowed;

async function appsOf(house: House, subject: Subject): Promise<readonly AppRecord[]> {
  // Who may use an app that is open to nobody may use all; the list need not be trimmed.
  const closed = { type: 'app', id: '', tenant, ownerId: null, use: [], edit: [] } as const;
  const all = house.org.authorize(subject, 'app.use', closed).allowed;
  const found: AppRecord[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await house.store.apps.list({
      ...{ tenant, status: 'published', limit: 500 },
      ...(cursor ? { cursor } : {}),
      ...(all ? {} : { principals: house.org.principalsOf(subject) }),
    });
    found.push(...page.items.filter((app) => mayUse(house, subject, app)));
    cursor = page.nextCursor;
    if (!cursor) break;
  }
  return found;
}

function answer(exchange: Exchange, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(exchange.response, 200, body, {
    'x-request-id': exchange.requestId,
    'cache-control': 'no-store',
    ...headers,
  });
}
