import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import {
  type BlobStore,
  type Collection,
  type KnowledgeDocument,
  type KnowledgeStore,
  MyriadError,
  type PassageHit,
  type PassageVector,
  type StoredFilter,
  type StoredPassage,
} from '@myriad/contracts';

/**
 * Knowledge and blobs in memory, with the promises of the port kept: atomic replacement, cursors, BM25 (k1 1.2, b 0.75,
 * Robertson's idf with 1 added as SQLite's FTS5 and Lucene have it). For tests and benches.
 */
export function createMemoryStore(): { readonly knowledge: KnowledgeStore; readonly blobs: BlobStore } {
  return { knowledge: createMemoryKnowledge(), blobs: createMemoryBlobs() };
}

interface Indexed {
  readonly passage: Omit<StoredPassage, 'terms'>;
  readonly documentId: string;
  readonly length: number;
}

function createMemoryKnowledge(): KnowledgeStore {
  const collections = new Map<string, Collection>();
  const documents = new Map<string, KnowledgeDocument>();
  const texts = new Map<string, { text: string; pageStarts: readonly number[] }>();
  const passages = new Map<string, Indexed>();
  const postings = new Map<string, Map<string, number>>();
  const kept = new Map<string, PassageVector & { readonly model: string }>();
  let totalLength = 0;

  const unindex = (documentId: string) => {
    texts.delete(documentId);
    for (const [id, indexed] of passages) {
      if (indexed.documentId !== documentId) continue;
      passages.delete(id);
      for (const key of kept.keys()) if (key.startsWith(`${id} `)) kept.delete(key);
      totalLength -= indexed.length;
      for (const posting of postings.values()) posting.delete(id);
    }
  };
  const removeDocument = (id: string) => {
    unindex(id);
    documents.delete(id);
  };
  const hitOf = (indexed: Indexed, score: number): PassageHit => {
    const document = documents.get(indexed.documentId)!;
    const { id, name, collectionId } = document;
    return { passage: indexed.passage, documentId: id, documentName: name, collectionId, score };
  };

  return {
    collection: async (id) => collections.get(id) ?? null,
    collectionByName: async (name) => [...collections.values()].find((collection) => collection.name === name) ?? null,
    async collections({ principals, prefix, cursor, limit }) {
      const found = [...collections.values()].filter(
        (collection) =>
          (!prefix || collection.name.startsWith(prefix)) &&
          (!principals || collection.readers.some((reader) => principals.includes(reader))),
      );
      const counted = found.map((collection) => {
        const own = [...documents.values()].filter((document) => document.collectionId === collection.id);
        const sizeBytes = own.reduce((sum, document) => sum + document.sizeBytes, 0);
        return { ...collection, documents: own.length, sizeBytes };
      });
      return page(counted, cursor, limit);
    },
    async saveCollection(collection) {
      collections.set(collection.id, collection);
    },
    async deleteCollection(id) {
      for (const document of [...documents.values()]) if (document.collectionId === id) removeDocument(document.id);
      collections.delete(id);
    },
    document: async (id) => documents.get(id) ?? null,
    documentByHash: async (collectionId, contentHash) =>
      [...documents.values()].find(
        (document) => document.collectionId === collectionId && document.contentHash === contentHash,
      ) ?? null,
    async documents({ collectionId, status, search, cursor, limit }) {
      const found = [...documents.values()].filter(
        (document) =>
          (!collectionId || document.collectionId === collectionId) &&
          (!status || document.status === status) &&
          (!search || document.name.toLowerCase().includes(search.toLowerCase())),
      );
      return page(found, cursor, limit);
    },
    async saveDocument(document) {
      documents.set(document.id, document);
    },
    async index(document, text, pageStarts, stored) {
      unindex(document.id);
      documents.set(document.id, document);
      texts.set(document.id, { text, pageStarts });
      for (const { terms, ...passage } of stored) {
        passages.set(passage.id, { passage, documentId: document.id, length: terms.length });
        totalLength += terms.length;
        for (const term of terms) {
          const posting = postings.get(term) ?? new Map<string, number>();
          posting.set(passage.id, (posting.get(passage.id) ?? 0) + 1);
          postings.set(term, posting);
        }
      }
    },
    deleteDocument: async (id) => removeDocument(id),
    text: async (documentId) => texts.get(documentId) ?? null,
    async passage(id) {
      const indexed = passages.get(id);
      return indexed ? hitOf(indexed, 0) : null;
    },
    async search({ terms, collectionIds, limit, filter = {} }) {
      const average = totalLength / Math.max(passages.size, 1);
      const scores = new Map<string, number>();
      for (const term of new Set(terms)) {
        const posting = postings.get(term);
        if (!posting) continue;
        const idf = Math.log(1 + (passages.size - posting.size + 0.5) / (posting.size + 0.5));
        for (const [id, count] of posting) {
          const indexed = passages.get(id)!;
          const document = documents.get(indexed.documentId)!;
          if (!collectionIds.includes(document.collectionId) || !passes(document, filter)) continue;
          const weight = (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * indexed.length) / average));
          scores.set(id, (scores.get(id) ?? 0) + idf * weight);
        }
      }
      const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, limit);
      return best.map(([id, score]) => hitOf(passages.get(id)!, score));
    },
    async saveVectors(model, vectors) {
      for (const { passageId, vector } of vectors) {
        if (passages.has(passageId)) kept.set(`${passageId} ${model}`, { passageId, model, vector });
      }
    },
    async vectors({ collectionId, model, cursor, limit }) {
      const found = [...kept.values()]
        .filter((one) => one.model === model && passages.has(one.passageId))
        .filter((one) => documents.get(passages.get(one.passageId)!.documentId)!.collectionId === collectionId)
        .sort((a, b) => (a.passageId < b.passageId ? -1 : 1));
      return page(found, cursor, limit);
    },
    withoutVector: async (model, limit) =>
      [...passages.values()]
        .filter(({ passage }) => !kept.has(`${passage.id} ${model}`))
        .slice(0, limit)
        .map(({ passage: { id, text } }) => ({ id, text })),
    passages: async ({ ids, collectionIds, filter = {} }) =>
      ids.flatMap((id) => {
        const indexed = passages.get(id);
        const document = indexed && documents.get(indexed.documentId);
        if (!document || !collectionIds.includes(document.collectionId) || !passes(document, filter)) return [];
        return [hitOf(indexed, 0)];
      }),
    documentNames: async ({ part, collectionIds, limit }) =>
      [...documents.values()]
        .filter(({ collectionId, status }) => collectionIds.includes(collectionId) && status === 'ready')
        .filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()))
        .slice(0, limit)
        .map(({ name }) => name),
    termStatistics: async (terms) => ({
      passages: passages.size,
      containing: terms.map((term) => postings.get(term)?.size ?? 0),
    }),
  };
}

