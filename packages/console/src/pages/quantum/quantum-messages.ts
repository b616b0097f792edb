import type { Inspected } from '@myriad/builtin/quantum';
import type { QuantumFailure, QuantumLimits, QuantumProgress, QuantumRequest, QuantumResult } from '@myriad/contracts';

/** To the page's worker. */
export type ToWorker =
  | { readonly kind: 'inspect'; readonly id: number; readonly source: string }
  | { readonly kind: 'run'; readonly request: QuantumRequest };

/** From it. */
export type FromWorker =
  | { readonly kind: 'inspected'; readonly id: number; readonly inspected: Inspected }
  | { readonly kind: 'progress'; readonly progress: QuantumProgress }
  | { readonly kind: 'done'; readonly result: QuantumResult }
  | { readonly kind: 'failed'; readonly failure: QuantumFailure };

/** What a browser tab can bear. */
export const browserLimits: QuantumLimits = { maxBytes: 2 ** 30, maxSeconds: 600, maxQubits: 4096 };

/** A worker of the simulator; a fresh one a run, so that stopping is ending it. */
export function startWorker(): Worker {
  return new Worker(new URL('./quantum-worker.ts', import.meta.url), { type: 'module' });
}
