import { resolve } from 'node:path';
import { MyriadError, type NodeStatus } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { budgetView } from '../budgets.ts';
import { findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import {
  type AdminEnv,
  actorOf,
  check,
  found,
  given,
  need,
  needHidden,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
} from './context.ts';

const dayMs = 86_400_000;
const budgetScope = z
  .string()
  .regex(
    /^(org|(app|key|person|group):[\w.-]{1,128})$/,
    'expected org, app:<id>, key:<id>, person:<id> or group:<name>',
  );
const time = z.coerce.number().int().min(0);

/** Runs, spend, budgets, KPI summary, audit chain, status and backup. */
export function operateRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { ledger, kpi, audit } = house.store;

  routes.get('/runs', async (c) => {
    const query = readQuery(
      c,
      pageQuery.extend({
        app: z.string().max(128).optional(),
        person: z.string().max(128).optional(),
        status: z.enum(['ok', 'error', 'aborted', 'refused', 'lost']).optional(),
        surface: z.enum(['openai', 'anthropic', 'mcp', 'page', 'cli', 'eval', 'system']).optional(),
        model: z.string().max(200).optional(),
        from: time.optional(),
        to: time.optional(),
      }),
    );
    const subject = c.get('subject');
    // Whoever may not see everybody's runs sees their own.
    const all = house.org.authorize(subject, 'run.list', { type: 'house' }).allowed;
    if (!all) need(house, c, 'run.read', { type: 'run', ownerId: actorOf(subject) });
    const appId = query.app ? (await findApp(house, query.app)).id : undefined;
    const filter = given({
      appId,
      personId: all ? query.person : actorOf(subject),
      status: query.status,
      surface: query.surface,
      model: query.model,
      from: query.from,
      to: query.to,
    });
    return c.json(await ledger.runs({ ...pageOf(query), tenant, ...filter }));
  });
  routes.get('/runs/:id', async (c) => {
    if (c.get('subject').kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
    const run = await found(ledger.run(c.req.param('id')), 'run');
    needHidden(house, c, 'run.read', { type: 'run', id: run.id, tenant: run.tenant, ownerId: run.personId }, 'run');
    return c.json(run);
  });
  routes.get('/spend', async (c) => {
    need(house, c, 'spend.read');
    const query = readQuery(
      c,
      z.object({
        from: time.optional(),
        to: time.optional(),
        bucket: z.enum(['hour', 'day', 'month', 'total']).optional(),
        by: z.enum(['app', 'model', 'person', 'key', 'none']).optional(),
      }),
    );
    const to = query.to ?? house.clock.now();
    const rows = await ledger.spend({
      tenant,
      from: query.from ?? to - 30 * dayMs,
      to,
      bucket: query.bucket ?? 'day',
      groupBy: query.by ?? 'app',
    });
    return c.json({ rows, currency: house.config.currency });
  });

  routes.get('/budgets', async (c) => {
    need(house, c, 'spend.read');
    return c.json({ items: await Promise.all(house.budgets.list().map((budget) => budgetView(house, budget))) });
  });
  routes.put('/budgets/:scope', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const body = await readJson(
      c,
      z.strictObject({
        limitMicros: z.int().min(0),
        currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency such as USD'),
        period: z.enum(['hour', 'day', 'week', 'month', 'total']),
        onExceed: z.enum(['refuse', 'downgrade', 'queue']),
      }),
      4096,
    );
    const scope = check(budgetScope, c.req.param('scope'), 'scope');
    const budget = { scope, ...body };
    await house.budgets.save(budget);
    await audit.append({
      time: house.clock.now(),
      actor: actorOf(subject),
      action: 'budget.set',
      object: scope,
      detail: body,
    });
    return c.json(budget);
  });
  routes.delete('/budgets/:scope', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const scope = c.req.param('scope');
    await house.budgets.remove(scope);
    await audit.append({
      time: house.clock.now(),
      actor: actorOf(subject),
      action: 'budget.remove',
      object: scope,
      detail: {},
    });
    return c.json({ ok: true } as const);
  });

  routes.get('/kpi', async (c) => {
    need(house, c, 'kpi.read');
    return c.json({ items: await kpi.summary(tenant) });
  });
  routes.get('/audit', async (c) => {
    need(house, c, 'audit.read');
    const query = readQuery(
      c,
      pageQuery.extend({ object: z.string().max(200).optional(), actor: z.string().max(200).optional() }),
    );
    return c.json(await audit.list({ ...pageOf(query), ...given({ object: query.object, actor: query.actor }) }));
  });
  routes.get('/audit/verify', async (c) => {
    need(house, c, 'audit.read');
    return c.json(await audit.verify());
  });
  routes.get('/status', async (c) => {
    need(house, c, 'settings.read');
    const status: NodeStatus = {
      version: house.version,
      startedAt: house.startedAt,
      store: house.store.kind,
      schemaVersion: await house.store.schemaVersion(),
      apps: await house.store.apps.count(tenant),
      inFlight: house.kernel.inFlight,
      pools: house.kernel.status(),
      rssBytes: process.memoryUsage.rss(),
      data: house.dataFolder,
    };
    return c.json(status);
  });
  routes.get('/config', async (c) => {
    need(house, c, 'settings.read');
    return c.json({ items: house.configEntries });
  });
  routes.post('/backup', async (c) => {
    const subject = need(house, c, 'backup.make');
    const { path } = await readJson(c, z.strictObject({ path: z.string().min(1).max(4096) }), 8192);
    const receipt = await house.store.backup(resolve(path));
    await audit.append({
      time: house.clock.now(),
      actor: actorOf(subject),
      action: 'backup.make',
      object: receipt.path,
      detail: { checksum: receipt.checksum, sizeBytes: receipt.sizeBytes },
    });
    return c.json(receipt);
  });
  return routes;
}
