import {
  type Action,
  type Clock,
  MyriadError,
  type Org,
  type Person,
  type Random,
  type RequestIdentity,
  type SignedIn,
  type Store,
  type Subject,
} from '@myriad/contracts';
import { admitPeople, normalEmail, normalName } from './admit-people.ts';
import { authorize } from './authorize.ts';
import { checkCsrf, checkOrigin, csrfToken } from './check-csrf.ts';
import { keepKeys } from './keep-keys.ts';
import { everyPerson, keepPeople } from './keep-people.ts';
import { limitAttempts } from './limit-attempts.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { openSignInLibrary, type SignInLibrary } from './open-sign-in-library.ts';
import { principalsOf } from './principals-of.ts';

export interface OrgWiring {
  readonly store: Pick<Store, 'org' | 'audit' | 'settings' | 'authDatabase' | 'kind'>;
  readonly clock: Clock;
  readonly random: Random;
  /** At least 32 bytes, kept with the data; sessions and CSRF tokens are signed with keys derived from it. */
  readonly secret: Uint8Array;
  /** Address under which people reach the node; read at the first sign-in, when the port is known. */
  readonly publicUrl: () => string;
}

const minuteMs = 60_000;
const seenEveryMs = 5 * minuteMs;
/** Routes of the sign-in library that a browser may reach: passkeys only. Everything else goes through this room. */
const passkeyRoutes = new Set(
  [
    'generate-register-options',
    'verify-registration',
    'generate-authenticate-options',
    'verify-authentication',
    'list-user-passkeys',
    'delete-passkey',
    'update-passkey',
  ].map((route) => `/api/auth/passkey/${route}`),
);

const passkeyChanges: Readonly<Record<string, string>> = {
  'verify-registration': 'passkey.add',
  'delete-passkey': 'passkey.delete',
};

const actorName = (actor: Subject): string => {
  if (actor.kind === 'person') return `person:${actor.person.id}`;
  if (actor.kind === 'key') return `key:${actor.key.id}`;
  return actor.kind;
};

