import { BudgetExceededError, TaizhangError } from './errors.ts';
import { compileProgram } from './execute/compile-program.ts';
import type { ContractionPlan } from './execute/contraction-plan.ts';
import type { Circuit } from './ir/circuit.ts';
import { expectationCircuit } from './light-cone.ts';
import { buildNetwork, type Network, type OutputBit } from './network/build-network.ts';
import { simplifyNetwork } from './network/simplify-network.ts';
import { contractionOrder, power, widest } from './path/contraction-tree.ts';
import { type FoundPath, searchPath } from './path/search-path.ts';
import { slicedVariables } from './path/slice.ts';

export type PlanTarget = 'amplitude' | 'batch' | 'expectation' | 'stateVector';

export interface PlanOptions {
  /** What is wanted; `batch` when the bit string has open places, else `amplitude`. */
  readonly target?: PlanTarget;
  /** One character a qubit (qubit 0 first): 0, 1, or one of `x ? *` for "both". All zeros when left out. */
  readonly bitstring?: string;
  /** The Pauli term of the target `expectation`, one of I, X, Y, Z a qubit; the run's value is then its mean. */
  readonly pauli?: string;
  /** Bytes that all workers together may hold; 4 GiB when left out. */
  readonly maxBytes?: number;
  /** Workers that will share `maxBytes`; 2 when left out. */
  readonly workers?: number;
  /** Time for the search in ms; 2 s when neither this nor `searchRounds` is given. */
  readonly searchMs?: number;
  /** Rounds of the search instead of time: the plan then depends on circuit, options and seed alone. */
  readonly searchRounds?: number;
  readonly seed?: number;
  /** 64 = complex64, 128 = complex128. 64 is a floor: runs of a few seconds are done in complex128 anyway. */
  readonly precision?: 64 | 128;
  /** log2 of the entries of the largest tensor, when it should be less than `maxBytes` would allow. */
  readonly maxLog2Size?: number;
  /** Refuses plans above this many multiply-adds (log2). */
  readonly maxLog2Macs?: number;
  /** Clock in ms. */
  readonly now?: () => number;
  readonly onProgress?: (progress: { round: number; log2Cost: number; elapsedMs: number }) => void;
}

/** A plan in plain data: may be stored as JSON, sent to a worker, and run later. */
export interface Plan {
  readonly target: PlanTarget;
  readonly qubitCount: number;
  readonly bitstring: string;
  readonly precision: 64 | 128;
  /** log2 of complex multiply-adds over all slices. */
  readonly log2Macs: number;
  /** log2 of the entries of the largest tensor. */
  readonly log2Size: number;
  readonly slices: number;
  /** Bytes that one worker holds while it runs. */
  readonly bytesPerWorker: number;
  /** Bytes of all planned workers. */
  readonly bytes: number;
  readonly workers: number;
  /** On `workers` cores, from kernel speeds measured on one machine: an order of magnitude. */
  readonly estimatedSeconds: number;
  readonly searchRounds: number;
  readonly contraction: ContractionPlan;
}

const defaultMaxBytes = 4 * 2 ** 30;
/** Multiply-adds a second and core that the estimate assumes: about 15 GFLOP/s of complex64. */
const macsPerSecond = 1.9e9;
/** Work up to which complex128 is used although complex64 would do. */
const exactMacs = 2 ** 32;

/**
 * Plans the contraction of a circuit. Nothing large is allocated.
 *
 * @throws BudgetExceededError when no slicing fits `maxBytes`, or the work is above `maxLog2Macs`.
 * @throws UnsupportedGateError for circuits with resets, conditions, or gates after a measurement.
 */
export function plan(whole: Circuit, options: PlanOptions = {}): Plan {
  if (options.target === 'expectation' && options.pauli === undefined)
    throw new TaizhangError('invalid_argument', 'A plan for an expectation needs the option "pauli".');
  const circuit = options.target === 'expectation' ? expectationCircuit(whole, options.pauli!) : whole;
  const asked = options.target === 'expectation' ? undefined : options.bitstring;
  const bitstring = (asked ?? defaultBits(circuit, options.target)).replace(/[?*]/g, 'x');
  if (!/^[01x]*$/.test(bitstring) || bitstring.length !== circuit.qubitCount)
    throw new TaizhangError(
      'invalid_argument',
      `The bit string must have one of 0, 1, x for each of ${circuit.qubitCount} qubits; it has ${bitstring.length} characters.`,
      { length: bitstring.length, qubits: circuit.qubitCount },
    );
  const target = options.target ?? (bitstring.includes('x') ? 'batch' : 'amplitude');
  if (target === 'amplitude' && bitstring.includes('x'))
    throw new TaizhangError('invalid_argument', 'An amplitude needs a bit for every qubit; use the target "batch".');
  const workers = Math.max(1, options.workers ?? 2);
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const perWorker = Math.min(maxBytes / workers, 65_535 * 65_536);
  const output = [...bitstring].map((c): OutputBit => (c === 'x' ? 2 : c === '1' ? 1 : 0));
  const openCount = output.filter((bit) => bit === 2).length;
  const leastBytes = 8 * 2 ** openCount * 3;
  if (leastBytes > perWorker)
    throw new BudgetExceededError(`A result of 2^${openCount}`, leastBytes, perWorker, 'bytes');

  const network = simplifyNetwork(buildNetwork(circuit, output));
  const found = findFitting(network, options, perWorker, openCount);
  const macs = found.log2Macs;
  if (options.maxLog2Macs !== undefined && macs > options.maxLog2Macs)
    throw new BudgetExceededError('The contraction', roundTo2(macs), options.maxLog2Macs, 'log2 multiply-adds');
  const doubled = found.contraction.realBytes === 8 ? 2 : 1;
  return {
    target,
    qubitCount: circuit.qubitCount,
    bitstring,
    precision: found.contraction.realBytes === 8 ? 128 : 64,
    log2Macs: roundTo2(macs),
    log2Size: found.log2Size,
    slices: 2 ** found.contraction.sliced.length,
    bytesPerWorker: found.bytes,
    bytes: found.bytes * workers,
    workers,
    estimatedSeconds: Number(((2 ** macs * doubled) / macsPerSecond / workers).toPrecision(3)),
    searchRounds: found.rounds,
    contraction: found.contraction,
  };
}

