import {
  type BlobStore,
  type Clock,
  isMyriadError,
  type KnowledgeDocument,
  type KnowledgeStore,
  type StoredPassage,
} from '@myriad/contracts';
import { ParseFailure } from '../parse/parse-failure.ts';
import { createParserProcess, type ParserLimits, type ReadResult } from './parser-process.ts';
import type { WirePassage } from './wire.ts';

/** Documents waiting to be read, read by a few parser processes, and who waits for them. */
export interface IndexQueue {
  push(documentId: string): void;
  /** Takes the document out of the queue, stopping its reader. Resolves when nothing works on it any more. */
  cancel(documentId: string): Promise<void>;
  has(documentId: string): boolean;
  /** Called once with every document that ends as ready or failed. */
  onEnd(listener: (document: KnowledgeDocument) => void): void;
  close(): Promise<void>;
}

export interface IndexQueueNeeds {
  readonly knowledge: KnowledgeStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly limits: ParserLimits;
  /** Parser processes at most. */
  readonly workers: number;
}

interface Job {
  readonly documentId: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export function createIndexQueue({ knowledge, blobs, clock, limits, workers }: IndexQueueNeeds): IndexQueue {
  const waiting: string[] = [];
  const running = new Map<string, Job>();
  const idle = Array.from({ length: workers }, () => createParserProcess(limits, clock));
  const all = [...idle];
  const listeners: ((document: KnowledgeDocument) => void)[] = [];
  let closed = false;

  const next = () => {
    while (!closed && waiting.length > 0 && idle.length > 0) {
      const documentId = waiting.shift()!;
      const parser = idle.pop()!;
      const stop = new AbortController();
      const done = work(documentId, parser, stop.signal).finally(() => {
        running.delete(documentId);
        idle.push(parser);
        next();
      });
      running.set(documentId, { documentId, stop, done });
    }
  };

  const work = async (documentId: string, parser: (typeof all)[number], signal: AbortSignal): Promise<void> => {
    const document = await knowledge.document(documentId).catch(() => null);
    if (!document || signal.aborted) return;
    try {
      const parsing = { ...document, status: 'parsing', reason: null } as const;
      await knowledge.saveDocument(parsing);
      const { name, mediaType, sizeBytes, contentHash } = document;
      const job = { documentId, name, mediaType, sizeBytes };
      const result = await parser.read(job, blobs.stream(contentHash), signal);
      if (signal.aborted) return;
      const ready = readyDocument(parsing, result, clock.now());
      await knowledge.index(ready, result.text, result.pageStarts, storedPassages(result));
      for (const listener of listeners) listener(ready);
    } catch (error) {
      if (signal.aborted) return;
      await fail(document, error);
    }
  };

  const fail = async (document: KnowledgeDocument, error: unknown): Promise<void> => {
    const failed: KnowledgeDocument = { ...document, status: 'failed', reason: reasonOf(error), passages: 0 };
    // When even this cannot be written the document stays `parsing`, and is read again after a restart.
    await knowledge.saveDocument(failed).catch(() => {});
    for (const listener of listeners) listener(failed);
  };

  return {
    push(documentId) {
      if (closed || running.has(documentId) || waiting.includes(documentId)) return;
      waiting.push(documentId);
      next();
    },
    async cancel(documentId) {
      const place = waiting.indexOf(documentId);
      if (place >= 0) waiting.splice(place, 1);
      const job = running.get(documentId);
      job?.stop.abort();
      await job?.done;
    },
    has: (documentId) => running.has(documentId) || waiting.includes(documentId),
    onEnd: (listener) => listeners.push(listener),
    async close() {
      closed = true;
      waiting.length = 0;
      const jobs = [...running.values()];
      for (const job of jobs) job.stop.abort();
      await Promise.all(jobs.map((job) => job.done));
      for (const parser of all) parser.close();
    },
  };
}

function readyDocument(document: KnowledgeDocument, result: ReadResult, now: number): KnowledgeDocument {
  return {
    ...document,
    status: 'ready',
    reason: result.remark,
    mediaType: result.mediaType,
    pages: result.pages,
    passages: result.passages.length,
    language: result.language,
    indexedAt: now,
  };
}

const storedPassages = ({ text, passages }: ReadResult): StoredPassage[] =>
  passages.map((passage, ordinal) => storedPassage(passage, ordinal, text));

/** Words are cut apart when the store asks for them, one passage after another, not all held at once. */
function storedPassage(
  { id, start, end, page, headings, words }: WirePassage,
  ordinal: number,
  text: string,
): StoredPassage {
  return {
    id,
    ordinal,
    text: text.slice(start, end),
    start,
    end,
    page,
    headings,
    get terms() {
      return words === '' ? [] : words.split(' ');
    },
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof ParseFailure) return error.message;
  if (isMyriadError(error)) return `The file could not be indexed: ${error.message}`;
  return 'The file could not be indexed. The log has the details.';
}
