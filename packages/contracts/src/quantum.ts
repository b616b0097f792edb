/** What the Quantum Lab asks for and gets: in the browser, on the node, and by a model's tool. */

/**
 * `measure` draws shots, and shows the state where it is small; `amplitude` and `expectation` reach far larger circuits;
 * `optimise` lowers an expectation by setting the angles of the circuit's rotations.
 */
export type QuantumWhat = 'measure' | 'amplitude' | 'expectation' | 'optimise';

export interface QuantumLimits {
  /** Bytes that one run may hold. */
  readonly maxBytes: number;
  /** Wall-clock seconds after which the run is ended. */
  readonly maxSeconds: number;
  readonly maxQubits: number;
}

export interface QuantumRequest {
  /** OpenQASM 2 or 3, or GRCS. */
  readonly source: string;
  readonly what: QuantumWhat;
  /** For `measure`; 1 to 1,000,000, 1024 when left out. */
  readonly shots?: number | undefined;
  readonly seed?: number | undefined;
  /** For `amplitude`: one of 0, 1 a qubit, qubit 0 first; all zeros when left out. */
  readonly bitstring?: string | undefined;
  /** For `expectation` and `optimise`: a Pauli sum such as `ZZ - 0.5 X0`. */
  readonly pauli?: string | undefined;
  /** Lowers the limits of the place that runs it; never raises them. */
  readonly limits?: { readonly [K in keyof QuantumLimits]?: QuantumLimits[K] | undefined } | undefined;
}

export interface QuantumBasisState {
  /** Qubit 0 first. */
  readonly bitstring: string;
  readonly re: number;
  readonly im: number;
  readonly probability: number;
}

export interface QuantumMeasured {
  readonly what: 'measure';
  readonly shots: number;
  readonly seed: number;
  readonly engine: string;
  /** Whether a key's characters are classical bits or, when nothing is measured, qubits; index 0 first. */
  readonly keys: 'bits' | 'qubits';
  /** The most frequent outcomes, at most 256. */
  readonly counts: readonly { readonly key: string; readonly count: number }[];
  readonly outcomes: number;
  /** Before measuring; null where it is too large to show or the circuit is no unitary. */
  readonly state: {
    readonly top: readonly QuantumBasisState[];
    readonly bloch: readonly { readonly x: number; readonly y: number; readonly z: number }[];
  } | null;
  readonly seconds: number;
}

export interface QuantumAmplitude {
  readonly what: 'amplitude';
  readonly bitstring: string;
  readonly re: number;
  readonly im: number;
  readonly probability: number;
  readonly fidelity: number;
  readonly plan: { readonly log2Macs: number; readonly log2Size: number; readonly slices: number };
  readonly seconds: number;
  readonly peakBytes: number;
}

export interface QuantumExpectation {
  readonly what: 'expectation';
  readonly pauli: string;
  readonly value: number;
  readonly terms: readonly { readonly pauli: string; readonly value: number; readonly qubits: number }[];
  readonly seconds: number;
}

export interface QuantumOptimised {
  readonly what: 'optimise';
  readonly pauli: string;
  /** Lowest mean found; may be a local minimum. */
  readonly value: number;
  /** The mean at the start, and after each angle that was set. */
  readonly curve: readonly number[];
  readonly angles: readonly { readonly gate: string; readonly qubits: readonly number[]; readonly value: number }[];
  readonly evaluations: number;
  readonly rounds: number;
  readonly converged: boolean;
  /** The circuit with these angles, in OpenQASM. */
  readonly source: string;
  readonly seconds: number;
}

export type QuantumResult = QuantumMeasured | QuantumAmplitude | QuantumExpectation | QuantumOptimised;

export interface QuantumDescribeRequest {
  /** What the circuit should do, in anyone's words; at most 4,000 characters. */
  readonly words: string;
  readonly language?: 'en' | 'zh' | undefined;
}

/** A circuit that a model wrote. `source` has been read without a fault; null when the model did not manage. */
export interface QuantumDescription {
  readonly source: string | null;
  /** What the model said beside the circuit. */
  readonly text: string;
  readonly model: string | null;
  /** Every answer of the model: its governed run, what it cost, and the fault found in its circuit. */
  readonly attempts: readonly {
    readonly runId: string;
    readonly costMicros: number;
    readonly failure: QuantumFailure | null;
  }[];
  readonly currency: string;
}

export interface QuantumRoutes {
  'POST /api/quantum/describe': { body: QuantumDescribeRequest; answer: QuantumDescription };
}

export interface QuantumFailure {
  /** `parse`, `budget_exceeded`, `unsupported_gate`, `invalid_argument`, `deadline`, `internal`. */
  readonly code: string;
  readonly message: string;
  /** Place in the source, from 1; null where the failure is not at one place. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface QuantumProgress {
  /** 0 to 1; null when the end is not known. */
  readonly ratio: number | null;
  readonly remainingMs: number | null;
}

/** A run on the node, as its owner asks after it. Kept for a few minutes after its end. */
export interface QuantumJob {
  readonly id: string;
  readonly status: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: QuantumProgress;
  readonly result: QuantumResult | null;
  readonly failure: QuantumFailure | null;
}
