import type { IncomingMessage } from 'node:http';
import type { DriveActor } from '@myriad/builtin/drive';
import { MyriadError, type Subject } from '@myriad/contracts';
import type { House } from '../house.ts';
import { identityOf } from '../http/identity.ts';
import { isLocalToken } from '../v1/exchange.ts';

/** Whoever asks, as the drive knows them; what they may is decided by the house's law. @throws `unauthenticated`. */
export function driveActor(house: House, subject: Subject): DriveActor {
  if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
  const person = subject.kind === 'system' ? null : subject.person;
  if (subject.kind !== 'system' && !person)
    throw new MyriadError('forbidden', 'A key of an app has no drive. Use a key of a person.');
  return {
    id: person?.id ?? 'system',
    personId: person?.id ?? null,
    principals: house.org.principalsOf(subject),
    may: (action, object) => house.org.authorize(subject, action, object).allowed,
  };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The caller of a request that carries bytes. @throws `unauthenticated`, `csrf_rejected`. */
export async function transferSubject(house: House, request: IncomingMessage): Promise<Subject> {
  if (isLocalToken(house, request.headers.authorization)) return { kind: 'system' };
  const identity = identityOf(request.headers, request.socket.remoteAddress ?? '');
  const subject = await house.org.authenticate(identity);
  const csrf = request.headers['x-myriad-csrf'];
  if (subject.kind === 'person' && !safeMethods.has(request.method ?? 'GET'))
    house.org.checkCsrf(subject, typeof csrf === 'string' ? csrf : null, identity);
  return subject;
}
