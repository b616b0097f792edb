import type { Clock, KnowledgeStore } from '@myriad/contracts';

export interface VectorIndex {
  /** Ids of the nearest passages by cosine, best first, of these collections only. */
  nearest(query: Float32Array, collectionIds: readonly string[], limit: number): Promise<readonly string[]>;
  /** Forgets what is held of a collection; it is read again when it is asked for. */
  forget(collectionId: string): void;
}

interface Held {
  readonly ids: readonly string[];
  /** All vectors one after another. */
  readonly vectors: Float32Array;
  readonly readAt: number;
}

/** How long vectors of a collection are held without looking again; other nodes may add some meanwhile. */
const heldForMs = 60_000;
/** Numbers held in memory at most, over all collections: 512 MiB of 32-bit floats. */
const mostNumbers = 128 * 1024 * 1024;

/**
 * Exact nearest neighbours over vectors of length 1, held in memory a collection at a time. Every vector is looked at:
 * at 100,000 passages of 384 numbers that is about 40 ms of one core, and nothing has to be built, saved or repaired. A
 * graph index pays only beyond that (see docs/decisions/0034).
 */
export function createVectorIndex(store: KnowledgeStore, model: string, clock: Clock): VectorIndex {
  const held = new Map<string, Promise<Held>>();

  const read = async (collectionId: string): Promise<Held> => {
    const ids: string[] = [];
    const parts: Float32Array[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<KnowledgeStore['vectors']>> = await store.vectors({
        collectionId,
        model,
        limit: 500,
        cursor,
      });
      for (const { passageId, vector } of page.items) {
        // One number stands for a text without direction; another size, for an older model of the same name.
        if (vector.length < 2 || (parts.length > 0 && parts[0]?.length !== vector.length)) continue;
        ids.push(passageId);
        parts.push(vector);
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    const size = parts[0]?.length ?? 0;
    const vectors = new Float32Array(size * parts.length);
    for (const [at, part] of parts.entries()) vectors.set(part, at * size);
    return { ids, vectors, readAt: clock.monotonicMs() };
  };

  const of = async (collectionId: string): Promise<Held> => {
    const known = await held.get(collectionId);
    if (known && clock.monotonicMs() - known.readAt < heldForMs) return known;
    const reading = read(collectionId);
    held.delete(collectionId);
    held.set(collectionId, reading);
    reading.catch(() => held.delete(collectionId));
    await makeRoom();
    return reading;
  };

  /** Lets go of the collections asked for longest ago. */
  const makeRoom = async () => {
    const sizes = await Promise.all([...held].map(async ([id, one]) => ({ id, size: (await one).vectors.length })));
    let total = sizes.reduce((sum, { size }) => sum + size, 0);
    for (const { id, size } of sizes.slice(0, -1)) {
      if (total <= mostNumbers) return;
      held.delete(id);
      total -= size;
    }
  };

  return {
    async nearest(query, collectionIds, limit) {
      const best: { readonly id: string; readonly score: number }[] = [];
      for (const collectionId of collectionIds) {
        const { ids, vectors } = await of(collectionId);
        const size = query.length;
        if (ids.length * size !== vectors.length) continue;
        for (let at = 0; at < ids.length; at += 1) {
          const score = dot(query, vectors, at * size);
          if (best.length === limit && score <= (best.at(-1)?.score ?? 0)) continue;
          const place = best.findIndex((other) => other.score < score);
          best.splice(place < 0 ? best.length : place, 0, { id: ids[at] as string, score });
          if (best.length > limit) best.pop();
        }
      }
      return best.map(({ id }) => id);
    },
    forget: (collectionId) => void held.delete(collectionId),
  };
}

function dot(query: Float32Array, vectors: Float32Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < query.length; at += 1) sum += (query[at] as number) * (vectors[from + at] as number);
  return sum;
}

/** The vector at length 1. @returns null for one without direction. */
export function ofLengthOne(vector: readonly number[]): Float32Array | null {
  const length = Math.hypot(...vector);
  return length > 0 && Number.isFinite(length) ? Float32Array.from(vector, (value) => value / length) : null;
}
