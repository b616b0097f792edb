import type { BlobStore, KnowledgeStore } from '@myriad/contracts';

/**
 * Deletes bytes that no document has any more, and never those of a file being added: an upload of the same bytes may
 * stand between its last byte and its first record, so deleting waits until no upload is under way.
 */
export interface BlobKeeper {
  /** Runs an upload; deletions wait for its end. */
  adding<T>(upload: () => Promise<T>): Promise<T>;
  /** Deletes the blobs that no document refers to, now or when the uploads under way have ended. */
  sweep(hashes: Iterable<string>): Promise<void>;
}

export function createBlobKeeper(
  knowledge: KnowledgeStore,
  blobs: BlobStore,
  isHeld: (hash: string) => Promise<boolean> = async () => false,
): BlobKeeper {
  const waiting = new Set<string>();
  let uploads = 0;
  let sweeping: Promise<void> | null = null;

  const sweepNow = async () => {
    for (const hash of [...waiting]) {
      waiting.delete(hash);
      if (!(await isReferred(knowledge, hash)) && !(await isHeld(hash))) await blobs.delete(hash);
    }
  };
  const sweepWhenQuiet = async () => {
    while (uploads === 0 && waiting.size > 0) {
      sweeping ??= sweepNow().finally(() => {
        sweeping = null;
      });
      await sweeping;
    }
  };
  return {
    async adding(upload) {
      while (sweeping) await sweeping.catch(() => {});
      uploads += 1;
      try {
        return await upload();
      } finally {
        uploads -= 1;
        // What waited for this upload; a failure shows at the next sweep of the same bytes.
        if (uploads === 0) sweepWhenQuiet().catch(() => {});
      }
    },
    async sweep(hashes) {
      for (const hash of hashes) waiting.add(hash);
      await sweepWhenQuiet();
    },
  };
}

async function isReferred(knowledge: KnowledgeStore, hash: string): Promise<boolean> {
  if (knowledge.countByContentHash) return (await knowledge.countByContentHash(hash)) > 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<KnowledgeStore['collections']>> = await knowledge.collections({
      cursor,
      limit: 500,
    });
    for (const { id } of page.items) if (await knowledge.documentByHash(id, hash)) return true;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}
