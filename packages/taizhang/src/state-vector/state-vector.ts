import { AbortedError, TaizhangError, UnsupportedGateError } from '../errors.ts';
import { nodeThreads, nodeWorkerHandle, type WorkerHandle, webWorkerHandle } from '../execute/worker-port.ts';
import { breather } from '../ir/breather.ts';
import type { Circuit, GateOperation } from '../ir/circuit.ts';
import { unitaryPart } from '../ir/unitary-part.ts';
import { sharedKernel, sharedMemory } from '../kernel/kernel.ts';
import { type FusedGate, fuseGates } from './fuse-gates.ts';
import { checkStateBudget, createState, type State, type StateOptions, stateOver } from './state.ts';
import { widestGate, workspaceBytes } from './state-memory.ts';
import type { StateReply, StateRequest } from './state-worker.ts';

export interface StateVectorOptions extends StateOptions {
  /** Workers over shared memory; 1 (or where that is not allowed) runs in this thread. */
  readonly workers?: number;
  /** Widest matrix that gates are fused to; 3 when left out (measured fastest). */
  readonly fuseQubits?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { gatesDone: number; gates: number }) => void;
}

/** Circuits below this many qubits are not worth a second thread. */
const sharedQubits = 18;

/**
 * Runs the circuit on the full state vector. Measurements at the end are left out; everything else must be a gate.
 *
 * @throws BudgetExceededError when the state does not fit. @throws UnsupportedGateError for resets, conditions and
 * gates after a measurement (use `sample`). @throws AbortedError.
 */
export async function stateVector(circuit: Circuit, options: StateVectorOptions = {}): Promise<State> {
  return applyGates(circuit.qubitCount, unitaryPart(circuit), options);
}

/** The state after some gates on |0…0>. */
export async function applyGates(
  qubitCount: number,
  gates: readonly GateOperation[],
  options: StateVectorOptions,
): Promise<State> {
  const fused = fuseForState(qubitCount, gates, options.fuseQubits);
  const workers = qubitCount >= sharedQubits ? Math.min(options.workers ?? 1, 64) : 1;
  if (workers > 1 && options.kernel !== 'plain') {
    const bytes = checkStateBudget(qubitCount, options, workers);
    const memory = sharedMemory(bytes);
    const handles = memory === null ? [] : spawnStateWorkers(workers);
    if (memory !== null && handles.length === workers)
      return runShared(qubitCount, fused, memory, handles, bytes, options);
    for (const handle of handles) void handle.stop();
  }
  const state = createState(qubitCount, options);
  let done = 0;
  const breathe = breather(options.signal, () => new AbortedError(done, fused.length, 'gates'));
  for (const gate of fused) {
    await breathe();
    state.apply(gate);
    options.onProgress?.({ gatesDone: ++done, gates: fused.length });
  }
  return state;
}

/** Fused gates, none wider than the memory layout allows. */
export function fuseForState(qubitCount: number, gates: readonly GateOperation[], fuseQubits = 3): FusedGate[] {
  const fused = fuseGates(gates, Math.min(fuseQubits, qubitCount));
  for (const { qubits } of fused)
    if (qubits.length > widestGate)
      throw new UnsupportedGateError(`A matrix on ${qubits.length} qubits is above the limit of ${widestGate}.`);
  return fused;
}

function spawnStateWorkers(count: number): WorkerHandle<StateRequest, StateReply>[] {
  const threads = nodeThreads();
  if (threads !== null)
    return Array.from({ length: count }, () =>
      nodeWorkerHandle(threads, new URL('./state-worker.ts', import.meta.url), 'state'),
    );
  if (typeof Worker === 'undefined') return [];
  return Array.from({ length: count }, () =>
    webWorkerHandle(
      new Worker(new URL('./state-worker.ts', import.meta.url), { type: 'module', name: 'taizhang-state' }),
    ),
  );
}

function runShared(
  qubitCount: number,
  gates: readonly FusedGate[],
  memory: WebAssembly.Memory,
  handles: readonly WorkerHandle<StateRequest, StateReply>[],
  bytes: number,
  options: StateVectorOptions,
): Promise<State> {
  const realBytes = options.precision === 128 ? 8 : 4;
  const base = handles.length * workspaceBytes;
  const state = stateOver({ kernel: sharedKernel(realBytes, memory), qubitCount, realBytes, base }, bytes);
  const barrier = new SharedArrayBuffer(8);
  return new Promise((resolve, reject) => {
    let left = handles.length;
    let gatesDone = 0;
    const stop = () => Promise.all(handles.map((handle) => handle.stop()));
    const onAbort = () => void stop().then(() => reject(new AbortedError(gatesDone, gates.length, 'gates')));
    options.signal?.addEventListener('abort', onAbort, { once: true });
    if (options.signal?.aborted) return onAbort();
    handles.forEach((handle, part) => {
      handle.onMessage((reply) => {
        if (reply.kind === 'gates') {
          gatesDone = reply.done;
          options.onProgress?.({ gatesDone, gates: gates.length });
        } else if (--left === 0) {
          options.signal?.removeEventListener('abort', onAbort);
          void stop().then(() => resolve(state));
        }
      });
      // Half of the amplitudes are of the gate in work: there is nothing to go on from.
      handle.onLost((cause) => {
        void stop().then(() => reject(new TaizhangError('worker_lost', `A state vector worker died: ${cause}`)));
      });
      handle.post({ memory, qubitCount, realBytes, base, gates, part, parts: handles.length, barrier });
    });
  });
}
