import type { Circuit } from '../ir/circuit.ts';
import { operationMatrix } from '../ir/gate-table.ts';
import { dimension, type Matrix } from '../ir/matrix.ts';
import { unitaryPart } from '../ir/unitary-part.ts';

/** A function of two-valued variables. `data` holds re and im in turn; the first variable is the highest bit of the index. */
export interface Factor {
  readonly variables: readonly number[];
  readonly data: Float64Array;
}

/** A product of factors, to be summed over every variable that is not open; times `scale`. */
export interface Network {
  readonly variableCount: number;
  readonly factors: readonly Factor[];
  /** Variables left in the result, in the order of the result's bits (first = highest). */
  readonly open: readonly number[];
  readonly scale: { readonly re: number; readonly im: number };
  /** The qubit that each variable lives on; variables of a qubit are numbered in the order of time. */
  readonly qubitOf: readonly number[];
}

/** What a qubit ends in: a fixed bit, or 2 when both outcomes are wanted. */
export type OutputBit = 0 | 1 | 2;

/**
 * The circuit as an undirected graphical model (Boixo et al., arXiv 1712.05384): a gate adds a variable only on the
 * qubits on which it is not diagonal, so T, CZ and the control of a CNOT add none. Inputs are |0>.
 *
 * @param output One entry a qubit.
 * @throws UnsupportedGateError for resets, conditions, and gates after a measurement of the same qubit.
 */
export function buildNetwork(circuit: Circuit, output: readonly OutputBit[]): Network {
  const qubitOf = Array.from({ length: circuit.qubitCount }, (_, i) => i);
  const current = Array.from({ length: circuit.qubitCount }, (_, i) => i);
  const fixed = new Map<number, number>();
  const factors: Factor[] = [];

  for (const operation of unitaryPart(circuit)) {
    const qubits = [...operation.controls, ...operation.qubits];
    const matrix = operationMatrix(operation);
    const moved = movedQubits(matrix, qubits.length);
    const before = qubits.map((qubit) => current[qubit]!);
    qubits.forEach((qubit, i) => {
      if (moved[i]) current[qubit] = qubitOf.push(qubit) - 1;
    });
    const after = qubits.map((qubit) => current[qubit]!);
    factors.push(gateFactor(matrix, before, after, moved));
  }

  const open: number[] = [];
  let impossible = false;
  for (let qubit = 0; qubit < circuit.qubitCount; qubit++) {
    const last = current[qubit]!;
    const bit = output[qubit]!;
    if (bit === 2) {
      open.push(last);
      if (last === qubit) factors.push({ variables: [last], data: Float64Array.of(1, 0, 0, 0) });
      else fixed.set(qubit, 0);
    } else {
      if (last === qubit && bit === 1) impossible = true;
      fixed.set(qubit, 0);
      if (last !== qubit) fixed.set(last, bit);
    }
  }
  return {
    variableCount: qubitOf.length,
    qubitOf,
    factors: factors.map((factor) => project(factor, fixed)),
    open,
    scale: { re: impossible ? 0 : 1, im: 0 },
  };
}

/** For each qubit: whether the matrix ever changes its bit. */
function movedQubits(matrix: Matrix, qubits: number): boolean[] {
  const d = dimension(matrix);
  let changed = 0;
  for (let row = 0; row < d; row++)
    for (let column = 0; column < d; column++)
      if (matrix[2 * (row * d + column)] !== 0 || matrix[2 * (row * d + column) + 1] !== 0) changed |= row ^ column;
  return Array.from({ length: qubits }, (_, i) => ((changed >> (qubits - 1 - i)) & 1) === 1);
}

/** Variables in the order: inputs of all qubits, then outputs of the moved ones. */
function gateFactor(
  matrix: Matrix,
  before: readonly number[],
  after: readonly number[],
  moved: readonly boolean[],
): Factor {
  const k = before.length;
  const d = 1 << k;
  const variables = [...before, ...after.filter((_, i) => moved[i])];
  const data = new Float64Array(2 << variables.length);
  const movedCount = variables.length - k;
  for (let row = 0; row < d; row++)
    for (let column = 0; column < d; column++) {
      let index = column;
      let kept = true;
      for (let i = 0; i < k; i++) {
        const bit = (row >> (k - 1 - i)) & 1;
        if (moved[i]) index = index * 2 + bit;
        else if (bit !== ((column >> (k - 1 - i)) & 1)) kept = false;
      }
      if (!kept) continue;
      data[2 * index] = matrix[2 * (row * d + column)]!;
      data[2 * index + 1] = matrix[2 * (row * d + column) + 1]!;
    }
  if (movedCount < 0) throw new Error('a gate lost a variable');
  return { variables, data };
}

/** The factor with some of its variables set to a value. */
export function project(factor: Factor, fixed: ReadonlyMap<number, number>): Factor {
  if (!factor.variables.some((variable) => fixed.has(variable))) return factor;
  const rank = factor.variables.length;
  const kept = factor.variables.filter((variable) => !fixed.has(variable));
  const data = new Float64Array(2 << kept.length);
  let base = 0;
  const strides: number[] = [];
  factor.variables.forEach((variable, i) => {
    const stride = 1 << (rank - 1 - i);
    const value = fixed.get(variable);
    if (value === undefined) strides.push(stride);
    else base += value * stride;
  });
  for (let index = 0; index < 1 << kept.length; index++) {
    let from = base;
    for (let i = 0; i < kept.length; i++) if ((index >> (kept.length - 1 - i)) & 1) from += strides[i]!;
    data[2 * index] = factor.data[2 * from]!;
    data[2 * index + 1] = factor.data[2 * from + 1]!;
  }
  return { variables: kept, data };
}
