import { createHmac, timingSafeEqual } from 'node:crypto';
import { MyriadError, type Store } from '@myriad/contracts';
import { allowedOrigins } from './check-csrf.ts';

const sessionSeconds = 30 * 24 * 3600;
const passwordLength = { least: 10, most: 256 };

export interface LibrarySession {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly ip: string;
  readonly userAgent: string;
}

export interface SignInLibrary {
  /** Makes the user (or takes one left half-made under this e-mail) and returns its id. */
  ensureUser(wanted: { readonly id: string; readonly email: string; readonly name: string }): Promise<string>;
  updateUser(id: string, change: { readonly name?: string; readonly email?: string }): Promise<void>;
  hasPassword(userId: string): Promise<boolean>;
  hasPasskey(userId: string): Promise<boolean>;
  /** @throws MyriadError `invalid_request` when it is too short or too long. */
  assertPassword(password: string): void;
  setPassword(userId: string, password: string): Promise<void>;
  /** Costs as much for an unknown person (null) as for a known one. */
  passwordMatches(userId: string | null, password: string): Promise<boolean>;
  startSession(userId: string, from: { readonly ip: string; readonly userAgent: string }): Promise<readonly string[]>;
  sessionOfCookie(cookieHeader: string): Promise<LibrarySession | null>;
  sessions(userId: string): Promise<readonly LibrarySession[]>;
  endSession(token: string): Promise<void>;
  endSessions(userId: string): Promise<void>;
  /** `Set-Cookie` that removes the session cookie. */
  expiredCookie(): string;
  handle(request: Request): Promise<Response>;
}

interface LibraryWiring {
  readonly store: Pick<Store, 'authDatabase' | 'kind'>;
  readonly secret: Uint8Array;
  readonly publicUrl: string;
  /** Refuses a new session, by passkey too, when false. */
  readonly maySignIn: (userId: string) => Promise<boolean>;
}

/**
 * Opens better-auth on the store's own database: passwords (scrypt), sessions, passkeys. It is imported here, at first
 * use, so that a start does not pay for it. Sign-up is closed: only this room makes users. Its tables are made or
 * completed when they are missing.
 */
export async function openSignInLibrary({
  store,
  secret,
  publicUrl,
  maySignIn,
}: LibraryWiring): Promise<SignInLibrary> {
  const [{ betterAuth }, { getMigrations }, { passkey }] = await Promise.all([
    import('better-auth'),
    import('better-auth/db/migration'),
    import('@better-auth/passkey'),
  ]);
  const url = new URL(publicUrl);
  const origins = [...allowedOrigins(publicUrl)];
  const librarySecret = createHmac('sha256', secret).update('better-auth').digest('base64url');
  const options = {
    // The port types it as unknown: only this room knows the library, only the store knows the connection.
    database: { db: store.authDatabase as never, type: store.kind },
    secret: librarySecret,
    baseURL: url.origin,
    basePath: '/api/auth',
    trustedOrigins: origins,
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    advanced: { cookiePrefix: 'myriad', useSecureCookies: url.protocol === 'https:' },
    databaseHooks: {
      session: {
        create: { before: async (session: { userId: string }) => (await maySignIn(session.userId)) && undefined },
      },
    },
    plugins: [
      // WebAuthn knows no IP addresses: on loopback the page must be opened as localhost.
      passkey({
        rpName: 'Myriad',
        rpID: origins.length > 1 ? 'localhost' : url.hostname,
        origin: origins,
      }),
    ],
  };
  const migrations = await getMigrations(options);
  if (migrations.toBeCreated.length > 0 || migrations.toBeAdded.length > 0) await migrations.runMigrations();
  const auth = betterAuth(options);
  const context = await auth.$context;
  const adapter = context.internalAdapter;
  const cookie = context.authCookies.sessionToken;

  const sign = (token: string) => createHmac('sha256', librarySecret).update(token).digest('base64');
  const attributes = (maxAge: number) =>
    `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${cookie.attributes.secure ? '; Secure' : ''}`;
  const asSession = (row: {
    id: string;
    token: string;
    userId: string;
    expiresAt: Date;
    createdAt: Date;
    ipAddress?: string | null | undefined;
    userAgent?: string | null | undefined;
  }): LibrarySession => ({
    id: row.id,
    token: row.token,
    userId: row.userId,
    expiresAt: row.expiresAt.getTime(),
    createdAt: row.createdAt.getTime(),
    ip: row.ipAddress ?? '',
    userAgent: row.userAgent ?? '',
  });

  return {
    async ensureUser({ id, email, name }) {
      const known = await adapter.findUserByEmail(email);
      if (known) return known.user.id;
      const user = await adapter.createUser({ id, email, name, emailVerified: false }, { method: 'admin' } as never);
      return user.id;
    },
    async updateUser(id, change) {
      await adapter.updateUser(id, change);
    },
    hasPassword: async (userId) => Boolean((await adapter.findCredentialAccount(userId))?.password),
    async hasPasskey(userId) {
      const found = await context.adapter.count({ model: 'passkey', where: [{ field: 'userId', value: userId }] });
      return found > 0;
    },
    assertPassword,
    async setPassword(userId, password) {
      assertPassword(password);
      const hash = await context.password.hash(password);
      if (await adapter.findCredentialAccount(userId)) await adapter.updatePassword(userId, hash);
      else
        await adapter.createAccount({ userId, accountId: userId, providerId: 'credential', password: hash } as never);
    },
    async passwordMatches(userId, password) {
      if (password.length > passwordLength.most) return false;
      const hash = userId === null ? null : (await adapter.findCredentialAccount(userId))?.password;
      if (!hash) {
        await context.password.hash(password);
        return false;
      }
      return context.password.verify({ hash, password });
    },
    async startSession(userId, from) {
      const session = await adapter.createSession(userId, false, {
        ipAddress: from.ip,
        userAgent: from.userAgent.slice(0, 400),
      });
      if (!session) throw new MyriadError('unauthenticated', 'This person may not sign in.');
      const value = encodeURIComponent(`${session.token}.${sign(session.token)}`);
      return [`${cookie.name}=${value}; ${attributes(sessionSeconds)}`];
    },
    async sessionOfCookie(header) {
      const token = tokenOfCookie(header, cookie.name, sign);
      if (token === null) return null;
      const found = await adapter.findSession(token);
      if (!found) return null;
      const session = asSession(found.session);
      return session.expiresAt > Date.now() ? session : null;
    },
    sessions: async (userId) => (await adapter.listSessions(userId, { onlyActiveSessions: true })).map(asSession),
    endSession: (token) => adapter.deleteSession(token),
    endSessions: (userId) => adapter.deleteUserSessions(userId),
    expiredCookie: () => `${cookie.name}=; ${attributes(0)}`,
    handle: (request) => auth.handler(request),
  };
}

function assertPassword(password: string): void {
  if (password.length >= passwordLength.least && password.length <= passwordLength.most) return;
  throw new MyriadError(
    'invalid_request',
    `A password has ${passwordLength.least} to ${passwordLength.most} characters; this one has ${password.length}.`,
    { facts: { field: 'password' } },
  );
}

/** Session token of a `Cookie` header whose signature holds; null otherwise. */
function tokenOfCookie(header: string, name: string, sign: (token: string) => string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== name) continue;
    let value: string;
    try {
      value = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      continue;
    }
    const dot = value.indexOf('.');
    if (dot < 1) continue;
    const given = Buffer.from(value.slice(dot + 1));
    const expected = Buffer.from(sign(value.slice(0, dot)));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return value.slice(0, dot);
  }
  return null;
}
