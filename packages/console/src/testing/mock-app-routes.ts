import type { ApiRoute, AppDetail, AppRecord, ManifestIssue } from '@myriad/contracts';
import { holds, mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';
import { mockManifest } from './mock-world.ts';

type AppRoute = Extract<ApiRoute, `${string} /api/apps${string}`>;

function appOf({ world, params }: MockCall): AppRecord {
  const app = world.apps.find(({ id, name }) => id === params.app || name === params.app);
  if (!app) throw new MockRefusal('app_not_found', `No app is called ${params.app}.`);
  return app;
}

function detailOf(call: MockCall): AppDetail {
  const app = appOf(call);
  const { world, role } = call;
  const version = world.versions.findLast(({ appId }) => appId === app.id);
  const scope = `app:${app.id}`;
  return {
    app,
    version:
      version ??
      (app.currentVersion
        ? {
            appId: app.id,
            hash: app.currentVersion,
            number: app.versionNumber,
            manifest: mockManifest(app.name),
            source: `kind: App\nname: ${app.name}\ndescription: ${app.descriptionEn}\ninstructions: Help.\n`,
            publishedAt: app.updatedAt,
            publishedBy: 'per_lin',
            evals: null,
          }
        : null),
    draft: world.drafts.find(({ appId }) => appId === app.id) ?? null,
    budget: world.budgets.find((budget) => budget.scope === scope) ?? null,
    budgetState: world.states.find((state) => state.scope === scope) ?? null,
    may: role === 'owner' ? ['use', 'edit', 'stop'] : ['use'],
  };
}

function change(call: MockCall, patch: Partial<AppRecord>): AppDetail {
  const app = appOf(call);
  call.world.apps = call.world.apps.map((each) =>
    each.id === app.id ? { ...each, ...patch, updatedAt: call.now() } : each,
  );
  return detailOf(call);
}

/** Two of the real checks, enough to see the markers: required fields and unknown ones. */
export function issuesOf(source: string): ManifestIssue[] {
  const known =
    'apiVersion kind name title description owner access instructions model inputs output knowledge tools starters expose evals budget limits cache policy kpi'.split(
      ' ',
    );
  const lines = source.split('\n');
  const issues: ManifestIssue[] = [];
  lines.forEach((line, index) => {
    const field = /^([A-Za-z_]+):/.exec(line)?.[1];
    if (!field || known.includes(field)) return;
    const near = known.find((each) => each.slice(0, 3) === field.slice(0, 3)) ?? null;
    issues.push({
      severity: 'error',
      line: index + 1,
      column: 1,
      field,
      message: `There is no field ${field}.`,
      expected: null,
      didYouMean: near,
    });
  });
  for (const field of ['kind', 'name', 'description', 'instructions']) {
    if (!lines.some((line) => line.startsWith(`${field}:`))) {
      issues.push({
        severity: 'error',
        line: 1,
        column: 1,
        field,
        message: `${field} is missing.`,
        expected: field === 'kind' ? '`App`' : 'text',
        didYouMean: null,
      });
    }
  }
  return issues;
}

export const appRoutes: Pick<MockRoutes, AppRoute> = {
  'GET /api/apps': ({ world, query, role }) => {
    const items = world.apps.filter(
      (app) =>
        (role === 'owner' || (app.status === 'published' && app.use.includes('everyone'))) &&
        (!query.status || app.status === query.status) &&
        holds(query.search, app.name, app.titleEn, app.titleZh, app.descriptionEn, app.descriptionZh),
    );
    return { ...mockPage(items, query), total: items.length };
  },
  'POST /api/apps': (call) => {
    const name = /^name:\s*(\S+)/m.exec(call.body.source)?.[1] ?? '';
    const issues = issuesOf(call.body.source);
    if (issues.length > 0) throw new MockRefusal('manifest_invalid', issues[0]?.message ?? '');
    if (call.world.apps.some((app) => app.name === name))
      throw new MockRefusal('conflict', `An app called ${name} exists.`);
    const app: AppRecord = {
      ...(call.world.apps[1] as AppRecord),
      id: call.id('app'),
      name,
      titleEn: name,
      titleZh: name,
      status: 'draft',
      currentVersion: null,
      versionNumber: 0,
      hasDraft: true,
      updatedAt: call.now(),
    };
    call.world.apps.push(app);
    call.world.drafts.push({ appId: app.id, source: call.body.source, updatedAt: call.now(), updatedBy: 'per_lin' });
    return detailOf({ ...call, params: { app: name } });
  },
  'POST /api/apps/validate': ({ body }) => {
    const issues = issuesOf(body.source);
    return {
      issues,
      manifest: issues.length === 0 ? mockManifest('x') : null,
      hash: issues.length === 0 ? 'ab'.repeat(32) : null,
    };
  },
  'GET /api/apps/:app': detailOf,
  'PUT /api/apps/:app/draft': (call) => {
    const app = appOf(call);
    call.world.drafts = [
      ...call.world.drafts.filter(({ appId }) => appId !== app.id),
      { appId: app.id, source: call.body.source, updatedAt: call.now(), updatedBy: 'per_lin' },
    ];
    return change(call, { hasDraft: true });
  },
  'POST /api/apps/:app/publish': async (call) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    const app = appOf(call);
    const number = app.versionNumber + 1;
    const source = call.body.source ?? call.world.drafts.find(({ appId }) => appId === app.id)?.source ?? '';
    const evals = {
      passed: 2,
      failed: 1,
      model: 'qianfan/ernie-5.0',
      results: [
        { name: 'old order goes to a person', passed: true, reason: 'contains “person”', tookMs: 1_204 },
        { name: '定制商品不退', passed: true, reason: '包含“定制”', tookMs: 980 },
        {
          name: 'cites the clause',
          passed: false,
          reason: 'expected a citation of refund-policy.pdf, found none',
          tookMs: 1_410,
        },
      ],
    };
    if (!call.body.skipEvals && /fail/.test(source))
      throw new MockRefusal('evals_failed', '1 of 3 evals did not pass: cites the clause.');
    const version = {
      appId: app.id,
      hash: 'cd'.repeat(32),
      number,
      manifest: mockManifest(app.name),
      source,
      publishedAt: call.now(),
      publishedBy: 'per_lin',
      evals: call.body.skipEvals ? null : evals,
    };
    call.world.versions.push(version);
    call.world.drafts = call.world.drafts.filter(({ appId }) => appId !== app.id);
    const detail = change(call, {
      status: 'published',
      versionNumber: number,
      currentVersion: version.hash,
      hasDraft: false,
    });
    return { app: detail.app, version, evals: version.evals, issues: [] };
  },
  'POST /api/apps/:app/rollback': (call) => change(call, { versionNumber: call.body.number }),
  'POST /api/apps/:app/status': (call) => change(call, { status: call.body.status }),
  'GET /api/apps/:app/versions': (call) => {
    const app = appOf(call);
    return mockPage(call.world.versions.filter(({ appId }) => appId === app.id).toReversed(), call.query);
  },
  'GET /api/apps/:app/versions/:number': (call) => {
    const app = appOf(call);
    const version = call.world.versions.find(
      ({ appId, number }) => appId === app.id && number === Number(call.params.number),
    );
    if (!version) throw new MockRefusal('not_found', 'No such version.');
    return version;
  },
  'GET /api/apps/:app/feedback': ({ now }) => ({
    ...{ up: 41, down: 6, corrections: 1 },
    items: [
      {
        ...{ id: 'run_1', runId: 'run_1', rating: 'down', createdAt: now() - 3_600_000 },
        ...{
          question: 'How long is the notice period?',
          comment: 'That is the old contract.',
          correction: 'Three months.',
        },
      },
    ],
  }),
  'GET /api/apps/:app/diff': ({ query }) => ({
    from: Number(query.from),
    to: Number(query.to),
    text: `--- version ${query.from}\n+++ version ${query.to}\n@@ -9,6 +9,7 @@\n instructions: |\n   Answer only from the refund policy and cite the clause.\n-  If the order is old, hand over to a person.\n+  If the order is older than 90 days, hand over to a person.\n+  Say how long the refund takes.\n model: {capabilities: [tools, zh], optimize: cost}\n`,
    fields: [{ field: 'instructions', before: '…hand over to a person.', after: '…Say how long the refund takes.' }],
  }),
};
