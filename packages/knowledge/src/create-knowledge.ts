import {
  type AddDocument,
  type Clock,
  type Collection,
  type Embedder,
  type Knowledge,
  type KnowledgeDocument,
  MyriadError,
  newId,
  type Random,
  type Reranker,
  type Store,
} from '@myriad/contracts';
import { createEmbedQueue } from './jobs/embed-queue.ts';
import { createIndexQueue } from './jobs/index-queue.ts';
import { createBlobKeeper } from './jobs/keep-blobs.ts';
import { createWaiters } from './jobs/wait-for-documents.ts';
import { quoteTexts } from './retrieve/quote-texts.ts';
import { createPassageReader } from './retrieve/read-passage.ts';
import { type RetrievalNeeds, retrievePassages } from './retrieve/retrieve-passages.ts';
import { createVectorIndex, type VectorIndex } from './retrieve/vector-index.ts';
import { pickKeywords } from './words/pick-keywords.ts';

export interface KnowledgeNeeds {
  readonly store: Pick<Store, 'knowledge' | 'blobs'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: {
    /** Time a parser gets per file. */
    readonly parseMs: number;
    /** Memory of the parser process. Below about 128 MB Chinese text and PDF cannot be read. */
    readonly parseMemoryBytes: number;
    readonly uploadBytes: number;
  };
  /** Whether others than documents refer to a blob; what they hold is never deleted. */
  readonly isHeld?: (hash: string) => Promise<boolean>;
  /** Parser processes at most, each started at need; 2 unless said. */
  readonly workers?: number;
  /** Finds by meaning beside words while it has a model. */
  readonly embedder?: Embedder;
  readonly reranker?: Reranker;
}

