/** Worker thread of one run; ended from outside when time is up or nobody wants it any more. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { failureOf, runCircuit } from '@myriad/builtin/quantum';
import type { QuantumFailure, QuantumLimits, QuantumProgress, QuantumRequest, QuantumResult } from '@myriad/contracts';

export interface QuantumWork {
  readonly request: QuantumRequest;
  readonly limits: QuantumLimits;
}

export type QuantumWord =
  | { readonly kind: 'progress'; readonly progress: QuantumProgress }
  | { readonly kind: 'done'; readonly result: QuantumResult }
  | { readonly kind: 'failed'; readonly failure: QuantumFailure };

const progressMs = 200;

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const say = (word: QuantumWord) => port.postMessage(word);
  const { request, limits } = workerData as QuantumWork;
  let toldAt = Number.NEGATIVE_INFINITY;
  runCircuit(request, {
    limits,
    onProgress: (progress) => {
      if (performance.now() - toldAt < progressMs) return;
      toldAt = performance.now();
      say({ kind: 'progress', progress });
    },
  }).then(
    (result) => say({ kind: 'done', result }),
    (error: unknown) => say({ kind: 'failed', failure: failureOf(error) }),
  );
}