const roundTo2 = (value: number) => Math.round(value * 100) / 100;

function defaultBits(circuit: Circuit, target: PlanTarget | undefined): string {
  return (target === 'batch' || target === 'stateVector' ? 'x' : '0').repeat(circuit.qubitCount);
}

interface Found {
  readonly contraction: ContractionPlan;
  readonly log2Macs: number;
  readonly log2Size: number;
  readonly bytes: number;
  readonly rounds: number;
}

/** Searches at the largest tensor size that should fit, and one bit lower each time the real layout does not. */
function findFitting(network: Network, options: PlanOptions, perWorker: number, openCount: number): Found {
  const { open, scale } = network;
  const realBytes = options.precision === 128 ? 8 : 4;
  const factors = network.factors.map(({ variables, data }) => ({ variables, data: [...data] }));
  const base = { factors, open, scale };
  if (factors.length < 2) {
    const contraction: ContractionPlan = { ...base, pairs: [], sliced: [], realBytes: 8 };
    const bytes = factors.length === 0 ? 0 : bytesOf(contraction);
    return { contraction, log2Macs: 0, log2Size: factors[0]?.variables.length ?? 0, bytes, rounds: 0 };
  }
  let maxSize = Math.floor(Math.log2(perWorker / (2 * realBytes) / 2.25));
  if (options.maxLog2Size !== undefined) maxSize = Math.min(maxSize, options.maxLog2Size);
  const now = options.now ?? (() => performance.now());
  const started = now();
  let searchMs = options.searchMs ?? (options.searchRounds === undefined ? 2000 : undefined);
  let need = Number.POSITIVE_INFINITY;
  for (; maxSize >= Math.max(2, openCount); maxSize--) {
    const path = searchPath(network, {
      maxSize,
      seed: options.seed ?? 1,
      rounds: options.searchRounds ?? Number.POSITIVE_INFINITY,
      ...(searchMs === undefined ? {} : { searchMs }),
      now,
      onRound: (round, log2Cost) => options.onProgress?.({ round, log2Cost, elapsedMs: now() - started }),
    });
    if (path === null) break;
    const log2Macs = workOf(path);
    const sliced = slicedVariables(path.tree).map((variable) => path.variables[variable]!);
    const make = (bytesOfReal: 4 | 8): ContractionPlan => ({
      ...base,
      pairs: pairsOf(path),
      sliced,
      realBytes: bytesOfReal,
    });
    const facts = { log2Macs, log2Size: widest(path.tree), rounds: path.rounds };
    if (realBytes === 8 || 2 ** log2Macs <= exactMacs) {
      const contraction = make(8);
      const bytes = bytesOf(contraction);
      if (bytes <= perWorker) return { contraction, bytes, ...facts };
      need = bytes;
    }
    if (realBytes === 4) {
      const contraction = make(4);
      const bytes = bytesOf(contraction);
      if (bytes <= perWorker) return { contraction, bytes, ...facts };
      need = bytes;
    }
    if (searchMs !== undefined) searchMs = Math.max(500, searchMs / 2);
  }
  throw new BudgetExceededError('The smallest slicing found', need, perWorker, 'bytes a worker');
}

function bytesOf(contraction: ContractionPlan): number {
  const { bytes, sumBytes } = compileProgram(contraction);
  return bytes + sumBytes;
}

function workOf({ tree }: FoundPath): number {
  let macs = 0;
  for (let node = tree.leaves; node < 2 * tree.leaves - 1; node++) macs += power(tree.macs[node]!);
  return Math.log2(macs) + tree.slicedCount;
}

function pairsOf({ tree }: FoundPath): [number, number][] {
  const name = new Map<number, number>();
  for (let leaf = 0; leaf < tree.leaves; leaf++) name.set(leaf, leaf);
  return contractionOrder(tree).map((node, i) => {
    name.set(node, tree.leaves + i);
    return [name.get(tree.left[node]!)!, name.get(tree.right[node]!)!];
  });
}
