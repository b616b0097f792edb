import { BudgetExceededError, TaizhangError } from '../errors.ts';
import type { Random } from '../ir/random.ts';
import { createKernel } from '../kernel/kernel.ts';
import type { FusedGate } from './fuse-gates.ts';
import { createGateApplier, type StateMemory, workspaceBytes } from './state-memory.ts';

export interface StateOptions {
  /** 64 = complex64 (the default), 128 = complex128. */
  readonly precision?: 64 | 128;
  /** Bytes the state may take; 3 GiB when left out (28 qubits in complex64). */
  readonly maxBytes?: number;
  readonly kernel?: 'simd' | 'plain';
}

/** A state vector that lives in place; starts as |0…0>. */
export interface State {
  readonly qubitCount: number;
  readonly precision: 64 | 128;
  readonly bytes: number;
  /** re and im in turn; qubit 0 is the highest bit of the index. A view: gates change it. */
  readonly amplitudes: Float32Array | Float64Array;
  readonly apply: (gate: FusedGate) => void;
  /** Σ|a|² over amplitudes in which the qubit is 1. */
  readonly probabilityOfOne: (qubit: number) => number;
  readonly norm: () => number;
  /** Projects a qubit on a bit and makes the norm 1 again. */
  readonly collapse: (qubit: number, bit: 0 | 1) => void;
  /** Moves the amplitude of 1 to 0 after a collapse on 1. */
  readonly flip: (qubit: number) => void;
  readonly scale: (factor: number) => void;
}

/** @throws BudgetExceededError when the state would not fit. */
export function checkStateBudget(qubitCount: number, options: StateOptions, workers = 1): number {
  const have = Math.min(options.maxBytes ?? 3 * 2 ** 30, 65_535 * 65_536);
  const need = (options.precision === 128 ? 16 : 8) * 2 ** qubitCount + workers * workspaceBytes;
  if (need > have) throw new BudgetExceededError(`A state vector of ${qubitCount} qubits`, need, have, 'bytes');
  return need;
}

export function createState(qubitCount: number, options: StateOptions = {}): State {
  const bytes = checkStateBudget(qubitCount, options);
  const realBytes = options.precision === 128 ? 8 : 4;
  const kernel = createKernel(realBytes, bytes, options.kernel);
  return stateOver({ kernel, qubitCount, realBytes, base: workspaceBytes }, bytes);
}

/** The state held by some memory, whose amplitudes are set to |0…0>. */
export function stateOver(memory: StateMemory, bytes: number): State {
  const { kernel, qubitCount, realBytes, base } = memory;
  const length = 2 * 2 ** qubitCount;
  const amplitudes: Float32Array | Float64Array =
    realBytes === 4 ? new Float32Array(kernel.buffer, base, length) : new Float64Array(kernel.buffer, base, length);
  amplitudes[0] = 1;
  const applier = createGateApplier(memory);
  /** Visits runs of entries in which the qubit has the bit, as [from, to) in reals. */
  const eachRun = (qubit: number, bit: number, visit: (from: number, to: number) => void) => {
    const run = 2 * 2 ** (qubitCount - 1 - qubit);
    for (let at = bit * run; at < length; at += 2 * run) visit(at, at + run);
  };
  const weight = (from: number, to: number) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += amplitudes[i]! * amplitudes[i]!;
    return sum;
  };
  const probabilityOfOne = (qubit: number) => {
    let sum = 0;
    eachRun(qubit, 1, (from, to) => {
      sum += weight(from, to);
    });
    return sum;
  };
  const scale = (factor: number) => {
    for (let i = 0; i < length; i++) amplitudes[i] = amplitudes[i]! * factor;
  };
  const collapse = (qubit: number, bit: 0 | 1) => {
    eachRun(qubit, 1 - bit, (from, to) => {
      amplitudes.fill(0, from, to);
    });
    const norm = weight(0, length);
    if (norm === 0) throw new TaizhangError('invalid_argument', `Qubit ${qubit} cannot be measured as ${bit}.`);
    scale(1 / Math.sqrt(norm));
  };
  const flip = (qubit: number) => {
    const run = 2 * 2 ** (qubitCount - 1 - qubit);
    eachRun(qubit, 1, (from, to) => {
      amplitudes.copyWithin(from - run, from, to);
      amplitudes.fill(0, from, to);
    });
  };
  return {
    qubitCount,
    precision: realBytes === 8 ? 128 : 64,
    bytes,
    amplitudes,
    apply: applier.apply,
    probabilityOfOne,
    norm: () => weight(0, length),
    collapse,
    flip,
    scale,
  };
}

/**
 * Draws basis states by |amplitude|²: one pass over the state for all shots.
 *
 * @returns Index → count.
 */
export function drawShots(state: State, shots: number, random: Random): Map<number, number> {
  const total = state.norm();
  const draws = Float64Array.from({ length: shots }, () => random() * total).sort();
  const counts = new Map<number, number>();
  const { amplitudes } = state;
  const last = amplitudes.length / 2 - 1;
  let sum = 0;
  let index = -1;
  for (const draw of draws) {
    while (index < last && (sum <= draw || index < 0)) {
      index++;
      sum += amplitudes[2 * index]! ** 2 + amplitudes[2 * index + 1]! ** 2;
    }
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  return counts;
}
