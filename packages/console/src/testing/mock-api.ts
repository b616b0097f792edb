/**
 * The control plane in memory, as `ApiRoutes` types it, with an invented company in it. For developing and looking at the
 * console without a node; nothing here is shipped. The cookie `as` says who asks: owner (unless said), member, nobody, new.
 */
import type { FailureCode, Problem, SessionAnswer } from '@myriad/contracts';
import { failureCatalogue } from '@myriad/contracts/errors';
import { mockRoutes } from './mock-routes.ts';
import { createStreams } from './mock-streams.ts';
import { type MockCall, MockRefusal, type MockRole } from './mock-types.ts';
import { mockWorld } from './mock-world.ts';

export interface MockOptions {
  readonly now?: () => number;
  /** Time between two pieces of a streamed answer. */
  readonly paceMs?: number;
}

export function createMockApi({
  now = Date.now,
  paceMs = 24,
}: MockOptions = {}): (request: Request) => Promise<Response> {
  const world = mockWorld(now());
  const streams = createStreams(paceMs);
  let counter = 0;
  const id = (prefix: string) => {
    counter += 1;
    return `${prefix}_new${counter}`;
  };
  const table = Object.entries(mockRoutes).map(([route, answer]) => {
    const [method = '', template = ''] = route.split(' ');
    const names = [...template.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
    const pattern = new RegExp(`^${template.replace(/:\w+/g, '([^/]+)')}$`);
    return { method, names, pattern, answer: answer as (call: MockCall) => unknown };
  });

  const session = (role: MockRole): SessionAnswer => ({
    person: role === 'owner' ? (world.people[0] ?? null) : role === 'member' ? (world.people[2] ?? null) : null,
    may: role === 'owner' ? ['build', 'operate', 'people', 'models', 'settings'] : [],
    node: {
      version: '0.1.0',
      language: 'en',
      currency: 'CNY',
      needsOwner: role === 'new',
      generates: world.models.some(({ endpoint }) => endpoint.enabled && endpoint.capabilities.includes('generate')),
    },
    needsCredential: false,
    csrf: 'mock-token',
  });

  return async (request) => {
    const url = new URL(request.url);
    const cookie = /\bas=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
    const role: MockRole = cookie === 'member' || cookie === 'nobody' || cookie === 'new' ? cookie : 'owner';
    const bytes = new Uint8Array(await request.arrayBuffer());
    const isJson = request.headers.get('content-type')?.startsWith('application/json') ?? false;
    for (const { method, names, pattern, answer } of table) {
      const match = request.method === method ? pattern.exec(url.pathname) : null;
      if (!match) continue;
      if (method !== 'GET' && request.headers.get('x-myriad-csrf') !== 'mock-token' && role === 'owner') {
        return problem('csrf_rejected', `${url.pathname} came without the session's token.`);
      }
      const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
      try {
        const given = await answer({
          params,
          query: Object.fromEntries(url.searchParams),
          body: isJson && bytes.length > 0 ? JSON.parse(new TextDecoder().decode(bytes)) : undefined,
          bytes,
          role,
          world,
          now,
          id,
          streams,
          session,
          headers: request.headers,
        });
        return given instanceof Response ? given : Response.json(given);
      } catch (error) {
        if (error instanceof MockRefusal) return problem(error.code, error.message);
        throw error;
      }
    }
    return problem('not_found', `${request.method} ${url.pathname} is not a route of the mock.`);
  };
}

function problem(code: FailureCode, detail: string): Response {
  const { status, title } = failureCatalogue[code];
  const body: Problem = {
    type: `https://myriad.local/errors/${code}`,
    title,
    status,
    code,
    detail,
    facts: {},
    requestId: 'req_mock',
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
