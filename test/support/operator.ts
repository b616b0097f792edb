/** Short calls that tests make of a running node. */
import type { RunningNode } from './start-node.ts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

export interface CallOptions {
  /** Bearer token; the operator's unless said; null for nobody. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly raw?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One JSON request; the body is `null` where the answer has none. */
export async function call<T = unknown>(
  node: Pick<RunningNode, 'url' | 'operatorToken'>,
  route: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  const [method, path] = route.split(' ') as [string, string];
  const key = options.key === undefined ? node.operatorToken : options.key;
  const response = await fetch(node.url + path, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      ...options.headers,
    },
    ...(options.raw !== undefined
      ? { body: options.raw }
      : options.body === undefined
        ? {}
        : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  let body: unknown = null;
  try {
    body = text === '' ? null : JSON.parse(text);
  } catch {
    body = text;
  }
  return { status: response.status, body: body as T, headers: response.headers };
}

export async function createKey(node: RunningNode, scopes?: readonly string[]): Promise<string> {
  const { body } = await call<{ secret: string }>(node, 'POST /api/keys', {
    body: { name: 'test', ...(scopes ? { scopes } : {}) },
  });
  return body.secret;
}

/** A key of a builder who owns nothing yet; the node's owner must have been claimed by then. */
export async function createForeignKey(node: RunningNode, owner: Session, role = 'builder'): Promise<string> {
  const headers = browserHeaders(node, owner);
  const invite = await call<{ link: string }>(node, 'POST /api/invites', { key: null, headers, body: { role } });
  const who = { name: 'Other', email: `other-${crypto.randomUUID()}@example.org`, password: 'a long enough password' };
  const session = await acceptInvite(node, invite.body.link, who);
  const made = await call<{ secret: string }>(node, 'POST /api/keys', {
    key: null,
    headers: browserHeaders(node, session),
    body: { name: 'theirs' },
  });
  return made.body.secret;
}

/** A person signed in by cookie, as a browser is. */
export interface Session {
  readonly cookie: string;
  readonly csrf: string;
  readonly personId: string;
}

export async function becomeOwner(node: RunningNode): Promise<Session> {
  const token = node.ownerLink?.split('#')[1];
  return openSession(
    await fetch(`${node.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: node.url },
      body: JSON.stringify({ token }),
    }),
  );
}

export async function acceptInvite(
  node: RunningNode,
  link: string,
  who: { readonly name: string; readonly email: string; readonly password: string },
): Promise<Session> {
  const token = link.split('#')[1];
  return openSession(
    await fetch(`${node.url}/api/invites/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: node.url },
      body: JSON.stringify({ token, ...who }),
    }),
  );
}

async function openSession(response: Response): Promise<Session> {
  if (!response.ok) throw new Error(`signing in answered ${response.status}: ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const body = (await response.json()) as { csrf: string; person: { id: string } };
  return { cookie, csrf: body.csrf, personId: body.person.id };
}

/** Headers with which a browser of this site would send a request of the session. */
export function browserHeaders(node: Pick<RunningNode, 'url'>, session: Session): Record<string, string> {
  return { cookie: session.cookie, 'x-myriad-csrf': session.csrf, origin: node.url };
}
