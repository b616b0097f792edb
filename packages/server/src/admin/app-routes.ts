import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type AppDetail, type AppRecord, MyriadError, type Subject } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import { appBudget } from '../budgets.ts';
import { appObject, findApp } from '../find-app.ts';
import { type House, tenant } from '../house.ts';
import {
  type AdminContext,
  type AdminEnv,
  callerOf,
  found,
  given,
  need,
  pageOf,
  pageQuery,
  readJson,
  readQuery,
  signedIn,
} from './context.ts';

const manifestBody = 512 * 1024;
const sourceBody = z.strictObject({ source: z.string().max(256 * 1024) });

/** The registry: drafts, versions, diff, publish, rollback, stop. */
export function appRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  /** The app, when the caller may do this with it; an app that they may not even read does not exist. */
  const appFor = async (
    c: AdminContext,
    action: 'app.read' | 'app.edit' | 'app.stop',
  ): Promise<{ app: AppRecord; subject: Subject }> => {
    const subject = signedIn(c);
    const app = await findApp(house, c.req.param('app') as string);
    if (!house.org.authorize(subject, 'app.read', appObject(app)).allowed)
      throw new MyriadError('app_not_found', `There is no app "${c.req.param('app')}".`);
    return { app, subject: need(house, c, action, appObject(app)) };
  };

  routes.get('/apps', async (c) => {
    const subject = signedIn(c);
    const query = readQuery(
      c,
      pageQuery.extend({
        search: z.string().max(200).optional(),
        status: z.enum(['draft', 'published', 'stopped', 'retired']).optional(),
        expose: z.enum(['chat', 'api', 'mcp']).optional(),
      }),
    );
    const all = house.org.authorize(subject, 'settings.manage', { type: 'house' }).allowed;
    const filter = given({ search: query.search, status: query.status, expose: query.expose });
    const page = await house.store.apps.list({
      ...pageOf(query),
      ...filter,
      tenant,
      ...(all ? {} : { principals: house.org.principalsOf(subject) }),
    });
    return c.json({ ...page, total: await house.store.apps.count(tenant) });
  });
  routes.post('/apps', async (c) => {
    const subject = need(house, c, 'app.create');
    const { source } = await readJson(c, sourceBody, manifestBody);
    const app = await house.apps.create(source, callerOf(house, subject));
    return c.json(await describeApp(house, app, subject), 201);
  });
  routes.post('/apps/validate', async (c) => {
    signedIn(c);
    return c.json(house.apps.validate((await readJson(c, sourceBody, manifestBody)).source));
  });
  routes.post('/apps/import', async (c) => {
    const subject = need(house, c, 'settings.manage');
    const body = c.req.raw.body;
    if (!body) throw new MyriadError('invalid_request', 'Expected NDJSON: one manifest a line.');
    const startedAt = house.clock.monotonicMs();
    const lines = createInterface({
      input: Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    const answer = await house.apps.importMany(lines, callerOf(house, subject));
    return c.json({
      imported: answer.imported,
      rejected: answer.rejected.slice(0, 1_000),
      tookMs: house.clock.monotonicMs() - startedAt,
    });
  });
  routes.get('/apps/:app', async (c) => {
    const { app, subject } = await appFor(c, 'app.read');
    return c.json(await describeApp(house, app, subject));
  });
  routes.put('/apps/:app/draft', async (c) => {
    const { app, subject } = await appFor(c, 'app.edit');
    const { source } = await readJson(c, sourceBody, manifestBody);
    return c.json(await describeApp(house, await house.apps.saveDraft(app, source, callerOf(house, subject)), subject));
  });
  routes.post('/apps/:app/publish', async (c) => {
    const { app, subject } = await appFor(c, 'app.edit');
    const body = await readJson(
      c,
      z.strictObject({
        source: z
          .string()
          .max(256 * 1024)
          .optional(),
        skipEvals: z.boolean().optional(),
      }),
      manifestBody,
    );
    return c.json(
      await house.apps.publish(
        app,
        body.source ?? null,
        callerOf(house, subject),
        given({ skipEvals: body.skipEvals }),
      ),
    );
  });
  routes.post('/apps/:app/rollback', async (c) => {
    const { app, subject } = await appFor(c, 'app.edit');
    const { number } = await readJson(c, z.strictObject({ number: z.int().min(1) }), 1024);
    return c.json(await describeApp(house, await house.apps.rollback(app, number, callerOf(house, subject)), subject));
  });
  routes.post('/apps/:app/status', async (c) => {
    const { app, subject } = await appFor(c, 'app.stop');
    const { status } = await readJson(c, z.strictObject({ status: z.enum(['published', 'stopped', 'retired']) }), 1024);
    return c.json(await describeApp(house, await house.apps.setStatus(app, status, callerOf(house, subject)), subject));
  });
  routes.get('/apps/:app/versions', async (c) => {
    const { app } = await appFor(c, 'app.read');
    return c.json(await house.store.apps.versions(app.id, pageOf(readQuery(c, pageQuery))));
  });
  routes.get('/apps/:app/versions/:number', async (c) => {
    const { app } = await appFor(c, 'app.read');
    return c.json(await found(house.store.apps.versionByNumber(app.id, Number(c.req.param('number')) || 0), 'version'));
  });
  routes.get('/apps/:app/diff', async (c) => {
    const { app } = await appFor(c, 'app.read');
    const number = z.coerce.number().int().min(0);
    const { from, to } = readQuery(c, z.object({ from: number, to: number }));
    return c.json(await house.apps.diff(app, from, to));
  });
  return routes;
}

async function describeApp(house: House, stale: AppRecord, subject: Subject): Promise<AppDetail> {
  const app = (await house.store.apps.byId(stale.id)) ?? stale;
  const version = await house.apps.current(app);
  const may = (['use', 'edit', 'stop'] as const).filter(
    (action) => house.org.authorize(subject, `app.${action}`, appObject(app)).allowed,
  );
  const budget = await appBudget(house, app, version);
  return {
    app,
    version,
    draft: may.includes('edit') ? await house.store.apps.draft(app.id) : null,
    budget: budget?.budget ?? null,
    budgetState: budget?.state ?? null,
    may,
  };
}