function passes(document: KnowledgeDocument, { documentIds, mediaTypes, from, to, addedBy }: StoredFilter): boolean {
  return (
    (!documentIds || documentIds.includes(document.id)) &&
    (!mediaTypes || mediaTypes.includes(document.mediaType)) &&
    (from === undefined || document.createdAt >= from) &&
    (to === undefined || document.createdAt < to) &&
    (addedBy === undefined || document.addedBy === addedBy)
  );
}

function page<T>(items: readonly T[], cursor: string | null | undefined, limit = 50) {
  const start = Number(cursor ?? 0);
  const end = start + limit;
  return { items: items.slice(start, end), nextCursor: end < items.length ? String(end) : null };
}

function createMemoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>();
  const get = async (hash: string): Promise<Uint8Array> => {
    const found = blobs.get(hash);
    if (!found) throw new MyriadError('not_found', 'There is no such blob.', { facts: { hash } });
    return found;
  };
  return {
    async put(content, options = {}) {
      const chunks: Uint8Array[] = [];
      let sizeBytes = 0;
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        sizeBytes += chunk.length;
        if (sizeBytes > (options.maxBytes ?? Number.POSITIVE_INFINITY))
          throw new MyriadError('body_too_large', `The file is larger than ${options.maxBytes} bytes.`);
        chunks.push(chunk);
      }
      const bytes = new Uint8Array(Buffer.concat(chunks));
      const hash = createHash('sha256').update(bytes).digest('hex');
      blobs.set(hash, bytes);
      return { hash, sizeBytes };
    },
    async adopt(path, hash) {
      blobs.set(hash, new Uint8Array(readFileSync(path)));
      rmSync(path);
    },
    get,
    async *stream(hash, range) {
      const bytes = (await get(hash)).subarray(range?.start, range?.end);
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
    has: async (hash) => blobs.has(hash),
    async delete(hash) {
      blobs.delete(hash);
    },
  };
}
