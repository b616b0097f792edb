import type { Org, RequestIdentity, Subject } from '@myriad/contracts';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import {
  memoryAudit,
  memoryOrgStore,
  memorySettings,
  type TestClock,
  testClock,
  testRandom,
} from '../test/memory-org.ts';
import { softwarePasskey } from '../test/software-passkey.ts';
import { createOrg } from './create-org.ts';

const anonymous: RequestIdentity = {
  authorization: null,
  cookie: null,
  apiKey: null,
  origin: null,
  ip: '192.0.2.1',
  userAgent: 'test',
};
const withCookies = (cookies: readonly string[]): RequestIdentity => ({
  ...anonymous,
  cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; '),
});
const withKey = (secret: string): RequestIdentity => ({ ...anonymous, authorization: `Bearer ${secret}` });
const failing = (code: string) => expect.objectContaining({ code });
const password = 'correct horse battery';

let clock: TestClock;
let store: ReturnType<typeof memoryStore>;
let org: Org;
let seed = 11;
const nextSeed = () => {
  seed += 1;
  return seed;
};

function memoryStore() {
  const database = new SqliteDatabase(':memory:');
  return {
    kind: 'sqlite' as const,
    org: memoryOrgStore(),
    audit: memoryAudit(),
    settings: memorySettings(),
    authDatabase: new Kysely<unknown>({ dialect: new SqliteDialect({ database }) }) as unknown,
  };
}

const openOrg = () =>
  createOrg({
    store,
    clock,
    random: testRandom(nextSeed()),
    secret: new Uint8Array(32).fill(9),
    publicUrl: () => 'http://127.0.0.1:8420',
  });

beforeEach(() => {
  clock = testClock();
  store = memoryStore();
  org = openOrg();
});

/** Owner by the link, then a password, as a person does it. */
async function claimed(): Promise<{ owner: Subject & { kind: 'person' }; cookies: readonly string[] }> {
  const token = await org.ownerToken();
  const { cookies } = await org.claimOwner(token as string, anonymous);
  return { owner: (await org.authenticate(withCookies(cookies))) as Subject & { kind: 'person' }, cookies };
}

async function member(owner: Subject, email = 'mei@example.org', role: 'member' | 'builder' | 'owner' = 'member') {
  const { link } = await org.invite({ email, role }, owner);
  const token = link.split('#')[1] as string;
  return org.acceptInvite({ token, name: 'Mei', email, password }, anonymous);
}

test('[O1] the owner link signs the first visitor in as owner, and works once', async () => {
  const token = (await org.ownerToken()) as string;
  expect(await org.ownerToken()).toBe(token);
  const signedIn = await org.claimOwner(token, anonymous);
  expect(signedIn.person.role).toBe('owner');
  expect(signedIn.cookies[0]).toMatch(/^myriad\.session_token=.*HttpOnly; SameSite=Lax/);
  expect(await org.authenticate(withCookies(signedIn.cookies))).toMatchObject({
    kind: 'person',
    person: { id: signedIn.person.id },
  });
  await expect(org.claimOwner(token, anonymous)).rejects.toEqual(failing('unauthenticated'));
  await org.updateMe(signedIn.person, { password }, anonymous);
  expect(await org.ownerToken()).toBeNull();
});

test('[O1] an owner who set no password or passkey gets in again by a new link, as the same person', async () => {
  const { owner } = await claimed();
  const token = (await org.ownerToken()) as string;
  const again = await org.claimOwner(token, anonymous);
  expect(again.person.id).toBe(owner.person.id);
  expect(await store.org.countPeople()).toBe(1);
});

test("[O1] the operator's command may make a key before anybody came; the link then leads to that owner", async () => {
  const { key } = await org.createKey({ name: 'first', scopes: ['runs:write'] }, { kind: 'system' });
  const { person } = await org.claimOwner((await org.ownerToken()) as string, anonymous);
  expect(person.id).toBe(key.ownerId);
});

test('[O1] of twenty visitors who open the owner link at once, one becomes the owner', async () => {
  const token = (await org.ownerToken()) as string;
  const second = openOrg();
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? org : second).claimOwner(token, anonymous)),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await store.org.countPeople()).toBe(1);
});

test('[O1] a restart gives a new owner link and ends the old one; the store never holds the token', async () => {
  const old = (await org.ownerToken()) as string;
  expect(JSON.stringify(await store.org.invites())).not.toContain(old);
  org = openOrg();
  const fresh = (await org.ownerToken()) as string;
  expect(fresh).not.toBe(old);
  await expect(org.claimOwner(old, anonymous)).rejects.toEqual(failing('unauthenticated'));
  expect((await org.claimOwner(fresh, anonymous)).person.role).toBe('owner');
});

