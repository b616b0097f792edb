import type { SaveKpiSource } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { type House, tenant } from '../house.ts';
import { kpiQuality } from '../kpi/kpi-quality.ts';
import { type AdminEnv, actorOf, given, need, readJson } from './context.ts';

const limitBytes = 65_536;
const column = z.string().min(1).max(128);
const source = z.strictObject({
  kind: z.enum(['postgres', 'mysql', 'sqlite', 'duckdb']).optional(),
  address: z.string().min(1).max(2_048).optional(),
  sql: z.string().min(1).max(20_000).optional(),
  mapping: z
    .strictObject({
      id: column.optional(),
      kpi: z.union([z.strictObject({ column }), z.strictObject({ name: z.string().max(128) })]).optional(),
      unit: column.optional(),
      value: column.optional(),
      time: column.optional(),
      timeUnit: z.enum(['ms', 's']).optional(),
      watermark: column.optional(),
    })
    .optional(),
  overlap: z.number().min(0).max(1e15).optional(),
  everyMinutes: z.int().min(0).max(10_080).optional(),
  timeoutMs: z.int().min(100).max(600_000).optional(),
  enabled: z.boolean().optional(),
  password: z.string().min(1).max(1_024).nullable().optional(),
});
const changeOf = ({ mapping, ...rest }: z.infer<typeof source>): SaveKpiSource => ({
  ...given(rest),
  ...(mapping ? { mapping: given(mapping) } : {}),
});

/** How good the data of each KPI is, and sources read by SQL: those are the operator's, since they reach other machines. */
export function kpiRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { kpiSources } = house;

  routes.get('/kpi/quality', async (c) => {
    need(house, c, 'kpi.read');
    return c.json({ items: await kpiQuality(house.store.kpi, house.cockpit, tenant) });
  });
  routes.get('/kpi/sources', async (c) => {
    need(house, c, 'settings.manage');
    return c.json({ items: await kpiSources.list(), kinds: kpiSources.kinds() });
  });
  routes.put('/kpi/sources/:name', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const change = changeOf(await readJson(c, source, limitBytes));
    return c.json(await kpiSources.save(c.req.param('name'), change, actorOf(subject)));
  });
  routes.delete('/kpi/sources/:name', async (c) => {
    const subject = need(house, c, 'settings.manage');
    await kpiSources.remove(c.req.param('name'), actorOf(subject));
    return c.json({ ok: true } as const);
  });
  routes.post('/kpi/sources/:name/test', async (c) => {
    need(house, c, 'settings.manage');
    return c.json(await kpiSources.test(c.req.param('name'), changeOf(await readJson(c, source, limitBytes))));
  });
  routes.post('/kpi/sources/:name/run', async (c) => {
    need(house, c, 'settings.manage');
    const { again } = await readJson(c, z.strictObject({ again: z.boolean().optional() }), limitBytes);
    return c.json(await kpiSources.run(c.req.param('name'), again));
  });
  return routes;
}
