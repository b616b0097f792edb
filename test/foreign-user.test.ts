/** Every route, walked as nobody, as a member who owns nothing, and with a key of too few scopes. */
import { createAdminApp, openRoutes, transferRoutes, v1Routes } from '@myriad/server/routes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { acceptInvite, becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let owner: Session;
let stranger: Session;
/** Ids of things that belong to the owner. */
let ids: Readonly<Record<string, string>>;

const privateManifest =
  'kind: App\nname: secret-desk\ndescription: Only for the board.\ninstructions: Be discreet.\naccess: {use: ["group:board"], edit: ["group:board"]}\n';

beforeAll(async () => {
  node = await startNode();
  owner = await becomeOwner(node);
  const headers = browserHeaders(node, owner);
  const asOwner = <T>(route: string, body: unknown = {}) => call<T>(node, route, { key: null, headers, body });
  const app = await asOwner<{ app: { id: string } }>('POST /api/apps', { source: privateManifest });
  await asOwner('POST /api/apps/secret-desk/publish');
  const conversation = await asOwner<{ conversation: { id: string } }>('POST /api/conversations', { app: 'assistant' });
  const sent = await asOwner<{ answer: { id: string } }>(
    `POST /api/conversations/${conversation.body.conversation.id}/messages`,
    { parentId: null, text: 'What is the secret?' },
  );
  await fetch(`${node.url}/api/messages/${sent.body.answer.id}/stream`, { headers }).then((response) =>
    response.text(),
  );
  const collection = await asOwner<{ id: string }>('POST /api/collections', { name: 'library:board-minutes' });
  const document = await call<{ id: string }>(
    node,
    `POST /api/collections/${collection.body.id}/documents?name=minutes.txt`,
    {
      key: null,
      headers: { ...headers, 'content-type': 'text/plain' },
      raw: 'The secret of the board is the colour blue.',
    },
  );
  const drive = await call<{ own: { id: string; rootId: string } }>(node, 'GET /api/drive', { key: null, headers });
  const file = await call<{ id: string }>(
    node,
    `PUT /api/drive/content?parent=${drive.body.own.rootId}&name=minutes.txt`,
    { key: null, headers, raw: 'The secret of the board is the colour blue.' },
  );
  const link = await asOwner<{ id: string }>(`POST /api/drive/nodes/${file.body.id}/links`);
  const upload = await call(node, 'POST /api/drive/uploads', {
    key: null,
    headers: {
      ...headers,
      'tus-resumable': '1.0.0',
      'upload-length': '10',
      'upload-metadata': `filename ${btoa('a.txt')},parent ${btoa(drive.body.own.rootId)}`,
    },
  });
  const key = await asOwner<{ key: { id: string } }>('POST /api/keys', { name: 'owner key' });
  const runs = await call<{ items: { id: string }[] }>(node, 'GET /api/runs');
  await vi.waitUntil(
    async () =>
      (await call<{ status: string }>(node, `GET /api/documents/${document.body.id}`)).body.status === 'ready',
    { timeout: 20_000 },
  );
  const hits = await call<{ passages: { id: string }[] }>(node, 'GET /api/knowledge/search?q=secret+of+the+board');
  const search = await asOwner<{ conversation: { id: string }; answer: { id: string } }>('POST /api/search', {
    question: 'What is the secret of the board?',
  });
  await fetch(`${node.url}/api/messages/${search.body.answer.id}/stream`, { headers }).then((answer) => answer.text());
  const thread = search.body.conversation.id;
  const share = await call<{ id: string }>(node, `PUT /api/search/threads/${thread}/share`, {
    key: null,
    headers,
    body: { readers: ['group:board'] },
  });
  const invite = await asOwner<{ link: string }>('POST /api/invites', { role: 'member' });
  stranger = await acceptInvite(node, invite.body.link, {
    name: 'Stranger',
    email: 'stranger@example.org',
    password: 'a long enough password',
  });
  const written = await asOwner<{ document: { id: string } }>('POST /api/wenku', { kind: 'doc', title: 'Board paper' });
  const paper = written.body.document.id;
  await asOwner(`POST /api/wenku/${paper}/versions`, { name: 'colour blue' });
  const reading = await call<{ id: string }>(node, 'POST /api/wenku-readings?name=secret.txt', {
    key: null,
    headers: { ...headers, 'content-type': 'text/plain' },
    raw: 'The secret of the board is the colour blue.',
  });
  const job = await asOwner<{ id: string }>(`POST /api/wenku-readings/${reading.body.id}/jobs`, {
    kind: 'ask',
    text: 'What is the secret?',
  });
  ids = {
    wenku: paper,
    'wenku-reading': reading.body.id,
    'wenku-job': job.body.id,
    app: app.body.app.id,
    conversation: conversation.body.conversation.id,
    message: sent.body.answer.id,
    collection: collection.body.id,
    document: document.body.id,
    passage: hits.body.passages[0]?.id as string,
    key: key.body.key.id,
    run: runs.body.items[0]?.id as string,
    person: owner.personId,
    model: 'mdl_extract1',
    thread,
    share: share.body.id,
    drive: drive.body.own.id,
    root: drive.body.own.rootId,
    file: file.body.id,
    link: link.body.id,
    upload: upload.headers.get('location')?.split('/').at(-1) as string,
  };
});
afterAll(() => node?.stop());

