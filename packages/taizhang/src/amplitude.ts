import type { Circuit } from './ir/circuit.ts';
import { type PlanOptions, plan } from './plan.ts';
import { type RunOptions, type RunResult, run } from './run.ts';

/** One amplitude with what it cost: the JSON that the command line prints. */
export interface AmplitudeReport {
  readonly re: number;
  readonly im: number;
  readonly probability: number;
  /** 1 for the amplitude itself; below 1 the value is a partial sum. */
  readonly fidelity: number;
  readonly plan: { readonly log2Macs: number; readonly log2Size: number; readonly slices: number };
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Plans and runs one amplitude. @throws what `plan` and `run` throw. */
export async function amplitude(
  circuit: Circuit,
  bitstring: string,
  options: Omit<PlanOptions, 'bitstring' | 'target' | 'onProgress'> & RunOptions = {},
): Promise<AmplitudeReport> {
  const { onProgress, ...shared } = options;
  const now = options.now ?? (() => performance.now());
  const started = now();
  const made = plan(circuit, { ...shared, bitstring, target: 'amplitude' });
  const result = await run(made, { ...shared, ...(onProgress === undefined ? {} : { onProgress }) });
  return amplitudeReport(made, result, (now() - started) / 1000);
}

/** The report of a finished run of an amplitude plan. */
export function amplitudeReport(
  made: { readonly log2Macs: number; readonly log2Size: number; readonly slices: number },
  result: RunResult,
  seconds: number,
): AmplitudeReport {
  const [re, im] = [result.value[0]!, result.value[1]!];
  return {
    re,
    im,
    probability: re * re + im * im,
    fidelity: result.fidelity,
    plan: { log2Macs: made.log2Macs, log2Size: made.log2Size, slices: made.slices },
    seconds,
    peakBytes: result.stats.peakBytes,
  };
}
