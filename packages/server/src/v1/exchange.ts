/** One request on the data plane (`/v1/*`): raw node:http, no Request or Response objects in the way. */

import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AccessObject, type Action, MyriadError, type Subject } from '@myriad/contracts';
import type { House } from '../house.ts';
import { identityOf } from '../http/identity.ts';
import { parseJson, readBody } from '../http/read-body.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly url: URL;
  /** Fires when the caller goes away before the answer is whole. */
  readonly signal: AbortSignal;
}

/** The caller. @throws `unauthenticated`. */
export async function authenticate(house: House, exchange: Exchange): Promise<Subject> {
  const { headers, socket } = exchange.request;
  if (isLocalToken(house, headers.authorization)) return { kind: 'system' };
  const subject = await house.org.authenticate(identityOf(headers, socket.remoteAddress ?? ''));
  if (subject.kind === 'nobody')
    throw new MyriadError(
      'unauthenticated',
      'Send a key as `Authorization: Bearer myr_…`; `myriad key create` makes one.',
    );
  if (subject.kind === 'person' && exchange.request.method !== 'GET')
    house.org.checkCsrf(subject, header(headers['x-myriad-csrf']), identityOf(headers, socket.remoteAddress ?? ''));
  return subject;
}

export function allow(house: House, subject: Subject, action: Action, object: AccessObject): void {
  const decision = house.org.authorize(subject, action, object);
  if (!decision.allowed) throw new MyriadError('forbidden', decision.because);
}

export async function readJsonBody(
  house: House,
  exchange: Exchange,
  limitBytes = house.config.limits.bodyBytes,
): Promise<unknown> {
  return parseJson(await readBody(exchange.request, limitBytes));
}

export function isLocalToken(house: House, authorization: string | undefined): boolean {
  // Its length is no secret, and tells it from a key.
  if (!authorization || authorization.length !== 'Bearer '.length + house.localToken.length) return false;
  const expected = Buffer.from(`Bearer ${house.localToken}`);
  const got = Buffer.from(authorization);
  return got.length === expected.length && timingSafeEqual(got, expected);
}

function header(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
