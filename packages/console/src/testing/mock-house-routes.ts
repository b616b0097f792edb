import type { ApiKey, ApiRoute, Person } from '@myriad/contracts';
import { mockLocalModel, mockLocalModels } from './mock-local-models.ts';
import { holds, mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRole, type MockRoutes } from './mock-types.ts';

const ok = { ok: true } as const;

function withCookie({ session }: MockCall, role: MockRole): Response {
  return Response.json(session(role), { headers: { 'set-cookie': `as=${role}; Path=/` } });
}

type HouseRoute = Extract<
  ApiRoute,
  | `${string} /api/${'session' | 'setup' | 'sign-in' | 'sign-out' | 'me' | 'sessions' | 'sessions/:id'}`
  | `${string} /api/people${string}`
  | `${string} /api/groups${string}`
  | `${string} /api/invites${string}`
  | `${string} /api/keys${string}`
  | `${string} /api/models${string}`
  | `${string} /api/local-models${string}`
  | 'GET /api/providers'
  | `${string} /api/runs${string}`
  | 'GET /api/spend'
  | `${string} /api/budgets${string}`
  | 'GET /api/kpi'
  | 'GET /api/audit'
  | 'GET /api/status'
  | 'POST /api/backup'
>;

export const houseRoutes: Pick<MockRoutes, HouseRoute> = {
  'POST /api/runs/:id/feedback': () => ({ ok: true }),
  'GET /api/session': ({ session, role }) => session(role),
  'POST /api/setup': (call) => {
    if (call.body.token === 'spent') throw new MockRefusal('forbidden', 'This link was used on 24 November at 10:02.');
    return withCookie(call, 'owner');
  },
  'POST /api/sign-in': (call) => {
    if (call.body.password === 'wrong') {
      throw new MockRefusal('unauthenticated', 'No account has this email and password. 4 tries are left.');
    }
    return withCookie(call, call.body.email.startsWith('yinuo') ? 'member' : 'owner');
  },
  'POST /api/sign-out': () => Response.json(ok, { headers: { 'set-cookie': 'as=nobody; Path=/' } }),
  'PATCH /api/me': ({ world, body, session, role }) => {
    const [first] = world.people;
    if (first) world.people[0] = { ...first, name: body.name ?? first.name, email: body.email ?? first.email };
    return session(role);
  },
  'GET /api/sessions': ({ world }) => ({ items: world.sessions }),
  'DELETE /api/sessions/:id': ({ world, params }) => {
    world.sessions = world.sessions.filter(({ id }) => id !== params.id);
    return ok;
  },
  'GET /api/people': ({ world, query }) =>
    mockPage(
      world.people.filter((person) => holds(query.search, person.name, person.email)),
      query,
    ),
  'PATCH /api/people/:id': ({ world, params, body }) => {
    const at = world.people.findIndex(({ id }) => id === params.id);
    const before = world.people[at];
    if (!before) throw new MockRefusal('not_found', 'No such person.');
    const after: Person = { ...before, ...body };
    world.people[at] = after;
    return after;
  },
  'GET /api/groups': ({ world }) => ({ items: world.groups }),
  'PUT /api/groups/:name': ({ world, params, body, now, id }) => {
    const before = world.groups.find(({ name }) => name === params.name);
    const group = {
      id: before?.id ?? id('grp'),
      name: params.name ?? '',
      members: body.members,
      createdAt: before?.createdAt ?? now(),
    };
    world.groups = [...world.groups.filter(({ name }) => name !== group.name), group];
    return group;
  },
  'DELETE /api/groups/:name': ({ world, params }) => {
    world.groups = world.groups.filter(({ name }) => name !== params.name);
    return ok;
  },
  'GET /api/invites': ({ world }) => ({ items: world.invites }),
  'POST /api/invites': ({ world, body, now, id }) => {
    const invite = {
      id: id('inv'),
      email: body.email ?? null,
      role: body.role,
      groups: body.groups ?? [],
      createdBy: 'per_lin',
      createdAt: now(),
      expiresAt: now() + 7 * 86_400_000,
      usedAt: null,
    };
    world.invites = [invite, ...world.invites];
    return { invite, link: 'http://127.0.0.1:8420/invite#mock-token-4f81' };
  },
  'DELETE /api/invites/:id': ({ world, params }) => {
    world.invites = world.invites.filter(({ id }) => id !== params.id);
    return ok;
  },
  'POST /api/invites/accept': (call) => withCookie(call, 'member'),
  'GET /api/keys': ({ world, query }) => mockPage(world.keys, query),
  'POST /api/keys': ({ world, body, now, id }) => {
    const key: ApiKey = {
      id: id('key'),
      name: body.name,
      prefix: 'sk-myr-9ab3',
      ownerKind: body.forApp ? 'app' : 'person',
      ownerId: body.forApp ?? 'per_lin',
      scopes: body.scopes ?? ['runs:write'],
      apps: body.apps ?? [],
      createdAt: now(),
      expiresAt: body.expiresAt ?? null,
      lastUsedAt: null,
      revokedAt: null,
    };
    world.keys = [key, ...world.keys];
    return { key, secret: 'sk-myr-9ab3-mock-secret-shown-once' };
  },
  'DELETE /api/keys/:id': ({ world, params, now }) => {
    world.keys = world.keys.map((key) => (key.id === params.id ? { ...key, revokedAt: now() } : key));
    return ok;
  },
  'GET /api/models': ({ world }) => ({
    models: world.models,
    detected: [
      { provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['qwen3:8b', 'gemma3:4b'], attached: false },
    ],
    ladder: [
      { rung: 1, reached: true, name: 'myriad/extract-1' },
      { rung: 2, reached: false, name: 'local' },
      { rung: 3, reached: false, name: 'downloaded' },
      { rung: 4, reached: true, name: 'provider' },
    ],
  }),
  'GET /api/local-models': () => mockLocalModels(),
  'POST /api/local-models/:name/download': () => mockLocalModel('downloading'),
  'DELETE /api/local-models/:name': () => {
    mockLocalModel('absent');
    return ok;
  },
  'POST /api/local-models/:name/start': () => mockLocalModel('running'),
  'POST /api/local-models/:name/stop': () => mockLocalModel('absent'),
  'POST /api/models': ({ world, body, id }) => {
    const first = world.models[0];
    if (!first) throw new MockRefusal('internal', 'The mock lost its models.');
    if (body.key === 'wrong')
      throw new MockRefusal('upstream_auth', `${body.provider} refused the key: 401, invalid api key.`);
    const row = {
      ...first,
      endpoint: {
        ...first.endpoint,
        id: id('mdl'),
        name: body.name ?? `${body.provider}/${body.model}`,
        provider: body.provider,
        price: body.price ?? null,
      },
      hasKey: Boolean(body.key),
      status: null,
    };
    world.models = [row, ...world.models];
    return row;
  },
  'PATCH /api/models/:id': ({ world, params, body }) => {
    const at = world.models.findIndex(({ endpoint }) => endpoint.id === params.id);
    const before = world.models[at];
    if (!before) throw new MockRefusal('model_not_found', 'No such model.');
    const {
      enabled = before.endpoint.enabled,
      concurrency = before.endpoint.concurrency,
      price = before.endpoint.price,
    } = body;
    const after = { ...before, endpoint: { ...before.endpoint, enabled, concurrency, price } };
    world.models[at] = after;
    return after;
  },
  'DELETE /api/models/:id': ({ world, params }) => {
    world.models = world.models.filter(({ endpoint }) => endpoint.id !== params.id);
    return ok;
  },
  'POST /api/models/:id/test': async ({ params }) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return params.id === 'mdl_qwen'
      ? {
          ok: false,
          message: 'Nothing listens on 127.0.0.1:11434. Start Ollama, then test again.',
          tookMs: 12,
          firstTokenMs: null,
          code: 'upstream_unavailable',
        }
      : { ok: true, message: 'It answered in words after 0.4 s.', tookMs: 812, firstTokenMs: 402, code: null };
  },
  'POST /api/models/detect': () => ({
    detected: [{ provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['qwen3:8b'], attached: false }],
  }),
  'GET /api/providers': () => ({
    items: [
      {
        id: 'qianfan',
        title: 'Baidu Qianfan (ERNIE)',
        family: 'openai-compatible',
        baseUrl: 'https://qianfan.baidubce.com/v2',
        needsKey: true,
        keyUrl: 'https://console.bce.baidu.com/qianfan/',
        models: [
          { name: 'ernie-5.0', contextTokens: 131_072, capabilities: ['chat', 'generate', 'tools', 'zh'], price: null },
          {
            name: 'ernie-4.5-turbo-128k',
            contextTokens: 131_072,
            capabilities: ['chat', 'generate', 'zh'],
            price: null,
          },
        ],
      },
      {
        id: 'deepseek',
        title: 'DeepSeek',
        family: 'openai-compatible',
        baseUrl: 'https://api.deepseek.com',
        needsKey: true,
        keyUrl: 'https://platform.deepseek.com/api_keys',
        models: [
          {
            name: 'deepseek-chat',
            contextTokens: 131_072,
            capabilities: ['chat', 'generate', 'tools', 'json', 'zh'],
            price: {
              currency: 'CNY',
              inputMicrosPerMillion: 2_000_000,
              outputMicrosPerMillion: 3_000_000,
              source: 'price list',
              date: '2026-10-01',
            },
          },
        ],
      },
      {
        id: 'ollama',
        title: 'Ollama on this machine',
        family: 'openai-compatible',
        baseUrl: 'http://127.0.0.1:11434/v1',
        needsKey: false,
        keyUrl: null,
        models: [],
      },
    ],
  }),
  'GET /api/runs': ({ world, query }) =>
    mockPage(
      world.runs.filter(
        (run) =>
          (!query.app || run.appId === query.app || run.appName === query.app) &&
          (!query.status || run.status === query.status) &&
          (!query.surface || run.surface === query.surface) &&
          (!query.model || run.model === query.model) &&
          (!query.person || run.personId === query.person) &&
          (!query.from || run.startedAt >= Number(query.from)) &&
          (!query.to || run.startedAt < Number(query.to)),
      ),
      query,
    ),
  'GET /api/runs/:id': ({ world, params }) => {
    const run = world.runs.find(({ id }) => id === params.id);
    if (!run) throw new MockRefusal('not_found', `No run is called ${params.id}.`);
    return run;
  },
  'GET /api/spend': ({ world, query }) => {
    const bucketMs = query.bucket === 'hour' ? 3_600_000 : 86_400_000;
    const groups = new Map<
      string,
      {
        time: number;
        group: string;
        currency: string;
        costMicros: number;
        runs: number;
        inputTokens: number;
        outputTokens: number;
        unpricedRuns: number;
      }
    >();
    for (const run of world.runs) {
      if (query.from && run.startedAt < Number(query.from)) continue;
      const time = Math.floor(run.startedAt / bucketMs) * bucketMs;
      const group =
        query.by === 'model'
          ? (run.model ?? 'none')
          : query.by === 'person'
            ? (run.personId ?? '')
            : query.by === 'app'
              ? run.appName
              : '';
      const row = groups.get(`${time} ${group}`) ?? {
        time,
        group,
        currency: 'CNY',
        costMicros: 0,
        runs: 0,
        inputTokens: 0,
        outputTokens: 0,
        unpricedRuns: 0,
      };
      row.costMicros += run.pricedMicros;
      row.runs += 1;
      row.inputTokens += run.usage.inputTokens;
      row.outputTokens += run.usage.outputTokens;
      row.unpricedRuns += run.costMicros === null ? 1 : 0;
      groups.set(`${time} ${group}`, row);
    }
    return { rows: [...groups.values()].sort((left, right) => left.time - right.time), currency: 'CNY' };
  },
  'GET /api/budgets': ({ world }) => ({
    items: world.budgets.map((budget) => ({
      budget,
      state: world.states.find(({ scope }) => scope === budget.scope) ?? null,
    })),
  }),
  'PUT /api/budgets/:scope': ({ world, params, body }) => {
    const budget = { scope: params.scope ?? '', ...body };
    world.budgets = [budget, ...world.budgets.filter(({ scope }) => scope !== budget.scope)];
    return budget;
  },
  'DELETE /api/budgets/:scope': ({ world, params }) => {
    world.budgets = world.budgets.filter(({ scope }) => scope !== params.scope);
    return ok;
  },
  'GET /api/kpi': ({ now }) => ({
    items: [
      {
        kpi: 'refund_cycle_hours',
        events: 18_204,
        units: 2_910,
        firstTime: now() - 40 * 86_400_000,
        lastTime: now() - 60_000,
      },
    ],
  }),
  'GET /api/audit': ({ world, query }) =>
    mockPage(
      world.audit.filter(({ object, action }) => holds(query.object, object, action)),
      query,
    ),
  'GET /api/status': ({ world, now }) => ({
    version: '0.1.0',
    startedAt: now() - 3.2 * 86_400_000,
    store: 'sqlite',
    schemaVersion: 4,
    apps: world.apps.length,
    inFlight: 1,
    pools: world.models.flatMap(({ status }) => (status ? [status] : [])),
    rssBytes: 168_000_000,
    data: './myriad-data',
  }),
  'POST /api/backup': ({ body }) => ({ path: body.path, sizeBytes: 48_200_000, checksum: 'a41c9e0d'.repeat(8) }),
};
