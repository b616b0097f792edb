import type {
  QuantumAmplitude,
  QuantumExpectation,
  QuantumFailure,
  QuantumLimits,
  QuantumMeasured,
  QuantumOptimised,
  QuantumProgress,
  QuantumRequest,
  QuantumResult,
} from '@myriad/contracts';
import {
  amplitude,
  BudgetExceededError,
  type Circuit,
  describeState,
  expectation,
  optimiseAngles,
  ParseError,
  parseCircuit,
  parsePauliSum,
  sample,
  stateVector,
  TaizhangError,
  toQasm,
  UnsupportedGateError,
} from '@myriad/taizhang';

export interface CircuitSurroundings {
  /** What this place allows; the request may only ask for less. */
  readonly limits: QuantumLimits;
  /** Worker threads below this one; 0 runs here. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: QuantumProgress) => void;
}

/** States up to this many qubits are listed beside the shots. */
const shownQubits = 16;
const listedStates = 64;
const listedOutcomes = 256;
const mostShots = 1_000_000;

/**
 * Runs one request of the Quantum Lab; the same in a browser's worker and in a worker thread of the node. The time limit is
 * kept by whoever holds the worker.
 *
 * @throws ParseError with line and column, BudgetExceededError, UnsupportedGateError, AbortedError.
 */
export async function runCircuit(request: QuantumRequest, around: CircuitSurroundings): Promise<QuantumResult> {
  const started = performance.now();
  const circuit = parseCircuit(request.source);
  const limits = narrowed(around.limits, request.limits);
  if (circuit.qubitCount > limits.maxQubits)
    throw new BudgetExceededError('The circuit', circuit.qubitCount, limits.maxQubits, 'qubits');
  const result = await engines[request.what](circuit, request, { ...around, limits });
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

type Engine = (circuit: Circuit, request: QuantumRequest, around: CircuitSurroundings) => Promise<QuantumResult>;

const engines: Readonly<Record<QuantumRequest['what'], Engine>> = {
  measure,
  amplitude: oneAmplitude,
  expectation: mean,
  optimise: lowest,
};

async function measure(
  circuit: Circuit,
  request: QuantumRequest,
  around: CircuitSurroundings,
): Promise<QuantumMeasured> {
  const { shots = 1024, seed = 1 } = request;
  if (shots > mostShots) throw new BudgetExceededError('The request', shots, mostShots, 'shots');
  const result = await sample(circuit, shots, seed, {
    maxBytes: around.limits.maxBytes,
    ...stopOf(around),
    onProgress: ({ shotsDone }) => around.onProgress?.({ ratio: shotsDone / shots, remainingMs: null }),
  });
  const counts = Object.entries(result.counts).map(([key, count]) => ({ key, count }));
  return {
    what: 'measure',
    shots,
    seed,
    engine: result.engine,
    keys: result.keys,
    counts: counts.slice(0, listedOutcomes),
    outcomes: result.statistics.outcomes,
    state: await shownState(circuit, around),
    seconds: 0,
  };
}

async function shownState(circuit: Circuit, around: CircuitSurroundings): Promise<QuantumMeasured['state']> {
  if (circuit.qubitCount > shownQubits) return null;
  try {
    const state = await stateVector(circuit, { precision: 128, maxBytes: around.limits.maxBytes, ...stopOf(around) });
    const { top, bloch } = describeState(state, listedStates);
    return { top, bloch };
  } catch (error) {
    if (error instanceof UnsupportedGateError || error instanceof BudgetExceededError) return null;
    throw error;
  }
}

async function oneAmplitude(
  circuit: Circuit,
  request: QuantumRequest,
  around: CircuitSurroundings,
): Promise<QuantumAmplitude> {
  const bitstring = request.bitstring || '0'.repeat(circuit.qubitCount);
  const report = await amplitude(circuit, bitstring, {
    ...searchOf(circuit, request, around),
    onProgress: ({ fraction, remainingMs }) => around.onProgress?.({ ratio: fraction, remainingMs }),
  });
  return { what: 'amplitude', bitstring, ...report };
}

async function mean(
  circuit: Circuit,
  request: QuantumRequest,
  around: CircuitSurroundings,
): Promise<QuantumExpectation> {
  const pauli = request.pauli ?? '';
  const terms = parsePauli(pauli, circuit.qubitCount);
  const result = await expectation(circuit, terms, searchOf(circuit, request, around));
  return {
    what: 'expectation',
    pauli,
    value: result.value,
    terms: result.terms.map(({ pauli: product, value, qubits }) => ({ pauli: product, value, qubits })),
    seconds: 0,
  };
}

async function lowest(
  circuit: Circuit,
  request: QuantumRequest,
  around: CircuitSurroundings,
): Promise<QuantumOptimised> {
  if (circuit.qubitCount > optimisedQubits)
    throw new BudgetExceededError('Setting angles', circuit.qubitCount, optimisedQubits, 'qubits');
  const pauli = request.pauli ?? '';
  const { circuit: best, ...found } = await optimiseAngles(circuit, parsePauli(pauli, circuit.qubitCount), {
    ...searchOf(circuit, request, around),
    // How many rounds it will take is not known.
    onStep: () => around.onProgress?.({ ratio: null, remainingMs: null }),
  });
  return { what: 'optimise', pauli, ...found, source: toQasm(best), seconds: 0 };
}

/** The place of a fault in the Pauli sum is no place in the circuit. */
function parsePauli(text: string, qubitCount: number) {
  try {
    const terms = parsePauliSum(text, qubitCount);
    if (terms.length > 0) return terms;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new TaizhangError('invalid_argument', `Pauli sum, ${error.message}`);
  }
  throw new TaizhangError('invalid_argument', 'An expectation needs a Pauli sum, such as Z0 Z1 - 0.5 X0.');
}

const largeQubits = 20;
/** A mean is computed three times an angle and round, so circuits stay small. */
const optimisedQubits = 16;
const stopOf = ({ signal }: CircuitSurroundings) => (signal === undefined ? {} : { signal });

function searchOf(circuit: Circuit, { seed = 1 }: QuantumRequest, around: CircuitSurroundings) {
  const workers = around.workers ?? 0;
  const searchMs = circuit.qubitCount > largeQubits ? 3000 : 200;
  return { maxBytes: around.limits.maxBytes, searchMs, seed, workers, ...stopOf(around) };
}

function narrowed(most: QuantumLimits, asked: QuantumRequest['limits']): QuantumLimits {
  const least = (name: keyof QuantumLimits) => Math.min(most[name], asked?.[name] ?? most[name]);
  return { maxBytes: least('maxBytes'), maxSeconds: least('maxSeconds'), maxQubits: least('maxQubits') };
}

/** What a page or a model is told of a failure; anything not thrown on purpose is `internal`. */
export function failureOf(error: unknown): QuantumFailure {
  const known = error instanceof TaizhangError;
  const at = error instanceof ParseError ? { line: error.line, column: error.column } : { line: null, column: null };
  return {
    code: known ? error.code : 'internal',
    message: known ? error.message.replace(/^\d+:\d+: /, '') : 'The simulator failed.',
    ...at,
  };
}
