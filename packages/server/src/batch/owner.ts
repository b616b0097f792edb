/** Whose files and batches these are. A key that is limited to some apps has its own: it must not read its owner's. */
import { type Action, MyriadError, type Subject } from '@myriad/contracts';
import { actorOf } from '../admin/context.ts';
import { type House, tenant } from '../house.ts';
import { allow, authenticate, type Exchange } from '../v1/exchange.ts';

export function ownerOf(subject: Subject): string {
  return subject.kind === 'key' && subject.key.apps.length > 0 ? subject.key.id : actorOf(subject);
}

/** The caller, who may do this with things of their own. @throws `unauthenticated`, `forbidden`. */
export async function asOwner(
  house: House,
  exchange: Exchange,
  action: Extract<Action, 'batch.read' | 'batch.write'>,
): Promise<{ readonly subject: Subject; readonly ownerId: string }> {
  const subject = await authenticate(house, exchange);
  const ownerId = ownerOf(subject);
  allow(house, subject, action, { type: 'batch', tenant, ownerId });
  return { subject, ownerId };
}

/** A thing of somebody else does not exist. @throws MyriadError `not_found`. */
export function own<T extends { readonly ownerId: string }>(
  found: T | null,
  ownerId: string,
  what: string,
  id: string,
  param: string,
): T {
  if (found && found.ownerId === ownerId) return found;
  throw new MyriadError('not_found', `There is no ${what} "${id.slice(0, 128)}".`, { facts: { param } });
}
