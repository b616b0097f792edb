import type { RealBytes } from '../kernel/contraction-kernel.ts';
import type { Factor } from '../network/build-network.ts';

/** What `plan` hands to the workers: the network, the order of contractions and the slices, in plain data. */
export interface ContractionPlan {
  readonly factors: readonly Factor[];
  readonly open: readonly number[];
  readonly scale: { readonly re: number; readonly im: number };
  /** Pairs of tensors to contract: numbers below `factors.length` are factors, then results in turn. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly sliced: readonly number[];
  readonly realBytes: RealBytes;
}
