import { type Circuit, circuitOf, type GateOperation } from './ir/circuit.ts';
import { operationMatrix } from './ir/gate-table.ts';
import { unitaryPart } from './ir/unitary-part.ts';
import { checkPauli, prunedTerm } from './light-cone.ts';
import { type PlanOptions, plan } from './plan.ts';
import { type RunOptions, run } from './run.ts';
import { applyGates } from './state-vector/state-vector.ts';

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
    checkPauli(pauli, circuit.qubitCount);
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
  if (/^I*$/.test(pauli)) return { value: 1, engine: 'none', qubits: 0, gates: 0 };
  const { qubits, gates: local, paulis } = prunedTerm(gates, pauli);
  const facts = { qubits, gates: local.length };
  if (qubits <= (options.stateVectorQubits ?? 22)) {
    const precision = options.precision ?? 128;
    const limits = { precision, ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }) } as const;
    const state = await applyGates(qubits, local, limits);
    const before = Float64Array.from(state.amplitudes);
    for (const gate of paulis) state.apply({ qubits: gate.qubits, controls: [], matrix: operationMatrix(gate) });
    let value = 0;
    for (let i = 0; i < before.length; i++) value += before[i]! * state.amplitudes[i]!;
    return { value, engine: 'stateVector', ...facts };
  }
  const made = plan(circuitOf(qubits, local), {
    ...options,
    target: 'expectation',
    pauli: paulis.reduce((line, gate) => replaceAt(line, gate.qubits[0]!, gate.gate.toUpperCase()), 'I'.repeat(qubits)),
  });
  const result = await run(made, options);
  return { value: result.value[0]!, engine: 'network', ...facts };
}

const replaceAt = (text: string, at: number, letter: string) => text.slice(0, at) + letter + text.slice(at + 1);
