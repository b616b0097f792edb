import { createHmac, timingSafeEqual } from 'node:crypto';
import { MyriadError, type RequestIdentity, type Subject } from '@myriad/contracts';

/** Token that a page of this session must send with every change: HMAC-SHA-256 of the session's id. */
export function csrfToken(secret: Uint8Array, subject: Subject): string {
  if (subject.kind !== 'person') return '';
  return createHmac('sha256', secret).update(`csrf\0${subject.sessionId}`).digest('base64url');
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** The public address as an origin; on loopback its three names are one. */
export function allowedOrigins(publicUrl: string): readonly string[] {
  const url = new URL(publicUrl);
  if (!loopbackNames.includes(url.hostname)) return [url.origin];
  return loopbackNames.map((name) => `${url.protocol}//${name}${url.port ? `:${url.port}` : ''}`);
}

/**
 * Refuses a request that a page of another site made. A request without `Origin` passes (it is no browser's cross-site
 * change); one from the very host that it was sent to passes too, so a node reached by another name still works.
 *
 * @throws MyriadError `csrf_rejected`.
 */
export function checkOrigin(publicUrl: string, request: Pick<RequestIdentity, 'origin' | 'host'>): void {
  const { origin, host } = request;
  if (origin === null || allowedOrigins(publicUrl).includes(origin)) return;
  if (host && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()) return;
  throw new MyriadError('csrf_rejected', `The request came from ${origin.slice(0, 200)}, which is not this site.`, {
    facts: { origin: origin.slice(0, 200) },
  });
}

/**
 * Checks a change made with a session cookie. Keys and the node itself carry no cookie, so nothing can be forged there.
 *
 * @throws MyriadError `csrf_rejected`.
 */
export function checkCsrf(
  secret: Uint8Array,
  publicUrl: string,
  subject: Subject,
  token: string | null,
  request: Pick<RequestIdentity, 'origin' | 'host'>,
): void {
  if (subject.kind !== 'person') return;
  checkOrigin(publicUrl, request);
  const expected = Buffer.from(csrfToken(secret, subject));
  const given = Buffer.from(token ?? '');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new MyriadError('csrf_rejected', 'The token of this page is missing or of another session. Reload the page.');
  }
}
