import type { AttachModelRequest, ModelEndpoint, ModelRow, ModelsAnswer } from '@myriad/contracts';
import { providers } from '@myriad/drivers';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { type AdminContext, type AdminEnv, actorOf, given, need, readJson, signedIn } from './context.ts';

const price = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/),
  inputMicrosPerMillion: z.int().min(0),
  outputMicrosPerMillion: z.int().min(0),
  cachedInputMicrosPerMillion: z.int().min(0).optional(),
  cacheWriteMicrosPerMillion: z.int().min(0).optional(),
  perImageMicros: z.int().min(0).optional(),
  charactersMicrosPerMillion: z.int().min(0).optional(),
  perMinuteMicros: z.int().min(0).optional(),
  source: z.string().max(500),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
});
const attachSchema = z.strictObject({
  provider: z.string().min(1).max(64),
  model: z.string().min(1).max(200),
  name: z.string().min(1).max(200).optional(),
  baseUrl: z.url().optional(),
  key: z.string().max(8192).optional(),
  capabilities: z
    .array(
      z.enum([
        'chat',
        'generate',
        'tools',
        'vision',
        'json',
        'zh',
        'long',
        'reasoning',
        'audio',
        'embed',
        'image',
        'speech',
        'transcribe',
      ]),
    )
    .optional(),
  concurrency: z.int().min(1).max(100_000).optional(),
  preference: z.number().min(-1000).max(1000).optional(),
  price: price.nullable().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
});

/** Base models: the ladder, attaching with keys, testing, local servers. */
export function modelRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const audit = (c: AdminContext, action: string, endpoint: Pick<ModelEndpoint, 'id' | 'name'>) =>
    house.store.audit.append({
      time: house.clock.now(),
      actor: actorOf(c.get('subject')),
      action,
      object: `model:${endpoint.id}`,
      detail: { name: endpoint.name },
    });
  const rowOf = async (endpoint: ModelEndpoint): Promise<ModelRow> => {
    const answer = await house.models.describe(house.kernel.status());
    return answer.models.find((row) => row.endpoint.id === endpoint.id) as ModelRow;
  };

  routes.get('/models', async (c) => {
    const subject = signedIn(c);
    const answer: ModelsAnswer = await house.models.describe(house.kernel.status());
    if (house.org.authorize(subject, 'model.manage', { type: 'house' }).allowed) return c.json(answer);
    // People who only use models learn which there are, not how they are reached.
    return c.json({
      ...answer,
      detected: [],
      models: answer.models.map((row) => ({
        ...row,
        keySource: null,
        endpoint: { ...row.endpoint, baseUrl: '', options: {} },
      })),
    });
  });
  routes.post('/models', async (c) => {
    need(house, c, 'model.manage');
    const request = given(await readJson(c, attachSchema, 64 * 1024)) as AttachModelRequest;
    const endpoint = await house.models.attach(request);
    await audit(c, 'model.attach', endpoint);
    return c.json(await rowOf(endpoint), 201);
  });
  routes.post('/models/detect', async (c) => {
    need(house, c, 'model.manage');
    return c.json({ detected: await house.models.detect() });
  });
  routes.patch('/models/:id', async (c) => {
    need(house, c, 'model.manage');
    const change = given(
      await readJson(c, attachSchema.partial().extend({ enabled: z.boolean().optional() }), 64 * 1024),
    ) as Partial<AttachModelRequest>;
    const endpoint = await house.models.update(c.req.param('id'), change);
    await audit(c, 'model.change', endpoint);
    return c.json(await rowOf(endpoint));
  });
  routes.delete('/models/:id', async (c) => {
    need(house, c, 'model.manage');
    const id = c.req.param('id');
    await house.models.remove(id);
    await audit(c, 'model.remove', { id, name: id });
    return c.json({ ok: true } as const);
  });
  routes.post('/models/:id/test', async (c) => {
    need(house, c, 'model.manage');
    return c.json(await house.models.test(c.req.param('id'), c.req.raw.signal));
  });
  routes.get('/providers', (c) => {
    signedIn(c);
    return c.json({ items: providers() });
  });
  return routes;
}
