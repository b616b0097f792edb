import { UnsupportedGateError } from '../errors.ts';
import type { Circuit, GateOperation } from './circuit.ts';

/**
 * The gates of a circuit that only measures at the end. A reset of a qubit that nothing has touched yet does nothing.
 *
 * @throws UnsupportedGateError for other resets, conditions, and gates after a measurement of their qubit.
 */
export function unitaryPart(circuit: Circuit): GateOperation[] {
  const measured = new Set<number>();
  const touched = new Set<number>();
  const gates: GateOperation[] = [];
  for (const operation of circuit.operations) {
    if (operation.kind === 'barrier') continue;
    if (operation.kind === 'reset' && !touched.has(operation.qubit) && !measured.has(operation.qubit)) continue;
    if (operation.kind === 'reset' || (operation.conditions?.length ?? 0) > 0)
      throw new UnsupportedGateError('A circuit with resets or conditions has no single state; use sample().');
    if (operation.kind === 'measure') {
      measured.add(operation.qubit);
      continue;
    }
    const qubits = [...operation.controls, ...operation.qubits];
    for (const qubit of qubits) touched.add(qubit);
    if (qubits.some((qubit) => measured.has(qubit)))
      throw new UnsupportedGateError('A gate stands after a measurement of its qubit; use sample().');
    gates.push(operation);
  }
  return gates;
}
