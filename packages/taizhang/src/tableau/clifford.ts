import { UnsupportedGateError } from '../errors.ts';
import { type Circuit, conditionsHold, type GateOperation } from '../ir/circuit.ts';
import { withOpenControls } from '../ir/gate-algebra.ts';
import type { Random } from '../ir/random.ts';
import { createTableau, type Tableau } from './tableau.ts';

/** A gate as words over h, s, x, z and cx, up to a global phase: letters act on the first qubit, `c` on (0, 1), `d` on (1, 0), `H` and `S` on the second. */
const words: ReadonlyMap<string, string> = new Map([
  ['id', ''],
  ['u0', ''],
  ['gphase', ''],
  ['x', 'x'],
  ['y', 'xz'],
  ['z', 'z'],
  ['h', 'h'],
  ['s', 's'],
  ['sdg', 'sz'],
  ['sx', 'hsh'],
  ['x_1_2', 'hsh'],
  ['sxdg', 'hszh'],
  ['y_1_2', 'zh'],
  ['cx', 'c'],
  ['CX', 'c'],
  ['cz', 'HcH'],
  ['cy', 'SSScS'],
  ['swap', 'cdc'],
  ['iswap', 'sShcdH'],
]);

/** Turns of rotations by multiples of π/2: word for 0, 1, 2 and 3 quarter turns. */
const turns: ReadonlyMap<string, readonly string[]> = new Map([
  ['rz', ['', 's', 'z', 'sz']],
  ['p', ['', 's', 'z', 'sz']],
  ['u1', ['', 's', 'z', 'sz']],
  ['phase', ['', 's', 'z', 'sz']],
  ['rx', ['', 'hsh', 'x', 'hszh']],
  ['ry', ['', 'zh', 'xz', 'hz']],
]);

/** The gate as a word, or null when it is not a Clifford gate that is recognised. */
function wordOf(operation: GateOperation): { word: string; qubits: readonly number[] } | null {
  if (operation.gate === 'gphase' && operation.controls.length === 0) return { word: '', qubits: [] };
  let gate = operation.gate;
  let qubits = operation.qubits;
  const open = withOpenControls(operation);
  if (open.controls.length > 0) {
    if (open.controls.length !== 1) return null;
    const half = quarterTurns(open);
    const base =
      open.gate === 'x' || open.gate === 'y' || open.gate === 'z'
        ? open.gate
        : half === 2 && /^(p|u1|phase)$/.test(open.gate)
          ? 'z'
          : half === 0
            ? 'id'
            : null;
    if (base === null) return null;
    if (base === 'id') return { word: '', qubits: [] };
    gate = `c${base}`;
    qubits = [open.controls[0]!, ...open.qubits];
  }
  const word = words.get(gate);
  if (word !== undefined) return { word, qubits };
  const turn = turns.get(gate);
  const quarter = quarterTurns(operation);
  if (turn !== undefined && quarter !== null) return { word: turn[quarter]!, qubits };
  if (/^(U|u|u3|u2)$/.test(gate)) {
    const [theta, phi, lambda] = gate === 'u2' ? [Math.PI / 2, ...operation.parameters] : operation.parameters;
    const parts = [lambda!, theta!, phi!].map(quartersOf);
    if (parts.every((part) => part !== null))
      return {
        word: turns.get('rz')![parts[0]!]! + turns.get('ry')![parts[1]!]! + turns.get('rz')![parts[2]!]!,
        qubits,
      };
  }
  return null;
}

const quarterTurns = ({ parameters }: GateOperation) => (parameters.length === 1 ? quartersOf(parameters[0]!) : null);

function quartersOf(angle: number): number | null {
  const quarters = angle / (Math.PI / 2);
  const nearest = Math.round(quarters);
  return Math.abs(quarters - nearest) < 1e-10 ? ((nearest % 4) + 4) % 4 : null;
}

/** Whether every gate is recognised as a Clifford gate, so that the tableau can run the circuit. */
export function isClifford(circuit: Circuit): boolean {
  return circuit.operations.every((operation) => operation.kind !== 'gate' || wordOf(operation) !== null);
}

function applyClifford(tableau: Tableau, operation: GateOperation): void {
  const found = wordOf(operation);
  if (found === null)
    throw new UnsupportedGateError(`Gate "${operation.gate}" is not a Clifford gate.`, { gate: operation.gate });
  const [a = 0, b = 0] = found.qubits;
  for (const letter of found.word) {
    if (letter === 'c') tableau.cx(a, b);
    else if (letter === 'd') tableau.cx(b, a);
    else if (letter === 'H') tableau.h(b);
    else if (letter === 'S') tableau.s(b);
    else tableau[letter as 'h' | 's' | 'x' | 'z'](a);
  }
}

/**
 * One shot of a stabiliser circuit: thousands of qubits are fine.
 *
 * @returns The classical bits, or all qubits when the circuit measures nothing.
 * @throws UnsupportedGateError at a gate outside of the Clifford group.
 */
export function sampleClifford(circuit: Circuit, random: Random): Uint8Array {
  const tableau = createTableau(circuit.qubitCount);
  const bits = new Uint8Array(circuit.bitCount);
  for (const operation of circuit.operations) {
    if (operation.kind === 'barrier' || !conditionsHold(operation.conditions, bits)) continue;
    if (operation.kind === 'gate') applyClifford(tableau, operation);
    else {
      const outcome = tableau.measure(operation.qubit, random);
      if (operation.kind === 'measure') bits[operation.bit] = outcome;
      else if (outcome === 1) tableau.x(operation.qubit);
    }
  }
  if (circuit.bitCount > 0) return bits;
  return Uint8Array.from({ length: circuit.qubitCount }, (_, qubit) => tableau.measure(qubit, random));
}