/** Who is in the house and who may do what. See `Org` in the contracts for each method. */
export function createOrg(wiring: OrgWiring): Org {
  const { store, clock, random, secret } = wiring;
  if (secret.length < 32) throw new MyriadError('config_invalid', 'The secret of the house has fewer than 32 bytes.');
  const alone = oneAtATime();
  const keys = keepKeys({ store, clock, random });
  const people = keepPeople({ store, clock, random });
  const byEmail = limitAttempts(clock, { most: 10, windowMs: 15 * minuteMs });
  const byAddress = limitAttempts(clock, { most: 50, windowMs: 15 * minuteMs });
  const seenAt = new Map<string, number>();

  let opened: Promise<SignInLibrary> | null = null;
  const library = (): Promise<SignInLibrary> => {
    opened ??= openSignInLibrary({
      store,
      secret,
      publicUrl: wiring.publicUrl(),
      maySignIn: async (userId) => {
        const person = await store.org.person(userId);
        return person !== null && !person.disabled;
      },
    }).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
  const admission = admitPeople({ store, clock, random, people, library });

  const audit = (actor: Subject | string, action: string, object: string, detail: Record<string, unknown> = {}) =>
    store.audit.append({
      time: clock.now(),
      actor: typeof actor === 'string' ? actor : actorName(actor),
      action,
      object,
      detail,
    });

  function demand(actor: Subject, action: Action, object: Parameters<typeof authorize>[2]): void {
    const decision = authorize(actor, action, object);
    if (!decision.allowed) throw new MyriadError('forbidden', decision.because, { facts: { action } });
  }

  async function signedIn(person: Person, request: RequestIdentity): Promise<SignedIn> {
    return { person, cookies: await (await library()).startSession(person.id, request) };
  }

  async function subjectOfCookie(cookie: string): Promise<Subject> {
    const session = await (await library()).sessionOfCookie(cookie);
    const person = session && (await store.org.person(session.userId));
    if (!person || person.disabled) return { kind: 'nobody' };
    noteSeen(person);
    return { kind: 'person', person, sessionId: session.id };
  }

  /** Writes the time of the last visit, at most once in five minutes and never in the way of the request. */
  function noteSeen(person: Person): void {
    const now = clock.now();
    if (now - Math.max(person.lastSeenAt ?? 0, seenAt.get(person.id) ?? 0) < seenEveryMs) return;
    seenAt.set(person.id, now);
    if (seenAt.size > 10_000) seenAt.delete(seenAt.keys().next().value as string);
    void alone(async () => {
      const fresh = await store.org.person(person.id);
      if (fresh) await store.org.savePerson({ ...fresh, lastSeenAt: now });
    }).catch(() => undefined);
  }

  async function endAccess(person: Person): Promise<void> {
    keys.forgetPerson(person.id);
    if (person.disabled) await (await library()).endSessions(person.id);
  }

  return {
    authenticate(request) {
      const bearer = request.authorization?.match(/^Bearer +(.+)$/i)?.[1]?.trim();
      const key = request.apiKey ?? bearer;
      if (key) return keys.authenticate(key);
      if (request.authorization) {
        return Promise.reject(new MyriadError('unauthenticated', 'Send a key as `Authorization: Bearer myr_…`.'));
      }
      // A house without the cookie's name in the header has no session; the library need not even be opened.
      return request.cookie?.includes('myriad.')
        ? subjectOfCookie(request.cookie)
        : Promise.resolve({ kind: 'nobody' });
    },

    async subjectOf({ keyId, personId }) {
      if (keyId !== null) return keys.byId(keyId);
      if (personId === null) return { kind: 'system' };
      const person = await store.org.person(personId);
      if (!person || person.disabled) throw new MyriadError('unauthenticated', 'The person is gone or disabled.');
      return { kind: 'person', person, sessionId: '' };
    },

    authorize,
    principalsOf,
    ownerToken: () => alone(() => admission.ownerToken()),

    async claimOwner(token, request) {
      checkOrigin(wiring.publicUrl(), request);
      byAddress.take([request.ip]);
      const person = await alone(() => admission.claimOwner(token));
      await audit(`person:${person.id}`, 'owner.claim', `person:${person.id}`);
      return signedIn(person, request);
    },

    async signIn(email, password, request) {
      checkOrigin(wiring.publicUrl(), request);
      const name = email.trim().toLowerCase().slice(0, 320);
      byAddress.take([request.ip]);
      byEmail.take([name]);
      const person = await store.org.personByEmail(name);
      const matches = await (await library()).passwordMatches(person?.id ?? null, password);
      if (!person || !matches || person.disabled) {
        throw new MyriadError('unauthenticated', 'The e-mail address or the password is not right.');
      }
      byEmail.forget(name);
      return signedIn(person, request);
    },

    async signOut(request) {
      const opened = await library();
      const session = request.cookie ? await opened.sessionOfCookie(request.cookie) : null;
      if (session) await opened.endSession(session.token);
      return [opened.expiredCookie()];
    },

    async handleAuth(request) {
      if (!passkeyRoutes.has(new URL(request.url).pathname)) {
        throw new MyriadError('not_found', 'There is nothing at this address.');
      }
      const response = await (await library()).handle(request);
      const change = passkeyChanges[new URL(request.url).pathname.split('/').at(-1) ?? ''];
      if (change && response.ok) {
        const subject = await subjectOfCookie(request.headers.get('cookie') ?? '');
        await audit(subject, change, actorName(subject));
      }
      return response;
    },

    async hasCredential(personId) {
      const opened = await library();
      return (await opened.hasPassword(personId)) || (await opened.hasPasskey(personId));
    },

    async updateMe({ id }, change, request) {
      const opened = await library();
      const email = change.email === undefined ? undefined : normalEmail(change.email);
      const name = change.name === undefined ? undefined : normalName(change.name);
      if (change.password !== undefined) opened.assertPassword(change.password);
      // What opens the door is changed only by somebody who can open it.
      if ((change.password !== undefined || email !== undefined) && (await opened.hasPassword(id))) {
        byEmail.take([`me:${id}`]);
        if (!(await opened.passwordMatches(id, change.currentPassword ?? ''))) {
          throw new MyriadError('forbidden', 'The current password is not right.', {
            facts: { field: 'currentPassword' },
          });
        }
        byEmail.forget(`me:${id}`);
      }
      const person = await alone(async () => {
        const before = await store.org.person(id);
        if (!before || before.disabled) throw new MyriadError('unauthenticated', 'This person may not sign in.');
        const holder = email === undefined ? null : await store.org.personByEmail(email);
        if (holder && holder.id !== id) throw new MyriadError('conflict', `${email} is taken.`);
        const after = { ...before, name: name ?? before.name, email: email ?? before.email };
        await opened.updateUser(id, { name: after.name, email: after.email });
        await store.org.savePerson(after);
        return after;
      });
      keys.forgetPerson(id);
      const fields = Object.keys(change).filter((field) => field !== 'currentPassword');
      await audit(`person:${id}`, 'person.update', `person:${id}`, { fields });
      if (change.password === undefined) return { person, cookies: [] };
      await opened.setPassword(id, change.password);
      // A new password ends every other session; this one goes on under a new cookie.
      await opened.endSessions(id);
      return signedIn(person, request);
    },

    async sessions(personId, request) {
      const opened = await library();
      const current = request.cookie ? await opened.sessionOfCookie(request.cookie) : null;
      const list = await opened.sessions(personId);
      return list.map(({ id, userAgent, ip, createdAt, expiresAt }) => ({
        id,
        current: id === current?.id,
        userAgent,
        ip,
        createdAt,
        expiresAt,
      }));
    },

    async revokeSession(personId, sessionId) {
      const opened = await library();
      const session = (await opened.sessions(personId)).find(({ id }) => id === sessionId);
      if (!session) throw new MyriadError('not_found', 'There is no such session.');
      await opened.endSession(session.token);
      await audit(`person:${personId}`, 'session.revoke', `person:${personId}`, { sessionId });
    },

    async updatePerson(id, change, actor) {
      demand(actor, 'people.manage', { type: 'house' });
      const person = await alone(() => people.update(id, change));
      await endAccess(person);
      await audit(actor, 'person.update', `person:${id}`, { ...change });
      return person;
    },

    groups: () => store.org.groups(),

    async saveGroup(name, members, actor) {
      demand(actor, 'people.manage', { type: 'house' });
      const { group, changed } = await alone(() => people.saveGroup(name, members));
      for (const id of changed) keys.forgetPerson(id);
      await audit(actor, 'group.save', `group:${name}`, { members: group.members });
      return group;
    },

    async deleteGroup(name, actor) {
      demand(actor, 'people.manage', { type: 'house' });
      const { changed } = await alone(() => people.deleteGroup(name));
      for (const id of changed) keys.forgetPerson(id);
      await audit(actor, 'group.delete', `group:${name}`);
    },

    async invite(wanted, actor) {
      demand(actor, 'people.manage', { type: 'house' });
      const { invite, token } = await admission.invite(wanted, actorName(actor));
      await audit(actor, 'invite.create', `invite:${invite.id}`, { role: invite.role, groups: invite.groups });
      return { invite, link: `${new URL(wiring.publicUrl()).origin}/invite#${token}` };
    },

    invites: () => admission.invites(),

    async revokeInvite(id, actor) {
      demand(actor, 'people.manage', { type: 'house' });
      await admission.revokeInvite(id);
      await audit(actor, 'invite.revoke', `invite:${id}`);
    },

    async acceptInvite(accepted, request) {
      checkOrigin(wiring.publicUrl(), request);
      byAddress.take([request.ip]);
      const { person, invite } = await alone(() => admission.accept(accepted));
      await audit(`person:${person.id}`, 'invite.accept', `invite:${invite.id}`, { role: person.role });
      return signedIn(person, request);
    },

    async createKey(wanted, actor) {
      const ownerId = await keyOwner(actor);
      // Whether the actor may edit the app of `forApp` was decided by the caller, who has the app at hand.
      demand(actor, 'key.manage', { type: 'key', ownerId });
      const created = await keys.create(wanted, ownerId);
      const { id, name, ownerKind, scopes, apps, expiresAt } = created.key;
      const detail = { name, ownerKind, ownerId: created.key.ownerId, scopes, apps, expiresAt };
      await audit(actor, 'key.create', `key:${id}`, detail);
      return created;
    },

    async revokeKey(key, actor) {
      await keys.revoke(key);
      await audit(actor, 'key.revoke', `key:${key.id}`, { name: key.name });
    },

    csrfToken: (subject) => csrfToken(secret, subject),
    checkCsrf: (subject, token, request) => checkCsrf(secret, wiring.publicUrl(), subject, token, request),
    close: () => keys.flush(),
  };

  /** Person whom a new key belongs to; the node's own command makes it the first owner's. */
  async function keyOwner(actor: Subject): Promise<string> {
    if ((actor.kind === 'person' || actor.kind === 'key') && actor.person) return actor.person.id;
    if (actor.kind === 'system') {
      for await (const person of everyPerson(store)) {
        if (person.role === 'owner' && !person.disabled) return person.id;
      }
      return (await admission.ensureOwner()).id;
    }
    throw new MyriadError('forbidden', 'Only a person can make keys.');
  }
}