test('[O2] the owner has no credential until one is set, and then signs in with it', async () => {
  const { owner } = await claimed();
  expect(await org.hasCredential(owner.person.id)).toBe(false);
  const change = { name: 'Ada', email: 'Ada@Example.org', password };
  const { person, cookies } = await org.updateMe(owner.person, change, anonymous);
  expect(person).toMatchObject({ name: 'Ada', email: 'ada@example.org' });
  expect(await org.hasCredential(person.id)).toBe(true);
  expect(await org.authenticate(withCookies(cookies))).toMatchObject({ kind: 'person' });
  expect((await org.signIn('ada@example.org', password, anonymous)).person.id).toBe(person.id);
  await expect(org.signIn('ada@example.org', 'wrong password!', anonymous)).rejects.toEqual(failing('unauthenticated'));
  await expect(org.signIn('nobody@example.org', password, anonymous)).rejects.toEqual(failing('unauthenticated'));
});

test('[O2] a set password or e-mail changes only with the current password, and ends other sessions', async () => {
  const { owner } = await claimed();
  await org.updateMe(owner.person, { email: 'ada@example.org', password }, anonymous);
  const other = await org.signIn('ada@example.org', password, anonymous);
  await expect(org.updateMe(owner.person, { password: 'another password' }, anonymous)).rejects.toEqual(
    failing('forbidden'),
  );
  await expect(org.updateMe(owner.person, { email: 'eve@example.org' }, anonymous)).rejects.toEqual(
    failing('forbidden'),
  );
  const change = { password: 'another password', currentPassword: password };
  const { cookies } = await org.updateMe(owner.person, change, anonymous);
  expect(await org.authenticate(withCookies(other.cookies))).toEqual({ kind: 'nobody' });
  expect(await org.authenticate(withCookies(cookies))).toMatchObject({ kind: 'person' });
  await expect(org.updateMe(owner.person, { password: 'short' }, anonymous)).rejects.toEqual(
    failing('invalid_request'),
  );
});

test('[O3] sign-up is closed: no library route but passkeys answers', async () => {
  await claimed();
  for (const path of ['sign-up/email', 'sign-in/email', 'change-email', 'update-user', 'delete-user', 'ok']) {
    const request = new Request(`http://127.0.0.1:8420/api/auth/${path}`, { method: 'POST', body: '{}' });
    await expect(org.handleAuth(request)).rejects.toEqual(failing('not_found'));
  }
});

test('[O3] passkey options need a session to register, and none to sign in', async () => {
  const { cookies } = await claimed();
  const at = (path: string, cookie?: string) =>
    org.handleAuth(
      new Request(`http://127.0.0.1:8420/api/auth/passkey/${path}`, cookie ? { headers: { cookie } } : {}),
    );
  expect((await at('generate-register-options')).status).toBe(401);
  const options = await at('generate-register-options', withCookies(cookies).cookie as string);
  expect(options.status).toBe(200);
  expect(await options.json()).toMatchObject({ rp: { id: 'localhost', name: 'Myriad' } });
  expect((await at('generate-authenticate-options')).status).toBe(200);
});

/** Calls a passkey route as a browser does: with the page's origin and its cookies, which are kept. */
function browser(cookies: readonly string[] = []) {
  const jar = new Map(cookies.map((cookie) => cookie.split(';')[0]?.split('=') as [string, string]));
  const origin = 'http://localhost:8420';
  return {
    identity: (): RequestIdentity => ({ ...anonymous, cookie: [...jar].map((pair) => pair.join('=')).join('; ') }),
    async call(path: string, body?: object) {
      const headers = {
        origin,
        cookie: [...jar].map((pair) => pair.join('=')).join('; '),
        'content-type': 'application/json',
      };
      const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      const response = await org.handleAuth(new Request(`${origin}/api/auth/passkey/${path}`, request));
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', ...value] = (cookie.split(';')[0] as string).split('=');
        jar.set(name, value.join('='));
      }
      return { status: response.status, body: (await response.json()) as { challenge: string } };
    },
  };
}

