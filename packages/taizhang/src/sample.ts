import { AbortedError, TaizhangError } from './errors.ts';
import { breather } from './ir/breather.ts';
import type { Circuit } from './ir/circuit.ts';
import { seededRandom } from './ir/random.ts';
import type { NoiseModel } from './state-vector/noise.ts';
import { sampleBranches, sampleTrajectories } from './state-vector/sample-state.ts';
import type { StateOptions } from './state-vector/state.ts';
import { isClifford, sampleClifford } from './tableau/clifford.ts';

export interface SampleOptions extends StateOptions {
  readonly noise?: NoiseModel;
  /** `auto` takes the tableau for Clifford circuits of more than 24 qubits, else the state vector. */
  readonly engine?: 'auto' | 'stateVector' | 'clifford';
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { shotsDone: number; shots: number }) => void;
}

export interface SampleResult {
  readonly shots: number;
  readonly engine: 'stateVector' | 'clifford';
  /** Whether the characters of a key are classical bits or, when nothing is measured, qubits; index 0 first. */
  readonly keys: 'bits' | 'qubits';
  /** Outcome → count, most frequent first. */
  readonly counts: Readonly<Record<string, number>>;
  readonly statistics: SampleStatistics;
}

export interface SampleStatistics {
  readonly outcomes: number;
  /** Shannon entropy of the observed frequencies, in bits. */
  readonly entropyBits: number;
  /** For each bit or qubit, the share of ones. */
  readonly ones: readonly number[];
}

/** Most shots of one call. */
const mostShots = 10_000_000;

/**
 * Draws shots. Equal seeds give equal counts.
 *
 * @throws BudgetExceededError when the state does not fit. @throws AbortedError. @throws UnsupportedGateError.
 */
export async function sample(
  circuit: Circuit,
  shots: number,
  seed: number,
  options: SampleOptions = {},
): Promise<SampleResult> {
  if (!Number.isInteger(shots) || shots < 1 || shots > mostShots)
    throw new TaizhangError('invalid_argument', `Shots must be a whole number from 1 to ${mostShots}, not ${shots}.`);
  const random = seededRandom(seed);
  const found = new Map<string, number>();
  const count = (bits: Uint8Array, howMany: number) => {
    const key = bits.join('');
    found.set(key, (found.get(key) ?? 0) + howMany);
  };
  const wanted = options.engine ?? 'auto';
  const useTableau =
    wanted === 'clifford' ||
    (wanted === 'auto' && options.noise === undefined && circuit.qubitCount > 24 && isClifford(circuit));
  if (useTableau) {
    if (options.noise !== undefined)
      throw new TaizhangError('invalid_argument', 'The tableau engine takes no noise model.');
    let shot = 0;
    const breathe = breather(options.signal, () => new AbortedError(shot, shots, 'shots'));
    for (; shot < shots; shot++) {
      await breathe();
      count(sampleClifford(circuit, random), 1);
      options.onProgress?.({ shotsDone: shot + 1, shots });
    }
  } else if (options.noise !== undefined)
    await sampleTrajectories(circuit, shots, random, options.noise, options, count);
  else await sampleBranches(circuit, shots, random, options, count);

  const sorted = [...found].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    shots,
    engine: useTableau ? 'clifford' : 'stateVector',
    keys: circuit.bitCount > 0 ? 'bits' : 'qubits',
    counts: Object.fromEntries(sorted),
    statistics: statisticsOf(sorted, shots, circuit.bitCount > 0 ? circuit.bitCount : circuit.qubitCount),
  };
}

function statisticsOf(counts: readonly (readonly [string, number])[], shots: number, width: number): SampleStatistics {
  const ones = new Array<number>(width).fill(0);
  let entropyBits = 0;
  for (const [key, howMany] of counts) {
    entropyBits -= (howMany / shots) * Math.log2(howMany / shots);
    for (let i = 0; i < width; i++) if (key[i] === '1') ones[i] = ones[i]! + howMany / shots;
  }
  return { outcomes: counts.length, entropyBits: Math.max(0, entropyBits), ones };
}
