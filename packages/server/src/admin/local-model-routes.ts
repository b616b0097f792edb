import type { DownloadModelRequest } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { type AdminContext, type AdminEnv, actorOf, given, need, readJson } from './context.ts';

const downloadSchema = z.strictObject({
  consent: z.literal(true, { error: 'has to be true: a download begins only when it is asked for' }),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'expected 64 hex digits')
    .optional(),
});

/** Models downloaded to this node: what is offered, consent, progress, running. Only for those who manage models. */
export function localModelRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const { localModels } = house;
  const audit = (c: AdminContext, action: string, detail: Readonly<Record<string, unknown>> = {}) =>
    house.store.audit.append({
      time: house.clock.now(),
      actor: actorOf(c.get('subject')),
      action,
      object: `local-model:${c.req.param('name')}`,
      detail,
    });
  const nameOf = (c: AdminContext) => c.req.param('name') as string;

  routes.get('/local-models', async (c) => {
    need(house, c, 'model.manage');
    return c.json(await localModels.describe());
  });
  routes.post('/local-models/:name/download', async (c) => {
    need(house, c, 'model.manage');
    const request = given(await readJson(c, downloadSchema, 4 * 1024)) as DownloadModelRequest;
    const model = await localModels.download(nameOf(c), request);
    await audit(c, 'model.download', {
      url: model.url,
      sizeBytes: model.sizeBytes,
      sha256: model.sha256 ?? request.sha256,
      licence: model.licence,
    });
    return c.json(model, 202);
  });
  routes.delete('/local-models/:name', async (c) => {
    need(house, c, 'model.manage');
    await localModels.remove(nameOf(c));
    await audit(c, 'model.delete-file');
    return c.json({ ok: true } as const);
  });
  routes.post('/local-models/:name/start', async (c) => {
    need(house, c, 'model.manage');
    const model = await localModels.start(nameOf(c));
    await audit(c, 'model.start');
    return c.json(model);
  });
  routes.post('/local-models/:name/stop', async (c) => {
    need(house, c, 'model.manage');
    const model = await localModels.stop(nameOf(c));
    await audit(c, 'model.stop');
    return c.json(model);
  });
  return routes;
}