/** Routes whose whole answer is about the caller, or says only what everybody may know. */
const harmless = new Set([
  'GET /api/session',
  'POST /api/setup',
  'POST /api/sign-in',
  'POST /api/sign-out',
  'POST /api/invites/accept',
  'PATCH /api/me',
  'GET /api/sessions',
  'DELETE /api/sessions/:id',
  'GET /api/apps',
  'POST /api/apps/validate',
  'GET /api/conversations',
  'POST /api/conversations',
  'GET /api/collections',
  'GET /api/knowledge/search',
  'GET /api/models',
  'GET /api/providers',
  'GET /api/runs',
  'GET /api/keys',
  'POST /api/keys',
  'GET /api/wenku',
  'POST /api/wenku',
  'GET /api/wenku/templates',
  // Makes a document of the caller's own bytes, or refuses them.
  'POST /api/wenku/import',
  'GET /api/wenku-readings',
  'POST /api/wenku-readings',
  // A run of one's own circuit; runs of others are refused below.
  // Search over what the caller may read; the threads and shares of others are refused below.
  'GET /api/search',
  'POST /api/search',
  'GET /api/search/suggestions',
  'POST /api/quantum/run',
  // One's own drive, and what of others' is shared with one; a link is opened by its token alone.
  'GET /api/drive',
  'GET /api/drive/trash',
  'DELETE /api/drive/trash',
  'GET /api/drive/search',
  'GET /api/drive/changes',
  'GET /api/drive/duplicates',
  'GET /api/drive/tags',
  'POST /api/quantum/describe',
]);

const idFor = (path: string): string => {
  if (path.includes('/apps/')) return 'secret-desk';
  if (path.includes('/local-models/')) return 'qwen3-0.6b';
  if (path.includes('/search/threads/')) return ids.thread as string;
  if (path.includes('/search/shared/')) return ids.share as string;
  if (path.includes('/drive/folders/')) return ids.root as string;
  if (path.includes('/drive/nodes/')) return ids.file as string;
  if (path.includes('/drive/links/')) return ids.link as string;
  if (path.includes('/drive/uploads/')) return ids.upload as string;
  const noun = /\/api\/([\w-]+?)s?\/:/.exec(path)?.[1] ?? '';
  return (
    {
      people: ids.person,
      person: ids.person,
      passage: ids.passage,
      budget: 'org',
      group: 'board',
      approval: 'apr_none',
      session: 'none',
      invite: 'inv_none',
    }[noun] ??
    ids[noun] ??
    'none'
  );
};