test('[O3] a passkey is registered, is a credential, signs in without a password, and not once its person is disabled', async () => {
  const { owner } = await claimed();
  const mei = await member(owner);
  const passkey = softwarePasskey({ rpId: 'localhost', origin: 'http://localhost:8420' });
  const page = browser(mei.cookies);
  const options = await page.call('generate-register-options');
  const registered = await page.call('verify-registration', { response: passkey.register(options.body.challenge) });
  expect(registered.status).toBe(200);

  const signInAs = async (key: typeof passkey) => {
    const fresh = browser();
    const asked = await fresh.call('generate-authenticate-options');
    const answered = await fresh.call('verify-authentication', { response: key.signIn(asked.body.challenge) });
    return { status: answered.status, subject: await org.authenticate(fresh.identity()) };
  };
  expect(await signInAs(passkey)).toMatchObject({
    status: 200,
    subject: { kind: 'person', person: { id: mei.person.id } },
  });
  const stranger = softwarePasskey({ rpId: 'localhost', origin: 'http://localhost:8420' });
  expect(await signInAs(stranger)).toMatchObject({ status: 401, subject: { kind: 'nobody' } });
  await org.updatePerson(mei.person.id, { disabled: true }, owner);
  const refused = await signInAs(passkey);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.subject).toEqual({ kind: 'nobody' });
});

test('[O2] a passkey alone is a credential', async () => {
  const { owner, cookies } = await claimed();
  const page = browser(cookies);
  const passkey = softwarePasskey({ rpId: 'localhost', origin: 'http://localhost:8420' });
  const { body } = await page.call('generate-register-options');
  expect(await org.hasCredential(owner.person.id)).toBe(false);
  expect((await page.call('verify-registration', { response: passkey.register(body.challenge) })).status).toBe(200);
  expect(await org.hasCredential(owner.person.id)).toBe(true);
  expect(store.audit.entries.at(-1)).toMatchObject({ action: 'passkey.add', actor: `person:${owner.person.id}` });
});

test('[O4] sessions are listed and revoked, and nobody revokes a stranger’s', async () => {
  const { owner, cookies } = await claimed();
  const mei = await member(owner);
  const listed = await org.sessions(mei.person.id, withCookies(mei.cookies));
  expect(listed).toMatchObject([{ current: true, ip: '192.0.2.1', userAgent: 'test' }]);
  const own = (await org.sessions(owner.person.id, withCookies(cookies)))[0];
  await expect(org.revokeSession(mei.person.id, own?.id as string)).rejects.toEqual(failing('not_found'));
  await org.revokeSession(mei.person.id, listed[0]?.id as string);
  expect(await org.authenticate(withCookies(mei.cookies))).toEqual({ kind: 'nobody' });
  const [expired] = await org.signOut(withCookies(cookies));
  expect(expired).toContain('Max-Age=0');
  expect(await org.authenticate(withCookies(cookies))).toEqual({ kind: 'nobody' });
});

test('[O4] a cookie with a changed signature is nobody', async () => {
  const { cookies } = await claimed();
  const forged = withCookies(cookies).cookie?.replace(/.(?=%3D$|$)/, (last) => (last === 'A' ? 'B' : 'A')) as string;
  expect(forged).not.toBe(withCookies(cookies).cookie);
  expect(await org.authenticate({ ...anonymous, cookie: forged })).toEqual({ kind: 'nobody' });
});

test('[O5] an invite works once, for its e-mail, until it is revoked or too old', async () => {
  const { owner } = await claimed();
  const { invite, link } = await org.invite({ email: 'mei@example.org', role: 'builder' }, owner);
  const token = link.split('#')[1] as string;
  const accepted = { token, name: 'Mei', email: 'eve@example.org', password };
  await expect(org.acceptInvite(accepted, anonymous)).rejects.toEqual(failing('forbidden'));
  const weak = { ...accepted, email: 'mei@example.org', password: 'x' };
  await expect(org.acceptInvite(weak, anonymous)).rejects.toEqual(failing('invalid_request'));
  const { person } = await org.acceptInvite({ ...accepted, email: 'mei@example.org' }, anonymous);
  expect(person.role).toBe('builder');
  await expect(org.acceptInvite({ ...accepted, email: 'mei@example.org' }, anonymous)).rejects.toEqual(
    failing('unauthenticated'),
  );
  await expect(org.revokeInvite(invite.id, owner)).rejects.toEqual(failing('conflict'));
  const second = await org.invite({ role: 'member' }, owner);
  await org.revokeInvite(second.invite.id, owner);
  const third = await org.invite({ role: 'member' }, owner);
  clock.advance(8 * 24 * 3600_000);
  for (const { link } of [second, third]) {
    const late = { token: link.split('#')[1] as string, name: 'Late', email: 'late@example.org', password };
    await expect(org.acceptInvite(late, anonymous)).rejects.toEqual(failing('unauthenticated'));
  }
});

