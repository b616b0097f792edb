import { MyriadError, type Person, type SessionAnswer, type Subject } from '@myriad/contracts';
import { Hono } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';
import { identityOfRequest } from '../http/identity.ts';
import { type AdminContext, type AdminEnv, readJson } from './context.ts';

const smallBody = 64 * 1024;
const password = z.string().min(10, 'expected at least 10 characters').max(256);
const email = z.email('expected an e-mail address').max(320);
const name = z.string().trim().min(1).max(200);

/** Sign-in, the one-time owner link, invites accepted, one's own profile and sessions. */
export function sessionRoutes(house: House): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const identity = (c: AdminContext) => identityOfRequest(c.req.raw, c.get('ip'));
  const signedIn = async (c: AdminContext, person: Person, cookies: readonly string[]) => {
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
    const subject = await subjectFromCookies(house, c, cookies);
    // The request was read before the change: the person is the one that is known now.
    const now: Subject =
      subject?.kind === 'person' ? { ...subject, person } : { kind: 'person', person, sessionId: '' };
    return c.json(await describeSession(house, now));
  };

  routes.get('/session', async (c) => c.json(await describeSession(house, c.get('subject'))));
  routes.post('/setup', async (c) => {
    const { token } = await readJson(c, z.strictObject({ token: z.string().min(1).max(512) }), smallBody);
    const { person, cookies } = await house.org.claimOwner(token, identity(c));
    return signedIn(c, person, cookies);
  });
  routes.post('/sign-in', async (c) => {
    const body = await readJson(
      c,
      z.strictObject({ email: z.string().max(320), password: z.string().max(256) }),
      smallBody,
    );
    const { person, cookies } = await house.org.signIn(body.email, body.password, identity(c));
    return signedIn(c, person, cookies);
  });
  routes.post('/sign-out', async (c) => {
    for (const cookie of await house.org.signOut(identity(c))) c.header('set-cookie', cookie, { append: true });
    return c.json({ ok: true } as const);
  });
  routes.post('/invites/accept', async (c) => {
    const body = await readJson(
      c,
      z.strictObject({ token: z.string().min(1).max(512), name, email, password }),
      smallBody,
    );
    const { person, cookies } = await house.org.acceptInvite(body, identity(c));
    return signedIn(c, person, cookies);
  });
  routes.patch('/me', async (c) => {
    const me = needPerson(c.get('subject'));
    const change = await readJson(
      c,
      z.strictObject({
        name: name.optional(),
        email: email.optional(),
        password: password.optional(),
        currentPassword: z.string().max(256).optional(),
      }),
      smallBody,
    );
    const { person, cookies } = await house.org.updateMe(me.person, change, identity(c));
    return signedIn(c, person, cookies);
  });
  routes.get('/sessions', async (c) =>
    c.json({ items: await house.org.sessions(needPerson(c.get('subject')).person.id, identity(c)) }),
  );
  routes.delete('/sessions/:id', async (c) => {
    await house.org.revokeSession(needPerson(c.get('subject')).person.id, c.req.param('id'));
    return c.json({ ok: true } as const);
  });
  return routes;
}

function needPerson(subject: Subject): Subject & { kind: 'person' } {
  if (subject.kind === 'person') return subject;
  if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
  throw new MyriadError('forbidden', 'This belongs to a person who is signed in, not to a key.');
}

/** The subject that the new cookies stand for, so that the answer carries their CSRF token. */
async function subjectFromCookies(house: House, c: AdminContext, cookies: readonly string[]): Promise<Subject | null> {
  const cookie = cookies.map((text) => text.split(';', 1)[0]).join('; ');
  if (cookie === '') return c.get('subject');
  try {
    return await house.org.authenticate({
      ...identityOfRequest(c.req.raw, c.get('ip')),
      cookie,
      authorization: null,
      apiKey: null,
    });
  } catch {
    return null;
  }
}

async function describeSession(house: House, subject: Subject): Promise<SessionAnswer> {
  const person = subject.kind === 'person' ? subject.person : subject.kind === 'key' ? subject.person : null;
  const may = (action: Parameters<House['org']['authorize']>[1]) =>
    house.org.authorize(subject, action, { type: 'house' }).allowed;
  return {
    person,
    may: [
      ...(may('app.create') ? (['build'] as const) : []),
      ...(may('run.list') ? (['operate'] as const) : []),
      ...(may('people.manage') ? (['people'] as const) : []),
      ...(may('model.manage') ? (['models'] as const) : []),
      ...(may('settings.manage') ? (['settings'] as const) : []),
    ],
    node: {
      version: house.version,
      language: house.config.language,
      currency: house.config.currency,
      needsOwner: (await house.org.ownerToken()) !== null,
      generates: house.models.list().some((endpoint) => endpoint.enabled && endpoint.capabilities.includes('generate')),
    },
    needsCredential: subject.kind === 'person' ? !(await house.org.hasCredential(subject.person.id)) : false,
    csrf: house.org.csrfToken(subject),
  };
}
