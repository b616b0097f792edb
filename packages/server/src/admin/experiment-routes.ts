import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { type AdminEnv, actorOf, given, need, readJson, readQuery } from './context.ts';

const limitBytes = 16_384;
const name = z.string().min(1).max(128);
const arm = z
  .string()
  .max(220)
  .regex(
    /^(none|model|current|version:[1-9]\d{0,8}|base:.{1,200})$/,
    'expected none, model, current, version:N or base:NAME',
  );
const experiment = z.strictObject({
  app: name,
  kpi: name.optional(),
  control: arm,
  treatment: arm,
  controlRatio: z.number().min(0.01).max(0.99).optional(),
  guardrails: z.array(name).max(20),
  goalRatio: z.number().gt(0).max(10).optional(),
  mean: z.number().optional(),
  standardDeviation: z.number().gt(0).optional(),
  unitsPerDay: z.number().gt(0).optional(),
});

/** Experiments that people plan, start, stop and ship; the global holdout; which base models could go. */
export function experimentRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { cockpit } = house;
  const read = async (c: Parameters<typeof readJson>[0]) => {
    const { app, control, treatment, guardrails, ...optional } = await readJson(c, experiment, limitBytes);
    return { app, control, treatment, guardrails, ...given(optional) };
  };

  routes.get('/experiments', (c) => {
    need(house, c, 'kpi.read');
    return c.json({ items: cockpit.managedExperiments() });
  });
  routes.post('/experiments/plan', async (c) => {
    need(house, c, 'kpi.read');
    return c.json(await cockpit.planExperiment(await read(c)));
  });
  routes.post('/experiments', async (c) => {
    const subject = need(house, c, 'settings.manage');
    return c.json(await cockpit.startExperiment(await read(c), actorOf(subject)), 201);
  });
  routes.post('/experiments/:id', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const body = z.discriminatedUnion('action', [
      z.strictObject({ action: z.literal('stop') }),
      z.strictObject({ action: z.literal('ship'), winner: z.enum(['control', 'treatment']) }),
    ]);
    const wanted = await readJson(c, body, limitBytes);
    const id = c.req.param('id');
    if (wanted.action === 'stop') return c.json(await cockpit.stopExperiment(id, actorOf(subject)));
    return c.json(await cockpit.shipExperiment(id, wanted.winner, actorOf(subject)));
  });
  routes.get('/cockpit/holdout', async (c) => {
    need(house, c, 'kpi.read');
    return c.json(await cockpit.globalHoldout());
  });
  routes.put('/cockpit/holdout', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const { ratio } = await readJson(c, z.strictObject({ ratio: z.number().min(0).max(0.2) }), limitBytes);
    return c.json(await cockpit.setGlobalHoldout(ratio, actorOf(subject)));
  });
  routes.get('/cockpit/consolidation', async (c) => {
    need(house, c, 'kpi.read');
    const { days } = readQuery(c, z.object({ days: z.coerce.number().int().min(1).max(366).optional() }));
    return c.json(await cockpit.consolidation(days ?? 30));
  });
  return routes;
}