test('[O6] the last owner is neither demoted nor disabled; with a second one it is allowed', async () => {
  const { owner } = await claimed();
  const change = org.updatePerson(owner.person.id, { role: 'member' }, owner);
  await expect(change).rejects.toEqual(failing('conflict'));
  await expect(org.updatePerson(owner.person.id, { disabled: true }, owner)).rejects.toEqual(failing('conflict'));
  const { person } = await member(owner, 'second@example.org', 'owner');
  expect((await org.updatePerson(owner.person.id, { role: 'member' }, owner)).role).toBe('member');
  await expect(org.updatePerson(person.id, { role: 'builder' }, { kind: 'system' })).rejects.toEqual(
    failing('conflict'),
  );
});

test('[O7] a disabled person’s sessions and keys end at once', async () => {
  const { owner } = await claimed();
  const mei = await member(owner);
  const subject = await org.authenticate(withCookies(mei.cookies));
  const { secret } = await org.createKey({ name: 'laptop', scopes: ['runs:write'] }, subject);
  expect(await org.authenticate(withKey(secret))).toMatchObject({ kind: 'key' });
  await org.updatePerson(mei.person.id, { disabled: true }, owner);
  expect(await org.authenticate(withCookies(mei.cookies))).toEqual({ kind: 'nobody' });
  await expect(org.authenticate(withKey(secret))).rejects.toEqual(failing('unauthenticated'));
  await expect(org.signIn('mei@example.org', password, anonymous)).rejects.toEqual(failing('unauthenticated'));
  // Letting the person in again revives nothing that was ended.
  await org.updatePerson(mei.person.id, { disabled: false }, owner);
  expect(await org.authenticate(withCookies(mei.cookies))).toEqual({ kind: 'nobody' });
  expect((await org.signIn('mei@example.org', password, anonymous)).person.id).toBe(mei.person.id);
});

test('[O8] a key is shown once, stored as a hash, found in memory the second time, and ends when revoked', async () => {
  const { owner } = await claimed();
  const { key, secret } = await org.createKey({ name: 'ci', scopes: ['runs:write'] }, owner);
  expect(secret).toMatch(/^myr_[\w-]{43}$/);
  expect(key.prefix).toBe(secret.slice(0, 10));
  expect(JSON.stringify(await store.org.keys({}))).not.toContain(secret);
  await org.authenticate(withKey(secret));
  await org.authenticate({ ...anonymous, apiKey: secret });
  expect(store.org.reads.keyByHash).toBe(1);
  await org.revokeKey(key, owner);
  await expect(org.authenticate(withKey(secret))).rejects.toEqual(failing('unauthenticated'));
});

test('[O8] a key ends at its time, a made-up key never begins, and last use is written in batches', async () => {
  const { owner } = await claimed();
  const expiresAt = clock.now() + 3_600_000;
  const { key, secret } = await org.createKey({ name: 'hour', scopes: ['runs:write'], expiresAt }, owner);
  await org.authenticate(withKey(secret));
  expect((await store.org.key(key.id))?.lastUsedAt).toBeNull();
  const usedAt = clock.now();
  await org.close();
  expect((await store.org.key(key.id))?.lastUsedAt).toBe(usedAt);
  clock.advance(3_600_000);
  await expect(org.authenticate(withKey(secret))).rejects.toEqual(failing('unauthenticated'));
  for (const made of ['myr_x', `myr_${'A'.repeat(43)}`, 'sk-123']) {
    await expect(org.authenticate(withKey(made))).rejects.toEqual(failing('unauthenticated'));
  }
});

test('[O8] a revocation during a look-up is not undone by the cache', async () => {
  const { owner } = await claimed();
  const { key, secret } = await org.createKey({ name: 'race', scopes: ['runs:write'] }, owner);
  const lookUp = store.org.keyByHash;
  let release = () => {};
  store.org.keyByHash = async (hash) => {
    const found = await lookUp(hash);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return found;
  };
  const slow = org.authenticate(withKey(secret));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await org.revokeKey(key, owner);
  release();
  await slow;
  store.org.keyByHash = lookUp;
  await expect(org.authenticate(withKey(secret))).rejects.toEqual(failing('unauthenticated'));
});

