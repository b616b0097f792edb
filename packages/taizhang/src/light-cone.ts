import { TaizhangError } from './errors.ts';
import { type Circuit, circuitOf, type GateOperation, gateOperation } from './ir/circuit.ts';
import { invertGates } from './ir/gate-algebra.ts';
import { operationMatrix } from './ir/gate-table.ts';
import { unitaryPart } from './ir/unitary-part.ts';

/** A Pauli term and the gates in its light cone, over the qubits that are left. */
export interface PrunedTerm {
  readonly qubits: number;
  readonly gates: readonly GateOperation[];
  readonly paulis: readonly GateOperation[];
}

/** @throws TaizhangError `invalid_argument` unless there is one of I, X, Y, Z for each qubit. */
export function checkPauli(pauli: string, qubitCount: number): void {
  if (!/^[IXYZ]*$/.test(pauli) || pauli.length !== qubitCount)
    throw new TaizhangError(
      'invalid_argument',
      `A Pauli term must have one of I, X, Y, Z for each of ${qubitCount} qubits: "${pauli.slice(0, 80)}".`,
    );
}

/** Drops gates outside of the term's light cone, and numbers the qubits left densely. */
export function prunedTerm(gates: readonly GateOperation[], pauli: string): PrunedTerm {
  const support = [...pauli].flatMap((letter, qubit) => (letter === 'I' ? [] : [qubit]));
  const cone = lightCone(gates, support, pauli);
  const qubits = [...new Set([...support, ...cone.flatMap((gate) => [...gate.controls, ...gate.qubits])])].sort(
    (a, b) => a - b,
  );
  const place = new Map(qubits.map((qubit, i) => [qubit, i]));
  const local = cone.map((gate) => ({
    ...gate,
    qubits: gate.qubits.map((qubit) => place.get(qubit)!),
    controls: gate.controls.map((qubit) => place.get(qubit)!),
  }));
  const paulis = support.map((qubit) => gateOperation(pauli[qubit]!.toLowerCase(), [place.get(qubit)!]));
  return { qubits: qubits.length, gates: local, paulis };
}

/** The circuit whose amplitude of 0…0 is ⟨0|U†PU|0⟩, pruned by the light cone of P. */
export function expectationCircuit(circuit: Circuit, pauli: string): Circuit {
  checkPauli(pauli, circuit.qubitCount);
  const { qubits, gates, paulis } = prunedTerm(unitaryPart(circuit), pauli);
  return circuitOf(qubits, [...gates, ...paulis, ...invertGates(gates)]);
}

/** Gates that can change the expectation, in order: walked backwards from the qubits of the Pauli term. */
export function lightCone(gates: readonly GateOperation[], support: readonly number[], pauli: string): GateOperation[] {
  const cone = new Set(support);
  // While only Z stands on a qubit, gates that are diagonal commute with it and cancel too.
  const onlyZ = new Set(support.filter((qubit) => pauli[qubit] === 'Z'));
  const kept: GateOperation[] = [];
  for (const gate of gates.toReversed()) {
    const touched = [...gate.controls, ...gate.qubits];
    const inside = touched.filter((qubit) => cone.has(qubit));
    if (inside.length === 0) continue;
    if (inside.every((qubit) => onlyZ.has(qubit)) && isDiagonal(gate)) continue;
    kept.push(gate);
    for (const qubit of touched) {
      cone.add(qubit);
      onlyZ.delete(qubit);
    }
  }
  return kept.reverse();
}

function isDiagonal(gate: GateOperation): boolean {
  const matrix = operationMatrix(gate);
  const d = Math.sqrt(matrix.length / 2);
  return matrix.every((value, i) => value === 0 || Math.floor(i / 2 / d) === (i >> 1) % d);
}
