import type { SliceReply, SliceRequest } from './slice-worker.ts';
import { nodeThreads, nodeWorkerHandle, type WorkerHandle, webWorkerHandle } from './worker-port.ts';

/** Starts a slice worker: a worker thread in Node, a Web Worker in the browser; null where there are neither. */
export function spawnSliceWorker(): WorkerHandle<SliceRequest, SliceReply> | null {
  const threads = nodeThreads();
  if (threads !== null) return nodeWorkerHandle(threads, new URL('./slice-worker.ts', import.meta.url), 'slice');
  if (typeof Worker === 'undefined') return null;
  return webWorkerHandle(
    new Worker(new URL('./slice-worker.ts', import.meta.url), { type: 'module', name: 'taizhang-slice' }),
  );
}
