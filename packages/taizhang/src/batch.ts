import type { Circuit } from './ir/circuit.ts';
import { type PlanOptions, plan } from './plan.ts';
import { type RunOptions, type RunResult, run } from './run.ts';

/** Amplitudes of all settings of the open qubits of a bit string. */
export interface BatchReport {
  readonly amplitudes: readonly {
    readonly bitstring: string;
    readonly re: number;
    readonly im: number;
    readonly probability: number;
  }[];
  readonly fidelity: number;
  readonly plan: { readonly log2Macs: number; readonly log2Size: number; readonly slices: number };
  readonly seconds: number;
  readonly peakBytes: number;
}

/**
 * Plans and runs a batch: one contraction for all of its amplitudes.
 *
 * @param bitstring 0, 1, or one of `x ? *` for an open qubit. @throws what `plan` and `run` throw.
 */
export async function batch(
  circuit: Circuit,
  bitstring: string,
  options: Omit<PlanOptions, 'bitstring' | 'target' | 'onProgress'> & RunOptions = {},
): Promise<BatchReport> {
  const { onProgress, ...shared } = options;
  const now = options.now ?? (() => performance.now());
  const started = now();
  const made = plan(circuit, { ...shared, bitstring, target: 'batch' });
  const result = await run(made, { ...shared, ...(onProgress === undefined ? {} : { onProgress }) });
  return batchReport(made, result, (now() - started) / 1000);
}

/** The report of a finished run of a batch plan. */
export function batchReport(
  made: { readonly bitstring: string; readonly log2Macs: number; readonly log2Size: number; readonly slices: number },
  { value, fidelity, stats }: RunResult,
  seconds: number,
): BatchReport {
  const open = [...made.bitstring].flatMap((c, i) => (c === 'x' ? [i] : []));
  return {
    amplitudes: Array.from({ length: value.length / 2 }, (_, index) => {
      const bits = [...made.bitstring];
      open.forEach((qubit, i) => {
        bits[qubit] = String(Math.floor(index / 2 ** (open.length - 1 - i)) % 2);
      });
      const [re, im] = [value[2 * index]!, value[2 * index + 1]!];
      return { bitstring: bits.join(''), re, im, probability: re * re + im * im };
    }),
    fidelity,
    plan: { log2Macs: made.log2Macs, log2Size: made.log2Size, slices: made.slices },
    seconds,
    peakBytes: stats.peakBytes,
  };
}
