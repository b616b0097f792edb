import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { type AdminEnv, actorOf, given, need, pageQuery, readJson, readQuery } from './context.ts';

const limitBytes = 16_384;
const localized = z.strictObject({ en: z.string().min(1).max(200), zh: z.string().min(1).max(200) });
const registration = z.strictObject({
  title: localized,
  type: z.enum(['mean', 'count', 'proportion', 'ratio']),
  direction: z.enum(['increase', 'decrease']),
  unit: z.string().min(1).max(64),
  windowMs: z.int().min(1),
  valueMicrosPerUnit: z.int().min(0).nullable(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency such as USD')
    .nullable(),
  cap: z.number().nullable(),
  denominator: z.string().max(128).nullable(),
  historyMs: z.int().min(1).nullable(),
  owner: z.string().max(128),
  role: z.enum(['goal', 'guardrail']),
  restart: z.boolean().optional(),
});
const share = z.number().min(0).max(4);

/** Portfolio, lift of an app, KPI registry, decisions, stops, health, demand, and the sample company. */
export function cockpitRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { cockpit } = house;

  routes.get('/cockpit/portfolio', async (c) => {
    need(house, c, 'kpi.read');
    const { sample } = readQuery(c, z.object({ sample: z.enum(['only', 'without']).optional() }));
    return c.json(await cockpit.portfolio(sample));
  });
  routes.get('/cockpit/apps/:app', async (c) => {
    need(house, c, 'kpi.read');
    return c.json(await cockpit.appLift(c.req.param('app')));
  });
  routes.get('/cockpit/experiments', async (c) => {
    need(house, c, 'kpi.read');
    return c.json({ items: await cockpit.experiments() });
  });
  routes.get('/cockpit/demand', async (c) => {
    need(house, c, 'run.list');
    const { days } = readQuery(c, z.object({ days: z.coerce.number().int().min(1).max(366).optional() }));
    return c.json(await cockpit.demand(days ?? 30));
  });
  routes.get('/cockpit/health', async (c) => {
    need(house, c, 'kpi.read');
    return c.json(await cockpit.health());
  });
  routes.post('/cockpit/replay', async (c) => {
    need(house, c, 'settings.manage');
    return c.json(await cockpit.replay());
  });
  routes.get('/cockpit/stop', (c) => {
    need(house, c, 'kpi.read');
    return c.json(cockpit.stopState());
  });
  routes.post('/cockpit/stop', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const request = await readJson(
      c,
      z.strictObject({
        what: z.enum(['app', 'model', 'everything']),
        name: z.string().min(1).max(200).optional(),
        resume: z.boolean().optional(),
      }),
      limitBytes,
    );
    const { what, name, resume } = request;
    return c.json(await cockpit.stop({ what, ...given({ name, resume }) }, actorOf(subject)));
  });
  routes.get('/cockpit/limits', (c) => {
    need(house, c, 'kpi.read');
    return c.json(cockpit.limits());
  });
  routes.put('/cockpit/limits', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const body = z.strictObject({
      automaticShares: z.boolean(),
      lowestShare: share,
      highestShare: share,
      automaticStops: z.boolean(),
      automaticBudgets: z.boolean().optional(),
      highestBudgetMicros: z.int().min(0).optional(),
    });
    const { automaticBudgets, highestBudgetMicros, ...limits } = await readJson(c, body, limitBytes);
    const wanted = { ...limits, ...given({ automaticBudgets, highestBudgetMicros }) };
    return c.json(await cockpit.setLimits(wanted, actorOf(subject)));
  });
  routes.post('/cockpit/demo', async (c) => {
    need(house, c, 'settings.manage');
    return c.json(await cockpit.loadSample());
  });
  routes.delete('/cockpit/demo', async (c) => {
    need(house, c, 'settings.manage');
    return c.json(await cockpit.removeSample());
  });

  routes.get('/kpis', async (c) => {
    need(house, c, 'kpi.read');
    return c.json({ items: await cockpit.kpis() });
  });
  routes.get('/kpis/:name', async (c) => {
    need(house, c, 'kpi.read');
    return c.json(await cockpit.kpi(c.req.param('name')));
  });
  routes.put('/kpis/:name', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const { restart = false, ...wanted } = await readJson(c, registration, limitBytes);
    return c.json(await cockpit.saveKpi(c.req.param('name'), wanted, actorOf(subject), restart));
  });

  routes.get('/decisions', (c) => {
    need(house, c, 'kpi.read');
    const query = readQuery(
      c,
      pageQuery.extend({
        status: z.enum(['proposed', 'applied', 'rejected', 'undone', 'superseded']).optional(),
        app: z.string().max(128).optional(),
      }),
    );
    const all = cockpit.decisions(given({ status: query.status, app: query.app }));
    const from = query.cursor ? all.findIndex(({ id }) => id === query.cursor) + 1 : 0;
    const items = all.slice(from, from + (query.limit ?? 50));
    const nextCursor = from + items.length < all.length ? (items.at(-1)?.id ?? null) : null;
    return c.json({ items, nextCursor });
  });
  routes.post('/decisions/:id', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const body = z.strictObject({ action: z.enum(['approve', 'reject', 'undo']) });
    const { action } = await readJson(c, body, limitBytes);
    return c.json(await cockpit.decide(c.req.param('id'), action, actorOf(subject)));
  });
  return routes;
}