/** The table needs no house; whatever is asked of this one while routes are laid is itself. */
const anything: never = new Proxy(() => anything, { get: () => anything }) as never;
const routes = createAdminApp(anything)
  .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
  .map(({ method, path }) => `${method} ${path}`);

describe('as nobody', () => {
  test('the table of routes is the one that is served', () => {
    expect(routes.length).toBeGreaterThan(50);
  });
  test('every control-plane route but the open ones answers 401', async () => {
    const faults: string[] = [];
    for (const route of routes) {
      const [method, path] = route.split(' ') as [string, string];
      if (openRoutes.has(route)) continue;
      const answer = await call(node, `${method} ${fill(path)}`, {
        key: null,
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }),
      });
      if (answer.status !== 401) faults.push(`${route} → ${answer.status}`);
    }
    expect(faults).toEqual([]);
  });
  test('every data-plane route answers 401, without a key and with a wrong one', async () => {
    for (const { method, pattern } of v1Routes) {
      const path = pattern.source
        .replace(/^\^|\$$/g, '')
        .replaceAll('\\/', '/')
        .replace(/\(.*?\)/g, 'app:secret-desk');
      for (const key of [null, 'myr_wrong', node.operatorToken.slice(1)]) {
        const answer = await call(node, `${method} ${path}`, {
          key,
          ...(method === 'GET' ? {} : { body: { model: 'app:secret-desk', messages: [] } }),
        });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
  });
});

describe('as a member who owns nothing', () => {
  test('every route about a thing of somebody else answers 403 or 404, and never with its content', async () => {
    const faults: string[] = [];
    for (const route of routes) {
      if (harmless.has(route)) continue;
      const [method, path] = route.split(' ') as [string, string];
      const answer = await call(node, `${method} ${fill(path)}`, {
        key: null,
        headers: browserHeaders(node, stranger),
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: validBody(route) }),
      });
      if (answer.status !== 403 && answer.status !== 404)
        faults.push(`${route} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
      if (/colour blue|Be discreet|What is the secret/.test(JSON.stringify(answer.body))) faults.push(`${route} leaks`);
    }
    expect(faults).toEqual([]);
  });
  test('bytes are neither sent to nor taken from a stranger, nor moved by nobody', async () => {
    const faults: string[] = [];
    for (const route of transferRoutes) {
      const [method, path] = route.split(' ') as [string, string];
      const extra = path === '/api/drive/content' ? `?parent=${ids.root}&name=theirs.txt` : '';
      const tus = {
        'tus-resumable': '1.0.0',
        'upload-length': '3',
        'upload-offset': '0',
        'upload-metadata': `filename ${btoa('b.txt')},parent ${btoa(ids.root as string)}`,
        ...(method === 'PATCH' ? { 'content-type': 'application/offset+octet-stream' } : {}),
      };
      const ask = (headers: Record<string, string>) =>
        call(node, `${method} ${fill(path)}${extra}`, {
          key: null,
          headers: { ...tus, ...headers },
          ...(/PUT|PATCH/.test(method) ? { raw: 'abc' } : {}),
        });
      const theirs = await ask(browserHeaders(node, stranger));
      if (theirs.status !== 403 && theirs.status !== 404) faults.push(`${route} → ${theirs.status}`);
      if (/colour blue/.test(JSON.stringify(theirs.body))) faults.push(`${route} leaks`);
      const nobodys = await ask({});
      if (nobodys.status !== 401) faults.push(`${route} as nobody → ${nobodys.status}`);
      const forged = method === 'GET' || method === 'HEAD' ? null : await ask({ cookie: owner.cookie });
      if (forged && forged.status !== 403) faults.push(`${route} without the page's token → ${forged.status}`);
    }
    expect(faults).toEqual([]);
  });
  test('lists hold only what is theirs', async () => {
    const get = async <T>(path: string) =>
      (await call<T>(node, `GET ${path}`, { key: null, headers: browserHeaders(node, stranger) })).body;
    expect((await get<{ items: { name: string }[] }>('/api/apps')).items.map(({ name }) => name)).not.toContain(
      'secret-desk',
    );
    expect((await get<{ items: unknown[] }>('/api/conversations')).items).toEqual([]);
    expect((await get<{ items: unknown[] }>('/api/collections')).items).toEqual([]);
    expect((await get<{ items: unknown[] }>('/api/runs')).items).toEqual([]);
    expect((await get<{ items: unknown[] }>('/api/keys')).items).toEqual([]);
    expect((await get<{ passages: unknown[] }>('/api/knowledge/search?q=secret+of+the+board')).passages).toEqual([]);
  });
  test('an app that is not theirs does not exist, on any surface', async () => {
    const made = await call<{ secret: string }>(node, 'POST /api/keys', {
      key: null,
      headers: browserHeaders(node, stranger),
      body: { name: 'mine' },
    });
    const key = made.body.secret;
    const asked = await call<{ error: { code: string } }>(node, 'POST /v1/chat/completions', {
      key,
      body: { model: 'app:secret-desk', messages: [{ role: 'user', content: 'hello' }] },
    });
    expect([asked.status, asked.body.error.code]).toEqual([404, 'model_not_found']);
    expect((await call(node, 'GET /v1/models/app:secret-desk', { key })).status).toBe(404);
    expect((await call(node, 'GET /v1/apps/secret-desk/assignment?unit=x', { key })).status).toBe(404);
    expect(
      (
        await call(node, 'POST /api/conversations', {
          key: null,
          headers: browserHeaders(node, stranger),
          body: { app: 'secret-desk' },
        })
      ).status,
    ).toBe(404);
    const listed = await call<{ data: { id: string }[] }>(node, 'GET /v1/models', { key });
    expect(listed.body.data.map(({ id }) => id)).not.toContain('app:secret-desk');
  });
});

