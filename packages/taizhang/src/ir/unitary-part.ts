import { UnsupportedGateError } from '../errors.ts';
import type { Circuit, GateOperation } from './circuit.ts';

/** The gates of a circuit whose measurements all stand at the end. */
export function unitaryPart(circuit: Circuit): GateOperation[] {
  const measured = new Set<number>();
  const gates: GateOperation[] = [];
  for (const operation of circuit.operations) {
    if (operation.kind === 'barrier') continue;
    if (operation.kind === 'reset' || (operation.conditions?.length ?? 0) > 0)
      throw new UnsupportedGateError('A circuit with resets or conditions has no single state; use sample().');
    if (operation.kind === 'measure') {
      measured.add(operation.qubit);
      continue;
    }
    if ([...operation.qubits, ...operation.controls].some((qubit) => measured.has(qubit)))
      throw new UnsupportedGateError('A gate stands after a measurement of its qubit; use sample().');
    gates.push(operation);
  }
  return gates;
}