test('[O9] a group changes what its members may open, for their keys too', async () => {
  const { owner } = await claimed();
  const mei = await member(owner);
  const subject = await org.authenticate(withCookies(mei.cookies));
  const { secret } = await org.createKey({ name: 'k', scopes: ['runs:write'] }, subject);
  const app = { type: 'app' as const, id: 'app_1', use: ['group:staff'] };
  const may = async (identity: RequestIdentity) =>
    org.authorize(await org.authenticate(identity), 'app.use', app).allowed;
  expect(await may(withKey(secret))).toBe(false);
  await org.saveGroup('staff', [mei.person.id], owner);
  expect(await may(withKey(secret))).toBe(true);
  expect(await may(withCookies(mei.cookies))).toBe(true);
  await org.updatePerson(mei.person.id, { groups: [] }, owner);
  expect((await org.groups())[0]?.members).toEqual([]);
  expect(await may(withKey(secret))).toBe(false);
  await org.saveGroup('staff', [mei.person.id], owner);
  await org.deleteGroup('staff', owner);
  expect(await may(withCookies(mei.cookies))).toBe(false);
});

test('[O10] a change by cookie needs the session’s own token and this site as its origin', async () => {
  const { owner, cookies } = await claimed();
  const token = org.csrfToken(owner);
  const here = { ...withCookies(cookies), origin: 'http://localhost:8420' };
  expect(() => org.checkCsrf(owner, token, here)).not.toThrow();
  const byLan = { ...here, origin: 'http://192.168.1.5:8420', host: '192.168.1.5:8420' };
  expect(() => org.checkCsrf(owner, token, byLan)).not.toThrow();
  const mei = await member(owner);
  const other = await org.authenticate(withCookies(mei.cookies));
  for (const [subject, given, request] of [
    [owner, null, here],
    [owner, '', here],
    [owner, `${token}x`, here],
    [owner, org.csrfToken(other), here],
    [owner, token, { ...here, origin: 'https://evil.example' }],
    [owner, token, { ...here, origin: 'null' }],
    [owner, token, { ...here, origin: 'http://localhost:9999', host: 'localhost:8420' }],
  ] as const) {
    expect(() => org.checkCsrf(subject, given, request)).toThrow(failing('csrf_rejected'));
  }
  const foreign = { ...anonymous, origin: 'https://evil.example' };
  await expect(org.signIn('mei@example.org', password, foreign)).rejects.toEqual(failing('csrf_rejected'));
});

test('[O11] the eleventh wrong password in a quarter of an hour is refused with the time to wait', async () => {
  const { owner } = await claimed();
  await member(owner);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const wrong = org.signIn('mei@example.org', 'wrong password', { ...anonymous, ip: `192.0.2.${attempt}` });
    await expect(wrong).rejects.toEqual(failing('unauthenticated'));
  }
  await expect(org.signIn('MEI@example.org', password, anonymous)).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 900_000,
  });
  clock.advance(900_000);
  expect((await org.signIn('mei@example.org', password, anonymous)).person.email).toBe('mei@example.org');
});

test('[O12] every change of people, groups, keys and invites is in the audit, without secrets', async () => {
  const { owner } = await claimed();
  const mei = await member(owner);
  await org.saveGroup('staff', [mei.person.id], owner);
  await org.updatePerson(mei.person.id, { role: 'builder' }, owner);
  const { key, secret } = await org.createKey({ name: 'k', scopes: ['admin'] }, owner);
  await org.revokeKey(key, owner);
  await org.deleteGroup('staff', owner);
  const { invite, link } = await org.invite({ role: 'member' }, owner);
  await org.revokeInvite(invite.id, owner);
  expect(store.audit.entries.map(({ action }) => action)).toEqual([
    'owner.claim',
    'invite.create',
    'invite.accept',
    'group.save',
    'person.update',
    'key.create',
    'key.revoke',
    'group.delete',
    'invite.create',
    'invite.revoke',
  ]);
  const text = JSON.stringify(store.audit.entries);
  for (const hidden of [secret, link.split('#')[1] as string, password]) expect(text).not.toContain(hidden);
});

test('[O12] a member changes no people, groups or invites', async () => {
  const { owner } = await claimed();
  const mei = await member(owner);
  const subject = await org.authenticate(withCookies(mei.cookies));
  const attempts = [
    () => org.updatePerson(mei.person.id, { role: 'owner' }, subject),
    () => org.saveGroup('staff', [mei.person.id], subject),
    () => org.deleteGroup('staff', subject),
    () => org.invite({ role: 'owner' }, subject),
    () => org.revokeInvite('inv_x', subject),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toEqual(failing('forbidden'));
});
