import type { GateOperation } from '../ir/circuit.ts';
import { operationMatrix } from '../ir/gate-table.ts';
import { dimension, type Matrix, multiply } from '../ir/matrix.ts';

/** One matrix on some qubits (first = highest bit of its index), applied where all controls are 1. */
export interface FusedGate {
  readonly qubits: readonly number[];
  readonly controls: readonly number[];
  readonly matrix: Matrix;
}

/** How far back a gate may look for a group to join. */
const lookBack = 48;

/**
 * Multiplies neighbouring gates into matrices of at most `maxQubits` qubits, so that the state is swept over less often.
 * A gate joins an earlier group only when no group between them shares a qubit with it, so the product is unchanged.
 */
export function fuseGates(gates: readonly GateOperation[], maxQubits: number): FusedGate[] {
  const groups: {
    qubits: readonly number[];
    controls: readonly number[];
    matrix: Matrix | null;
    parts: FusedGate[];
  }[] = [];
  for (const gate of gates) {
    const wide = gate.controls.length + gate.qubits.length > maxQubits;
    const single: FusedGate = wide
      ? { qubits: gate.qubits, controls: gate.controls, matrix: operationMatrix({ ...gate, controls: [] }) }
      : { qubits: [...gate.controls, ...gate.qubits], controls: [], matrix: operationMatrix(gate) };
    const touched = [...single.controls, ...single.qubits];
    let best = -1;
    let bestGrowth = Number.POSITIVE_INFINITY;
    for (let i = groups.length - 1; i >= Math.max(0, groups.length - lookBack) && !wide; i--) {
      const group = groups[i]!;
      const shares = touched.some((qubit) => group.qubits.includes(qubit) || group.controls.includes(qubit));
      if (group.controls.length === 0) {
        const growth = touched.filter((qubit) => !group.qubits.includes(qubit)).length;
        if (group.qubits.length + growth <= maxQubits && growth < bestGrowth) {
          best = i;
          bestGrowth = growth;
        }
      }
      if (shares) break;
    }
    if (best < 0) groups.push({ qubits: single.qubits, controls: single.controls, matrix: null, parts: [single] });
    else {
      const group = groups[best]!;
      group.parts.push(single);
      group.qubits = [...group.qubits, ...touched.filter((qubit) => !group.qubits.includes(qubit))];
    }
  }
  return groups.map(({ qubits, controls, parts }) => ({
    qubits,
    controls,
    matrix:
      parts.length === 1 ? parts[0]!.matrix : parts.map((part) => embed(part, qubits)).reduce((a, b) => multiply(b, a)),
  }));
}

/** The gate's matrix over a larger list of qubits. */
export function embed(gate: FusedGate, qubits: readonly number[]): Matrix {
  const k = qubits.length;
  const d = 1 << k;
  const small = dimension(gate.matrix);
  const shifts = gate.qubits.map((qubit) => k - 1 - qubits.indexOf(qubit));
  const mask = shifts.reduce((bits, shift) => bits | (1 << shift), 0);
  const spread = (index: number) =>
    shifts.reduce((bits, shift, i) => bits | (((index >> (shifts.length - 1 - i)) & 1) << shift), 0);
  const out = new Float64Array(2 * d * d);
  for (let rest = 0; rest < d; rest++) {
    if (rest & mask) continue;
    for (let row = 0; row < small; row++)
      for (let column = 0; column < small; column++) {
        const to = 2 * ((rest | spread(row)) * d + (rest | spread(column)));
        out[to] = gate.matrix[2 * (row * small + column)]!;
        out[to + 1] = gate.matrix[2 * (row * small + column) + 1]!;
      }
  }
  return out;
}
