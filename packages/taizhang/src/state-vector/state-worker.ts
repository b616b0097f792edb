import { workerPort } from '../execute/worker-port.ts';
import type { RealBytes } from '../kernel/contraction-kernel.ts';
import { sharedKernel } from '../kernel/kernel.ts';
import type { FusedGate } from './fuse-gates.ts';
import { createGateApplier } from './state-memory.ts';

/** One worker's share of a circuit over shared memory. */
export interface StateRequest {
  readonly memory: WebAssembly.Memory;
  readonly qubitCount: number;
  readonly realBytes: RealBytes;
  readonly base: number;
  readonly gates: readonly FusedGate[];
  readonly part: number;
  readonly parts: number;
  /** Two 32-bit words: workers arrived at the barrier, and the number of the barrier. */
  readonly barrier: SharedArrayBuffer;
}

export type StateReply = { readonly kind: 'gates'; readonly done: number } | { readonly kind: 'done' };

const port = workerPort<StateRequest, StateReply>('state');
port?.listen(({ memory, qubitCount, realBytes, base, gates, part, parts, barrier }) => {
  const kernel = sharedKernel(realBytes, memory);
  const applier = createGateApplier({ kernel, qubitCount, realBytes, base }, part, parts);
  const words = new Int32Array(barrier);
  gates.forEach((gate, i) => {
    applier.apply(gate);
    meet(words, parts);
    if (part === 0) port.post({ kind: 'gates', done: i + 1 });
  });
  port.post({ kind: 'done' });
});

/** Waits until all workers are here: a gate may read what another worker wrote in the gate before. */
function meet(words: Int32Array, parts: number): void {
  const round = Atomics.load(words, 1);
  if (Atomics.add(words, 0, 1) === parts - 1) {
    Atomics.store(words, 0, 0);
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
  } else while (Atomics.load(words, 1) === round) Atomics.wait(words, 1, round, 1000);
}
