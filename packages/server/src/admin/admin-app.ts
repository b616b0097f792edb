/** The control plane: every `/api` route, behind one door that knows who asks and turns errors into problem+json. */
import { timingSafeEqual } from 'node:crypto';
import { asMyriadError, MyriadError, newId, type Subject } from '@myriad/contracts';
import { Hono } from 'hono';
import type { House } from '../house.ts';
import { identityOfRequest } from '../http/identity.ts';
import { retryAfterSeconds, toProblem } from '../http/problem.ts';
import { appRoutes } from './app-routes.ts';
import { cockpitRoutes } from './cockpit-routes.ts';
import type { AdminContext, AdminEnv } from './context.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { driveRoutes, openLinkRoutes } from './drive-routes.ts';
import { experimentRoutes } from './experiment-routes.ts';
import { feedbackRoutes } from './feedback-routes.ts';
import { knowledgeRoutes } from './knowledge-routes.ts';
import { kpiRoutes } from './kpi-routes.ts';
import { localModelRoutes } from './local-model-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { operateRoutes } from './operate-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { quantumRoutes } from './quantum-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { wenkuJobRoutes } from './wenku-job-routes.ts';
import { wenkuRoutes } from './wenku-routes.ts';

/** Routes that a visitor without a session may call; every other answers 401 to nobody. */
export const openRoutes: ReadonlySet<string> = new Set([
  'GET /api/session',
  'POST /api/setup',
  'POST /api/sign-in',
  'POST /api/sign-out',
  'POST /api/invites/accept',
  'GET /api/open/links/:token',
  'POST /api/open/links/:token/unlock',
]);

/** Links are opened by whoever has their token; who is signed in says nothing there. */
const isOpen = (method: string, path: string): boolean =>
  openRoutes.has(`${method} ${path}`) || path.startsWith('/api/open/links/');

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export function createAdminApp(house: House): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>();

  app.use('/api/*', async (c, next) => {
    c.set('requestId', newId('evt', house.clock, house.random));
    c.set('ip', c.env?.incoming?.socket.remoteAddress ?? '');
    c.header('x-request-id', c.get('requestId'));
    c.header('cache-control', 'no-store');
    const identity = identityOfRequest(c.req.raw, c.get('ip'));
    const subject = isLocal(house, identity.authorization)
      ? ({ kind: 'system' } as const)
      : await authenticate(house, c, identity);
    c.set('subject', subject);
    if (!safeMethods.has(c.req.method) && subject.kind === 'person' && !c.req.path.startsWith('/api/open/links/'))
      house.org.checkCsrf(subject, c.req.header('x-myriad-csrf') ?? null, identity);
    if (subject.kind === 'nobody' && !isOpen(c.req.method, c.req.path) && !c.req.path.startsWith('/api/auth/'))
      throw new MyriadError('unauthenticated', 'Sign in first.');
    await next();
  });
  app.all('/api/auth/*', async (c) => house.org.handleAuth(c.req.raw));
  for (const routes of [
    sessionRoutes,
    peopleRoutes,
    appRoutes,
    conversationRoutes,
    knowledgeRoutes,
    driveRoutes,
    openLinkRoutes,
    modelRoutes,
    localModelRoutes,
    operateRoutes,
    quantumRoutes,
    searchRoutes,
    cockpitRoutes,
    wenkuRoutes,
    wenkuJobRoutes,
    experimentRoutes,
    kpiRoutes,
    feedbackRoutes,
  ])
    app.route('/api', routes(house));

  app.notFound((c) =>
    problemAnswer(house, c, new MyriadError('not_found', `There is nothing at ${c.req.method} ${c.req.path}.`)),
  );
  app.onError((error, c) => problemAnswer(house, c, error));
  return app;
}

/** A stale cookie must not keep a visitor from signing in: on open routes it counts as nobody. */
async function authenticate(
  house: House,
  c: AdminContext,
  identity: ReturnType<typeof identityOfRequest>,
): Promise<Subject> {
  try {
    return await house.org.authenticate(identity);
  } catch (error) {
    if (isOpen(c.req.method, c.req.path)) return { kind: 'nobody' };
    throw error;
  }
}

function isLocal(house: House, authorization: string | null): boolean {
  const expected = Buffer.from(`Bearer ${house.localToken}`);
  const got = Buffer.from(authorization ?? '');
  return got.length === expected.length && timingSafeEqual(got, expected);
}

function problemAnswer(house: House, c: AdminContext, thrown: unknown): Response {
  const error = asMyriadError(thrown);
  const requestId = c.get('requestId') ?? 'unknown';
  if (error.class.kind === 'fault')
    house.log('error', 'request_failed', {
      requestId,
      method: c.req.method,
      path: c.req.path,
      code: error.code,
      message: error.message,
      cause: String((error.cause as Error | undefined)?.stack ?? error.cause ?? ''),
    });
  const retryAfter = retryAfterSeconds(error);
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': requestId,
    'cache-control': 'no-store',
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
  };
  return c.body(JSON.stringify(toProblem(error, requestId)), error.class.status as 400, headers);
}
