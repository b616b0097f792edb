import type { KeyScope } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { appObject, findApp } from '../find-app.ts';
import type { House } from '../house.ts';
import {
  type AdminEnv,
  actorOf,
  check,
  found,
  given,
  need,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
} from './context.ts';

const smallBody = 64 * 1024;
const role = z.enum(['owner', 'builder', 'member']);
const groupName = z.string().regex(/^[\w.-]{1,64}$/, 'expected letters, digits, _ . or -, at most 64');
const scope = z.enum(['runs:write', 'runs:read', 'kpi:write', 'knowledge:write', 'apps:write', 'drive', 'admin']);
const defaultScopes: readonly KeyScope[] = ['runs:write', 'runs:read', 'kpi:write'];

/** People, groups, invites and keys. */
export function peopleRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();

  routes.get('/people', async (c) => {
    need(house, c, 'people.read');
    const query = readQuery(c, pageQuery.extend({ search: z.string().max(200).optional() }));
    return c.json(await house.store.org.people({ ...pageOf(query), ...given({ search: query.search }) }));
  });
  routes.patch('/people/:id', async (c) => {
    const actor = need(house, c, 'people.manage');
    const change = await readJson(
      c,
      z.strictObject({
        role: role.optional(),
        groups: z.array(groupName).max(200).optional(),
        disabled: z.boolean().optional(),
      }),
      smallBody,
    );
    return c.json(await house.org.updatePerson(c.req.param('id'), given(change), actor));
  });
  routes.get('/groups', async (c) => {
    need(house, c, 'people.read');
    return c.json({ items: await house.org.groups() });
  });
  routes.put('/groups/:name', async (c) => {
    const actor = need(house, c, 'people.manage');
    const name = check(groupName, c.req.param('name'), 'name');
    const { members } = await readJson(
      c,
      z.strictObject({ members: z.array(z.string().max(128)).max(100_000) }),
      8 * 1024 * 1024,
    );
    return c.json(await house.org.saveGroup(name, members, actor));
  });
  routes.delete('/groups/:name', async (c) => {
    await house.org.deleteGroup(c.req.param('name'), need(house, c, 'people.manage'));
    return c.json({ ok: true } as const);
  });
  routes.get('/invites', async (c) => {
    need(house, c, 'people.manage');
    return c.json({ items: await house.org.invites() });
  });
  routes.post('/invites', async (c) => {
    const actor = need(house, c, 'people.manage');
    const wanted = await readJson(
      c,
      z.strictObject({ email: z.email().optional(), role, groups: z.array(groupName).max(200).optional() }),
      smallBody,
    );
    return c.json(
      await house.org.invite({ role: wanted.role, ...given({ email: wanted.email, groups: wanted.groups }) }, actor),
      201,
    );
  });
  routes.delete('/invites/:id', async (c) => {
    await house.org.revokeInvite(c.req.param('id'), need(house, c, 'people.manage'));
    return c.json({ ok: true } as const);
  });

  routes.get('/keys', async (c) => {
    const query = readQuery(c, pageQuery.extend({ owner: z.string().max(128).optional() }));
    const self = actorOf(c.get('subject'));
    const ownerId = query.owner ?? self;
    const subject = need(house, c, 'key.manage', { type: 'key', ownerId });
    const everyone =
      query.owner === undefined && house.org.authorize(subject, 'people.manage', { type: 'house' }).allowed;
    return c.json(await house.store.org.keys({ ...pageOf(query), ...(everyone ? {} : { ownerId }) }));
  });
  routes.post('/keys', async (c) => {
    const wanted = await readJson(
      c,
      z.strictObject({
        name: z.string().trim().min(1).max(200),
        scopes: z.array(scope).min(1).optional(),
        apps: z.array(z.string().max(128)).max(1_000).optional(),
        forApp: z.string().max(128).optional(),
        expiresAt: z.number().int().positive().nullable().optional(),
      }),
      smallBody,
    );
    const owner = wanted.forApp ? await findApp(house, wanted.forApp) : null;
    const actor = owner
      ? need(house, c, 'app.edit', appObject(owner))
      : need(house, c, 'key.manage', { type: 'key', ownerId: actorOf(c.get('subject')) });
    const created = await house.org.createKey(
      {
        ...given({ apps: wanted.apps, forApp: owner?.id, expiresAt: wanted.expiresAt }),
        name: wanted.name,
        scopes: wanted.scopes ?? defaultScopes,
      },
      actor,
    );
    return c.json(created, 201);
  });
  routes.delete('/keys/:id', async (c) => {
    const key = await found(house.store.org.key(c.req.param('id')), 'key');
    await house.org.revokeKey(key, need(house, c, 'key.manage', { type: 'key', id: key.id, ownerId: key.ownerId }));
    return c.json({ ok: true } as const);
  });
  return routes;
}
