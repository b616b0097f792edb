/** `GET /v1/models`: base models, and the caller's apps as `app:<name>`. */
import { MyriadError } from '@myriad/contracts';
import { appObject, findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import { sendJson } from '../http/problem.ts';
import { authenticate, type Exchange } from './exchange.ts';

interface WireModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
  readonly myriad?: object;
}

/** At most 1,000 apps are listed; `?after=` continues, as a registry may hold a million. */
export async function listModels(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  const may = house.org.authorize(subject, 'model.use', { type: 'house' }).allowed;
  const models: WireModel[] = may
    ? house.models
        .list()
        .filter((endpoint) => endpoint.enabled)
        .map((endpoint) => ({
          id: endpoint.name,
          object: 'model',
          created: Math.floor(house.startedAt / 1000),
          owned_by: endpoint.provider,
          myriad: { capabilities: endpoint.capabilities, context_tokens: endpoint.contextTokens },
        }))
    : [];
  let cursor = exchange.url.searchParams.get('after');
  const all = house.org.authorize(subject, 'settings.manage', { type: 'house' }).allowed;
  for (let pages = 0; pages < 2; pages += 1) {
    const page = await house.store.apps.list({
      tenant,
      status: 'published',
      expose: 'api',
      limit: 500,
      ...(cursor ? { cursor } : {}),
      ...(all ? {} : { principals: house.org.principalsOf(subject) }),
    });
    for (const app of page.items) {
      if (!house.org.authorize(subject, 'app.use', appObject(app)).allowed) continue;
      models.push({
        id: `app:${app.name}`,
        object: 'model',
        created: Math.floor(app.createdAt / 1000),
        owned_by: app.ownerId,
        myriad: { title: { en: app.titleEn, zh: app.titleZh }, version: app.versionNumber },
      });
    }
    cursor = page.nextCursor;
    if (!cursor) break;
  }
  sendJson(
    exchange.response,
    200,
    { object: 'list', data: models, ...(cursor ? { has_more: true, next: cursor } : { has_more: false }) },
    { 'x-request-id': exchange.requestId },
  );
}

/** `GET /v1/models/:id`. */
export async function showModel(house: House, exchange: Exchange, id: string): Promise<void> {
  const subject = await authenticate(house, exchange);
  if (id.startsWith('app:')) {
    const app = await findApp(house, id.slice(4));
    if (!house.org.authorize(subject, 'app.use', appObject(app)).allowed)
      throw new MyriadError('model_not_found', `There is no model "${id}".`);
    sendJson(
      exchange.response,
      200,
      { id, object: 'model', created: Math.floor(app.createdAt / 1000), owned_by: app.ownerId },
      { 'x-request-id': exchange.requestId },
    );
    return;
  }
  const endpoint = house.models.list().find(({ name, enabled }) => name === id && enabled);
  if (!endpoint || !house.org.authorize(subject, 'model.use', { type: 'house' }).allowed)
    throw new MyriadError('model_not_found', `There is no model "${id}".`);
  sendJson(
    exchange.response,
    200,
    { id, object: 'model', created: Math.floor(house.startedAt / 1000), owned_by: endpoint.provider },
    { 'x-request-id': exchange.requestId },
  );
}
