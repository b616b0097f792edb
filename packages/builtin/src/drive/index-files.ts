/**
 * Files as knowledge: each folder is a collection with the folder's readers, each file a document of it. The file names its
 * document before the document is made, so that a death in between leaves nothing that nobody knows of.
 */
import { type DriveNode, isMyriadError, newId } from '@myriad/contracts';
import type { DriveParts } from './drive-parts.ts';
import { type FindNodes, readersOf } from './find-nodes.ts';
import { whyNotIndexed } from './media-types.ts';

export interface IndexFiles {
  /** Queues the current version, after taking away what stood for the one before. Never throws: a file is kept all the same. */
  index(node: DriveNode): Promise<void>;
  unindex(node: DriveNode): Promise<void>;
  /** Brings the readers of a folder's collection, and of all below, to who may see them now. */
  syncReaders(folderId: string): Promise<void>;
  /** Takes the readers from collections whose folders are in the trash. */
  closeFolders(folderIds: readonly string[]): Promise<void>;
  removeFolders(folderIds: readonly string[]): Promise<void>;
  /** Does again what a dead process left half done. */
  resume(): Promise<void>;
}

export const collectionName = (folderId: string): string => `folder:${folderId}`;

const everyFolder = 1_000_000;
const marker = 'drive.readers:';

export function indexFiles(parts: DriveParts, nodes: FindNodes): IndexFiles {
  const { store, knowledge, clock, random, limits, onFault } = parts;
  const { drive: drives } = store;

  const collectionFor = async (folderId: string) => {
    const place = await nodes.locate(folderId);
    if (!place || place.node.trashedAt !== null) return null;
    return knowledge.ensureCollection({
      name: collectionName(folderId),
      ownerId: place.drive.ownerId,
      readers: readersOf(place.drive, place.shares),
    });
  };

  const drop = async (documentId: string) => {
    try {
      await knowledge.delete(documentId);
    } catch (error) {
      if (!isMyriadError(error) || error.code !== 'not_found') throw error;
    }
  };

  const index = async (node: DriveNode): Promise<void> => {
    try {
      const { id, version, name, sizeBytes, contentHash, parentId, mediaType, updatedBy } = node;
      if (node.documentId) await drop(node.documentId);
      const why = whyNotIndexed(name, sizeBytes, limits.largestIndexedBytes);
      if (why !== null || contentHash === null || parentId === null) {
        await drives.setDocument(id, version, { documentId: null, notIndexed: why });
        return;
      }
      const collection = await collectionFor(parentId);
      if (!collection) return;
      const documentId = newId('doc', clock, random);
      if (!(await drives.setDocument(id, version, { documentId, notIndexed: null }))) return;
      await knowledge.adopt({
        id: documentId,
        collectionId: collection.id,
        name,
        mediaType,
        contentHash,
        sizeBytes,
        addedBy: updatedBy,
      });
    } catch (error) {
      onFault('index', error);
    }
  };

  const setReaders = async (folderId: string, readers: readonly string[]) => {
    const collection = await store.knowledge.collectionByName(collectionName(folderId));
    if (!collection || collection.readers.join() === readers.join()) return;
    await store.knowledge.saveCollection({ ...collection, readers });
  };

  const bringReaders = async (folderId: string): Promise<void> => {
    const place = await nodes.locate(folderId);
    if (!place) return;
    const folders = await drives.folders(folderId, everyFolder);
    const reaching = new Map<string, readonly (typeof place.shares)[number][]>([[folderId, place.shares]]);
    for (let at = 0; at < folders.length; at += 500) {
      const some = folders.slice(at, at + 500);
      const own = await drives.shares(some.map(({ id }) => id));
      for (const folder of some) {
        const above = folder.id === folderId ? place.shares : (reaching.get(folder.parentId ?? '') ?? place.shares);
        const shares = [...above, ...own.filter(({ nodeId }) => nodeId === folder.id)];
        reaching.set(folder.id, shares);
        await setReaders(folder.id, readersOf(place.drive, shares));
      }
    }
  };

  return {
    index,
    async unindex(node) {
      if (node.documentId === null) return;
      await drop(node.documentId);
      await drives.setDocument(node.id, node.version, { documentId: null, notIndexed: null });
    },
    async syncReaders(folderId) {
      await bringReaders(folderId);
      await store.settings.delete(marker + folderId);
    },
    async closeFolders(folderIds) {
      for (const id of folderIds) await setReaders(id, []);
    },
    async removeFolders(folderIds) {
      for (const id of folderIds) {
        const collection = await store.knowledge.collectionByName(collectionName(id));
        if (collection) await knowledge.deleteCollection(collection.id);
      }
    },
    async resume() {
      for (const { key } of await store.settings.entries(marker)) {
        const folderId = key.slice(marker.length);
        await bringReaders(folderId);
        await store.settings.delete(key);
      }
      for (const node of await drives.withoutTheirDocument(10_000)) await index({ ...node, documentId: null });
      for (let left = await drives.unindexed(500); left.length > 0; ) {
        for (const node of left) await index(node);
        const next = await drives.unindexed(500);
        // Files that could not be queued stay for the next start.
        if (next[0]?.id === left[0]?.id) return;
        left = next;
      }
    },
  };
}

/** Set before the shares of a folder change, and taken away once its collections follow. */
export async function markReaders(
  { store, clock }: Pick<DriveParts, 'store' | 'clock'>,
  folderId: string,
): Promise<void> {
  await store.settings.set(marker + folderId, clock.now());
}
