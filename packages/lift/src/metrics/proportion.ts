import { type ArmEstimate, plainEstimate } from './arm-estimate.ts';

/** Units and successes of one arm; each unit succeeds or not. */
export interface ProportionSums {
  readonly type: 'proportion';
  readonly n: number;
  readonly sum: number;
}

/** p = Σy/n with variance p(1 − p), the maximum-likelihood one, as the peers have it. */
export function estimateProportion(sums: ProportionSums): ArmEstimate {
  const p = sums.n === 0 ? 0 : sums.sum / sums.n;
  return plainEstimate(sums.n, p, p * (1 - p));
}