test('a key may do no more than its scopes', async () => {
  const made = await call<{ secret: string; key: { id: string } }>(node, 'POST /api/keys', {
    body: { name: 'kpi only', scopes: ['kpi:write'] },
  });
  const key = made.body.secret;
  expect((await call(node, 'POST /v1/kpi/events', { key, body: [] })).status).toBe(200);
  expect(
    (
      await call(node, 'POST /v1/chat/completions', {
        key,
        body: { model: 'myriad/extract-1', messages: [{ role: 'user', content: 'x' }] },
      })
    ).status,
  ).toBe(403);
  expect((await call(node, 'GET /api/people', { key })).status).toBe(403);
  expect((await call(node, 'POST /api/keys', { key, body: { name: 'more', scopes: ['admin'] } })).status).toBe(403);
  await call(node, `DELETE /api/keys/${made.body.key.id}`);
  expect((await call(node, 'POST /v1/kpi/events', { key, body: [] })).status).toBe(401);
});

test('a request from another site is refused: no token, a wrong one, a foreign origin', async () => {
  const { cookie, csrf } = owner;
  const attempt = (headers: Record<string, string>) =>
    call<{ code: string }>(node, 'POST /api/keys', { key: null, headers, body: { name: 'stolen' } });
  expect((await attempt({ cookie })).body.code).toBe('csrf_rejected');
  expect((await attempt({ cookie, 'x-myriad-csrf': 'guess', origin: node.url })).body.code).toBe('csrf_rejected');
  expect((await attempt({ cookie, 'x-myriad-csrf': csrf, origin: 'https://evil.example' })).body.code).toBe(
    'csrf_rejected',
  );
  expect((await attempt({ cookie, 'x-myriad-csrf': stranger.csrf, origin: node.url })).body.code).toBe('csrf_rejected');
  expect((await attempt({ cookie, 'x-myriad-csrf': csrf, origin: node.url })).status).toBe(201);
});

