import type { RealBytes } from '../kernel/contraction-kernel.ts';

/** A tensor of the network in plain data; see `Factor` of the network. */
export interface PlanFactor {
  readonly variables: readonly number[];
  readonly data: readonly number[];
}

/** What `plan` hands to the workers: the network, the order of contractions and the slices, in plain data. */
export interface ContractionPlan {
  readonly factors: readonly PlanFactor[];
  readonly open: readonly number[];
  readonly scale: { readonly re: number; readonly im: number };
  /** Pairs of tensors to contract: numbers below `factors.length` are factors, then results in turn. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly sliced: readonly number[];
  readonly realBytes: RealBytes;
}
