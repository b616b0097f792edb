import { type KnowledgeDocument, type KnowledgeStore, MyriadError } from '@myriad/contracts';
import type { IndexQueue } from './index-queue.ts';

/** Who waits for documents to be read. */
export interface Waiters {
  /** @throws MyriadError `not_found`, also when it is deleted meanwhile; `aborted`; `shutting_down`. */
  whenIndexed(documentId: string, signal?: AbortSignal): Promise<KnowledgeDocument>;
  gone(documentId: string): void;
  close(): void;
}

interface Waiter {
  readonly documentId: string;
  readonly resolve: (document: KnowledgeDocument) => void;
  readonly reject: (error: MyriadError) => void;
}

const isOver = (document: KnowledgeDocument): boolean => document.status === 'ready' || document.status === 'failed';

export function createWaiters(knowledge: KnowledgeStore, queue: IndexQueue): Waiters {
  const waiters = new Set<Waiter>();
  const of = (documentId: string) => [...waiters].filter((waiter) => waiter.documentId === documentId);
  const notFound = (documentId: string) =>
    new MyriadError('not_found', 'There is no such document.', { facts: { documentId } });
  queue.onEnd((document) => {
    for (const waiter of of(document.id)) waiter.resolve(document);
  });
  return {
    whenIndexed: (documentId, signal) =>
      new Promise((resolve, reject) => {
        const over = () => {
          waiters.delete(waiter);
          signal?.removeEventListener('abort', abort);
        };
        const waiter: Waiter = {
          documentId,
          resolve: (document) => {
            over();
            resolve(document);
          },
          reject: (error) => {
            over();
            reject(error);
          },
        };
        const abort = () => waiter.reject(new MyriadError('aborted', 'The wait was cancelled.'));
        waiters.add(waiter);
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        // Looked up after the waiter stands, so that an end between the two is not missed.
        knowledge.document(documentId).then(
          (document) => {
            if (!document) waiter.reject(notFound(documentId));
            else if (isOver(document)) waiter.resolve(document);
          },
          (error) => waiter.reject(error),
        );
      }),
    gone(documentId) {
      for (const waiter of of(documentId)) waiter.reject(notFound(documentId));
    },
    close() {
      for (const waiter of waiters) waiter.reject(new MyriadError('shutting_down', 'The node is stopping.'));
    },
  };
}
