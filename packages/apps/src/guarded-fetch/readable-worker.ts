/** Runs in a worker thread: reads one page and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { readableText } from './readable-text.ts';

const { bytes, contentType } = workerData as {
  readonly bytes: Uint8Array;
  readonly contentType: string;
};
parentPort?.postMessage(readableText(Buffer.from(bytes), contentType));
