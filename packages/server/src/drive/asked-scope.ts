import { isMyriadError, type Subject } from '@myriad/contracts';
import type { House } from '../house.ts';
import { driveActor } from './drive-actor.ts';

/** What a conversation about a file or folder may read now; null for every other. Nothing, once the asker may not see it. */
export async function askedScope(
  house: House,
  conversationId: string,
  subject: Subject,
): Promise<{ readonly collectionIds: readonly string[]; readonly documentIds?: readonly string[] } | null> {
  const nodeId = await house.store.drive.askedNode(conversationId);
  if (nodeId === null) return null;
  try {
    return await house.drive.finding.scopeOf(driveActor(house, subject), nodeId);
  } catch (error) {
    if (isMyriadError(error) && error.code === 'not_found') return { collectionIds: [], documentIds: [] };
    throw error;
  }
}
