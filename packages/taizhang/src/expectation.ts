import { TaizhangError } from './errors.ts';
import { type Circuit, circuitOf, type GateOperation, gateOperation } from './ir/circuit.ts';
import { invertGates } from './ir/gate-algebra.ts';
import { operationMatrix } from './ir/gate-table.ts';
import { type PlanOptions, plan } from './plan.ts';
import { type RunOptions, run } from './run.ts';
import { applyGates, unitaryPart } from './state-vector/state-vector.ts';

/** `coefficient` times a product of Paulis, one character (I, X, Y, Z) a qubit, qubit 0 first. */
export interface PauliTerm {
  readonly coefficient: number;
  readonly pauli: string;
}

export interface ExpectationOptions
  extends Pick<PlanOptions, 'maxBytes' | 'searchMs' | 'searchRounds' | 'seed' | 'precision' | 'maxLog2Macs'>,
    Pick<RunOptions, 'signal' | 'workers' | 'kernel'> {
  /** Light cones up to this many qubits run on the state vector, larger ones as a tensor network; 22 when left out. */
  readonly stateVectorQubits?: number;
}

export interface ExpectationResult {
  readonly value: number;
  readonly terms: readonly {
    readonly pauli: string;
    readonly value: number;
    readonly engine: 'none' | 'stateVector' | 'network';
    /** Qubits and gates left in the light cone. */
    readonly qubits: number;
    readonly gates: number;
  }[];
}

/**
 * ⟨ψ|Σ c·P|ψ⟩ of the state that the circuit makes. Each term sees only the gates in its light cone: gates outside cancel
 * against their inverses.
 *
 * @throws UnsupportedGateError for circuits with resets, conditions, or gates after a measurement.
 * @throws BudgetExceededError, AbortedError.
 */
export async function expectation(
  circuit: Circuit,
  pauliSum: readonly PauliTerm[],
  options: ExpectationOptions = {},
): Promise<ExpectationResult> {
  const gates = unitaryPart(circuit);
  const terms: ExpectationResult['terms'][number][] = [];
  let value = 0;
  for (const { coefficient, pauli } of pauliSum) {
    if (!/^[IXYZ]*$/.test(pauli) || pauli.length !== circuit.qubitCount)
      throw new TaizhangError(
        'invalid_argument',
        `A Pauli term must have one of I, X, Y, Z for each of ${circuit.qubitCount} qubits: "${pauli.slice(0, 80)}".`,
      );
    const term = await termExpectation(gates, pauli, options);
    terms.push({ pauli, ...term });
    value += coefficient * term.value;
  }
  return { value, terms };
}

type TermResult = Omit<ExpectationResult['terms'][number], 'pauli'>;

async function termExpectation(
  gates: readonly GateOperation[],
  pauli: string,
  options: ExpectationOptions,
): Promise<TermResult> {
  const support = [...pauli].flatMap((letter, qubit) => (letter === 'I' ? [] : [qubit]));
  if (support.length === 0) return { value: 1, engine: 'none', qubits: 0, gates: 0 };
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
  const facts = { qubits: qubits.length, gates: cone.length };
  if (qubits.length <= (options.stateVectorQubits ?? 22)) {
    const precision = options.precision ?? 128;
    const limits = { precision, ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }) } as const;
    const state = await applyGates(qubits.length, local, limits);
    const before = Float64Array.from(state.amplitudes);
    for (const gate of paulis) state.apply({ qubits: gate.qubits, controls: [], matrix: operationMatrix(gate) });
    let value = 0;
    for (let i = 0; i < before.length; i++) value += before[i]! * state.amplitudes[i]!;
    return { value, engine: 'stateVector', ...facts };
  }
  // ⟨0|U†PU|0⟩ is one amplitude of a longer circuit.
  const doubled = circuitOf(qubits.length, [...local, ...paulis, ...invertGates(local)]);
  const made = plan(doubled, { ...options, target: 'amplitude' });
  const result = await run(made, options);
  return { value: result.value[0]!, engine: 'network', ...facts };
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
