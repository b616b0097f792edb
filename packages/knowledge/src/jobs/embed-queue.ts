import { type Clock, type Embedder, isMyriadError, type KnowledgeStore, type PassageVector } from '@myriad/contracts';
import { ofLengthOne } from '../retrieve/vector-index.ts';

export interface EmbedQueue {
  /** Looks for passages without a vector; returns at once. */
  wake(): void;
  /** Resolves when every passage has its vector, or the embedder failed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const batchSize = 64;
const retryMs = 60_000;
/** Characters of a passage that are embedded; models cut longer texts anyway. */
const embeddedCharacters = 4_000;

/**
 * Gives every passage its vector, a batch at a time, whatever put the passage there: a new file, a restart in the middle,
 * or another model. What is missing is read from the store, so nothing is lost with the process. An embedder that fails
 * is asked again after a minute.
 */
export function createEmbedQueue(
  store: KnowledgeStore,
  embedder: Embedder,
  clock: Clock,
  onKept: () => void,
): EmbedQueue {
  const stop = new AbortController();
  let working: Promise<void> | null = null;
  let again = false;

  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const model = embedder.model();
      if (model === null) return;
      again = false;
      const missing = await store.withoutVector(model, batchSize);
      if (missing.length === 0) {
        if (again) continue;
        return;
      }
      const texts = missing.map(({ text }) => text.slice(0, embeddedCharacters) || ' ');
      const { vectors } = await embedder.embed(texts, 'passages', stop.signal);
      const kept = missing.flatMap(({ id }, at): PassageVector[] => {
        // A vector of nothing is kept as one number, so that its passage is not embedded for ever.
        const vector = ofLengthOne(vectors[at] ?? []) ?? new Float32Array(1);
        return [{ passageId: id, vector }];
      });
      await store.saveVectors(model, kept);
      onKept();
    }
  };

  const wake = () => {
    again = true;
    if (working || stop.signal.aborted) return;
    working = work()
      .catch((error) => {
        if (!stop.signal.aborted && isMyriadError(error)) clock.after(retryMs, wake);
      })
      .finally(() => {
        working = null;
      });
  };

  return {
    wake,
    idle: async () => {
      await working;
    },
    async close() {
      stop.abort();
      await working;
    },
  };
}