test('an uploaded page is never a page of this site, and its name cannot leave its place', async () => {
  const headers = browserHeaders(node, owner);
  const html = '<script>document.title="owned"</script><p>harmless words</p>';
  const uploaded = await call<{ id: string; name: string }>(
    node,
    `POST /api/collections/${ids.collection}/documents?name=${encodeURIComponent('../../../etc/evil.html')}`,
    { key: null, headers: { ...headers, 'content-type': 'text/html' }, raw: html },
  );
  expect(uploaded.body.name).toBe('evil.html');
  const original = await call(node, `GET /api/documents/${uploaded.body.id}/original`, { key: null, headers });
  expect(original.headers.get('content-type')).toBe('application/octet-stream');
  expect(original.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(original.headers.get('content-security-policy')).toContain('sandbox');
  for (const path of [
    '/../../package.json',
    '/..%2f..%2fpackage.json',
    '/assets/..%2f..%2f..%2fserver/package.json',
    '/%2e%2e/%2e%2e/package.json',
  ]) {
    const response = await fetch(node.url + path);
    expect(await response.text()).not.toContain('@myriad');
  }
});

function fill(path: string): string {
  if (path === '/api/wenku-compare') return `${path}?before=${ids.wenku}&after=${ids['wenku-reading']}`;
  return path.replace(/:(app|id|name|scope|number|hash|drive|token)\b/g, (_, name: string) =>
    name === 'number' ? '1' : name === 'drive' ? (ids.drive as string) : encodeURIComponent(idFor(path)),
  );
}

/** A body that passes the schema, so that what refuses is the access rule. */
function validBody(route: string): unknown {
  const bodies: Readonly<Record<string, unknown>> = {
    'PATCH /api/wenku/:id': { title: 'mine now' },
    'PUT /api/wenku/:id/content': { revision: 1, content: { type: 'doc', content: [] } },
    'POST /api/wenku/:id/versions': { name: 'mine' },
    'POST /api/wenku/:id/jobs': { kind: 'outline', text: 'x' },
    'POST /api/wenku-readings/:id/jobs': { kind: 'ask', text: 'x' },
    'PATCH /api/people/:id': { role: 'member' },
    'POST /api/local-models/:name/download': { consent: true },
    'PUT /api/groups/:name': { members: [] },
    'POST /api/invites': { role: 'owner' },
    'POST /api/apps': { source: privateManifest },
    'PUT /api/apps/:app/draft': { source: privateManifest },
    'POST /api/apps/:app/rollback': { number: 1 },
    'POST /api/apps/:app/status': { status: 'stopped' },
    'PATCH /api/conversations/:id': { title: 'mine now' },
    'POST /api/conversations/:id/messages': { parentId: null, text: 'hello' },
    'POST /api/messages/:id/feedback': { rating: 'down' },
    'POST /api/runs/:id/feedback': { rating: 'down' },
    'POST /api/approvals/:id': { decision: 'approved' },
    'POST /api/collections': { name: 'library:mine' },
    'PATCH /api/collections/:id': { readers: ['everyone'] },
    'POST /api/models': { provider: 'openai', model: 'gpt-4o' },
    'PATCH /api/models/:id': { enabled: false },
    'POST /api/kpi/sources/:name/test': { kind: 'sqlite', address: '/tmp/none.db', sql: 'select 1' },
    'POST /api/kpi/sources/:name/run': { again: true },
    'PUT /api/kpi/sources/:name': { kind: 'sqlite', address: '/tmp/none.db', sql: 'select 1' },
    'PUT /api/budgets/:scope': { limitMicros: 1, currency: 'USD', period: 'day', onExceed: 'refuse' },
    'POST /api/backup': { path: '/tmp/never' },
    'POST /api/drive/folders': { parentId: ids.root, name: 'mine' },
    'PATCH /api/drive/nodes/:id': { name: 'mine' },
    'POST /api/drive/batch': { action: 'trash', ids: [ids.file] },
    'PUT /api/drive/nodes/:id/shares': { principal: 'everyone', role: 'viewer' },
    'PUT /api/drive/quotas/:drive': { quotaBytes: 1 },
    'POST /api/open/links/:token/unlock': { password: 'guess' },
  };
  return bodies[route] ?? {};
}