/** The knowledge room. Nothing is started until the first document or question comes. */
export function createKnowledge(needs: KnowledgeNeeds): Knowledge {
  const { store, clock, random, limits, isHeld, workers = 2, embedder, reranker } = needs;
  const { knowledge, blobs } = store;
  const queue = createIndexQueue({ knowledge, blobs, clock, limits, workers });
  const waiters = createWaiters(knowledge, queue);
  const keeper = createBlobKeeper(knowledge, blobs, isHeld);
  const read = createPassageReader();
  const oneAfterAnother = createTurns();
  const indexes = new Map<string, VectorIndex>();
  const indexOf = (model: string) => {
    const index = indexes.get(model) ?? createVectorIndex(knowledge, model, clock);
    indexes.set(model, index);
    return index;
  };
  const embedding = embedder ? createEmbedQueue(knowledge, embedder, clock, () => indexes.clear()) : null;
  queue.onEnd(() => embedding?.wake());
  const retrieval: RetrievalNeeds = {
    store: knowledge,
    read,
    clock,
    ...(embedder ? { meaning: { embedder, index: indexOf } } : {}),
    ...(reranker ? { reranker } : {}),
  };

  const requireDocument = async (id: string): Promise<KnowledgeDocument> => {
    const document = await knowledge.document(id);
    if (!document) throw new MyriadError('not_found', 'There is no such document.', { facts: { documentId: id } });
    return document;
  };

  const newDocument = (wanted: {
    readonly collectionId: string;
    readonly name: string;
    readonly mediaType: string | undefined;
    readonly contentHash: string;
    readonly sizeBytes: number;
    readonly addedBy: string;
  }): KnowledgeDocument => ({
    ...wanted,
    id: newId('doc', clock, random),
    name: plainName(wanted.name),
    mediaType: wanted.mediaType ?? 'application/octet-stream',
    status: 'queued',
    reason: null,
    pages: null,
    passages: 0,
    language: null,
    createdAt: clock.now(),
    indexedAt: null,
  });

  const add = async ({ collectionId, name, mediaType, content, addedBy }: AddDocument): Promise<KnowledgeDocument> => {
    if (!(await knowledge.collection(collectionId)))
      throw new MyriadError('not_found', 'There is no such collection.', { facts: { collectionId } });
    return keeper.adding(async () => {
      const { hash, sizeBytes } = await blobs.put(content, { maxBytes: limits.uploadBytes });
      return oneAfterAnother(`${collectionId}:${hash}`, async () => {
        const known = await knowledge.documentByHash(collectionId, hash);
        if (known) return known;
        const document = newDocument({ collectionId, name, mediaType, contentHash: hash, sizeBytes, addedBy });
        await knowledge.saveDocument(document);
        queue.push(document.id);
        return document;
      });
    });
  };

  const documentsOf = async (query: { collectionId?: string; status?: KnowledgeDocument['status'] }) => {
    const found: KnowledgeDocument[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof knowledge.documents>> = await knowledge.documents({
        ...query,
        cursor,
        limit: 500,
      });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  };

  return {
    ensureCollection: (wanted) =>
      oneAfterAnother(`name:${wanted.name}`, async () => {
        const known = await knowledge.collectionByName(wanted.name);
        if (known) return known;
        const collection: Collection = { id: newId('col', clock, random), ...wanted, createdAt: clock.now() };
        await knowledge.saveCollection(collection);
        return collection;
      }),
    add,
    async adopt({ id, ...wanted }) {
      const made = newDocument({ ...wanted, mediaType: wanted.mediaType });
      const document = id === undefined ? made : { ...made, id };
      await knowledge.saveDocument(document);
      queue.push(document.id);
      return document;
    },
    async rename(documentId, name) {
      const document = await knowledge.document(documentId);
      if (document) await knowledge.saveDocument({ ...document, name: plainName(name) });
    },
    holdingBlobs: (work) => keeper.adding(work),
    sweepBlobs: (hashes) => keeper.sweep(hashes),
    onIndexed: (listener) => queue.onEnd(listener),
    keywords: (documentId, limit) => pickKeywords(knowledge, documentId, limit),
    whenIndexed: (documentId, signal) => waiters.whenIndexed(documentId, signal),
    async retry(documentId) {
      const document = await requireDocument(documentId);
      if (queue.has(documentId)) return document;
      const queued: KnowledgeDocument = { ...document, status: 'queued', reason: null };
      await knowledge.saveDocument(queued);
      queue.push(documentId);
      return queued;
    },
    async delete(documentId) {
      const document = await requireDocument(documentId);
      await queue.cancel(documentId);
      await knowledge.deleteDocument(documentId);
      waiters.gone(documentId);
      await keeper.sweep([document.contentHash]);
    },
    async deleteCollection(collectionId) {
      const documents = await documentsOf({ collectionId });
      for (const { id } of documents) await queue.cancel(id);
      await knowledge.deleteCollection(collectionId);
      for (const { id } of documents) waiters.gone(id);
      await keeper.sweep(documents.map((document) => document.contentHash));
    },
    async resume() {
      const left = [...(await documentsOf({ status: 'parsing' })), ...(await documentsOf({ status: 'queued' }))];
      const dead = left.filter((document) => !queue.has(document.id));
      for (const document of dead) {
        if (document.status === 'parsing') await knowledge.saveDocument({ ...document, status: 'queued' });
        queue.push(document.id);
      }
      embedding?.wake();
      return dead.length;
    },
    retrieve: (query) => retrievePassages(retrieval, query),
    async whenEmbedded() {
      embedding?.wake();
      await embedding?.idle();
    },
    quote: quoteTexts,
    async passageInPlace(passageId, contextCharacters = 2_000) {
      const hit = await knowledge.passage(passageId);
      if (!hit) return null;
      const [document, whole] = await Promise.all([knowledge.document(hit.documentId), knowledge.text(hit.documentId)]);
      if (!document || !whole) return null;
      const { id, text, start, end, page, headings } = hit.passage;
      const around = Math.max(0, Math.floor(contextCharacters / 2));
      const contextStart = wholeCharacter(whole.text, Math.max(0, start - around));
      const contextEnd = wholeCharacter(whole.text, Math.min(whole.text.length, end + around));
      const { documentId, documentName, collectionId } = hit;
      return {
        passage: { id, documentId, documentName, collectionId, text, start, end, page, headings },
        document,
        context: whole.text.slice(contextStart, contextEnd),
        contextStart,
        pageCount: document.pages,
      };
    },
    async close() {
      await queue.close();
      await embedding?.close();
      waiters.close();
    },
  };
}

/** Name of a file without folders or characters that show nothing; names are shown, never used as paths. */
function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1)!;
  const shown = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  return [...shown].slice(0, 200).join('') || 'unnamed';
}

/** Not between the two halves of a character. */
const wholeCharacter = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at);

/** Runs tasks of the same key one after another. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    const settled = turn
      .catch(() => {})
      .then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
    last.set(key, settled);
    return turn;
  };
}
