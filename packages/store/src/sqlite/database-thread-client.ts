/** The other end of a database thread: one request at a time, in order. */
import { Worker } from 'node:worker_threads';
import { MyriadError } from '@myriad/contracts';
import { failureOf } from './sqlite-failure.ts';
import type { Answer, Request, WriterOptions } from './writer-messages.ts';

export interface DatabaseThread {
  /** @throws MyriadError when the thread answers with a failure or is gone. */
  ask(request: Request): Promise<Answer>;
  stop(): Promise<void>;
}

export function startDatabaseThread(options: WriterOptions): DatabaseThread {
  const worker = new Worker(new URL('./database-thread.ts', import.meta.url), {
    workerData: options,
    // Rows pass through and are gone: a large nursery would only keep memory from the rest of the machine.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  worker.unref();
  const waiting: { resolve(answer: Answer): void; reject(error: unknown): void }[] = [];
  let gone: MyriadError | null = null;

  const fail = (error: MyriadError) => {
    gone ??= error;
    for (const { reject } of waiting.splice(0)) reject(gone);
  };
  worker.on('message', (answer: Answer) => {
    const asker = waiting.shift();
    if (waiting.length === 0) worker.unref();
    if (answer.kind === 'failed') asker?.reject(failureOf(answer.failure));
    else asker?.resolve(answer);
  });
  worker.on('error', (cause) => fail(new MyriadError('internal', 'The thread of the database failed.', { cause })));
  worker.on('exit', () => fail(new MyriadError('shutting_down', 'The database is closed.')));

  const ask = (request: Request): Promise<Answer> => {
    if (gone) return Promise.reject(gone);
    return new Promise((resolve, reject) => {
      // First, since what cannot be copied to a thread throws here and must not wait for an answer.
      worker.postMessage(request);
      if (waiting.length === 0) worker.ref();
      waiting.push({ resolve, reject });
    });
  };
  return {
    ask,
    async stop() {
      if (gone) return;
      await ask({ kind: 'close' });
      gone = new MyriadError('shutting_down', 'The database is closed.');
      await worker.terminate();
    },
  };
}
