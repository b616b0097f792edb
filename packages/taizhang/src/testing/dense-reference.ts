import type { Circuit } from '../ir/circuit.ts';
import { operationMatrix } from '../ir/gate-table.ts';

/**
 * The state of a small circuit by the plainest loop there is, in double precision: a check that shares no code with the
 * engines but the gate matrices. Qubit 0 is the highest bit of the index.
 */
export function denseState(circuit: Circuit): Float64Array {
  const n = circuit.qubitCount;
  let state = new Float64Array(2 << n);
  state[0] = 1;
  for (const operation of circuit.operations) {
    if (operation.kind !== 'gate') continue;
    const matrix = operationMatrix(operation);
    const qubits = [...operation.controls, ...operation.qubits];
    const d = 1 << qubits.length;
    const next = new Float64Array(2 << n);
    for (let index = 0; index < 1 << n; index++) {
      let column = 0;
      let rest = index;
      for (const qubit of qubits) {
        const shift = n - 1 - qubit;
        column = column * 2 + ((index >> shift) & 1);
        rest &= ~(1 << shift);
      }
      for (let row = 0; row < d; row++) {
        const re = matrix[2 * (row * d + column)]!;
        const im = matrix[2 * (row * d + column) + 1]!;
        if (re === 0 && im === 0) continue;
        let to = rest;
        qubits.forEach((qubit, i) => {
          if ((row >> (qubits.length - 1 - i)) & 1) to |= 1 << (n - 1 - qubit);
        });
        next[2 * to]! += state[2 * index]! * re - state[2 * index + 1]! * im;
        next[2 * to + 1]! += state[2 * index]! * im + state[2 * index + 1]! * re;
      }
    }
    state = next;
  }
  return state;
}

/** Largest difference of two complex lists. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}
