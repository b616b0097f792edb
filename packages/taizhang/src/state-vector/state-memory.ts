import { planStep, type StepPlan } from '../execute/plan-step.ts';
import { runStep } from '../execute/run-step.ts';
import { createTables, type Tables } from '../execute/tables.ts';
import type { RealBytes } from '../kernel/contraction-kernel.ts';
import type { Kernel } from '../kernel/kernel-interface.ts';
import type { FusedGate } from './fuse-gates.ts';

/** Bytes in front of the amplitudes for one worker: tables, the gate's matrix, packed matrix and panel. */
export const workspaceBytes = 4 * 2 ** 20;
const tableBytes = 2 * 2 ** 20;
const matrixBytes = 2 ** 19;
/** Widest dense gate: its matrix must fit the workspace twice. */
export const widestGate = 7;

/** The amplitudes of n qubits in a kernel's memory, and the workspaces in front of them. */
export interface StateMemory {
  readonly kernel: Kernel;
  readonly qubitCount: number;
  readonly realBytes: RealBytes;
  /** Byte address of amplitude 0; qubit 0 is the highest bit of an amplitude's index. */
  readonly base: number;
}

/** Applies gates in place, as one of `parts` workers that share the memory. */
export interface GateApplier {
  readonly apply: (gate: FusedGate) => void;
}

export function createGateApplier(memory: StateMemory, part = 0, parts = 1): GateApplier {
  const { kernel, qubitCount, realBytes } = memory;
  const workspace = part * workspaceBytes;
  const place = {
    a: memory.base,
    b: workspace + tableBytes,
    c: memory.base,
    tables: workspace + 64,
    packed: workspace + tableBytes + matrixBytes,
    panel: workspace + tableBytes + 2 * matrixBytes,
  };
  let tables: Tables = createTables();
  let written = 0;
  let steps = new Map<string, StepPlan>();

  const stepFor = (gate: FusedGate): StepPlan => {
    const key = `${gate.qubits.join()};${gate.controls.join()}`;
    const known = steps.get(key);
    if (known !== undefined) return known;
    if (tables.bytes() > tableBytes - 2 ** 18) {
      tables = createTables();
      steps = new Map();
      written = 0;
    }
    const k = gate.qubits.length;
    const complexBytes = 2 * realBytes;
    const strideOf = (qubit: number) => complexBytes * 2 ** (qubitCount - 1 - qubit);
    const free = Array.from({ length: qubitCount }, (_, qubit) => qubit).filter((q) => !gate.controls.includes(q));
    const out = (qubit: number) => qubitCount + qubit;
    const a = new Map(free.map((qubit) => [qubit, strideOf(qubit)]));
    const c = new Map(free.map((qubit) => [gate.qubits.includes(qubit) ? out(qubit) : qubit, strideOf(qubit)]));
    const b = new Map<number, number>();
    gate.qubits.forEach((qubit, i) => {
      b.set(qubit, complexBytes * 2 ** (k - 1 - i));
      b.set(out(qubit), complexBytes * 2 ** (2 * k - 1 - i));
    });
    const midTarget = parts === 1 ? 1024 : Math.max(1, Math.min(1024, 2 ** (qubitCount - k - 10)));
    const step = planStep(tables, { node: 0, a: 0, b: 0 }, { a, b, c }, realBytes, midTarget);
    new Int32Array(kernel.buffer, place.tables + written, (tables.bytes() - written) / 4).set(tables.words(written));
    written = tables.bytes();
    steps.set(key, step);
    return step;
  };

  return {
    apply: (gate) => {
      const step = stepFor(gate);
      const length = gate.matrix.length;
      if (realBytes === 4) new Float32Array(kernel.buffer, place.b, length).set(gate.matrix);
      else new Float64Array(kernel.buffer, place.b, length).set(gate.matrix);
      const shift = gate.controls.reduce((sum, q) => sum + 2 * realBytes * 2 ** (qubitCount - 1 - q), 0);
      const work = runStep(kernel, { ...place, a: place.a + shift, c: place.c + shift }, step, part, parts);
      while (!work.next().done);
    },
  };
}
