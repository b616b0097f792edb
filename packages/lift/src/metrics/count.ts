import type { ArmEstimate } from './arm-estimate.ts';
import { estimateMean, type MeanSums } from './mean.ts';

/**
 * Events per unit. A count is a mean of non-negative whole numbers, so its variance is the sample variance:
 * it does not assume Poisson, since counts of business events are over-dispersed.
 */
export function estimateCount(sums: MeanSums): ArmEstimate {
  return estimateMean(sums);
}
