import { type ArmEstimate, plainEstimate } from './arm-estimate.ts';

/** Sums of one arm of a mean (or count) metric over its units. */
export interface MeanSums {
  readonly type: 'mean' | 'count';
  readonly n: number;
  readonly sum: number;
  readonly sum_squares: number;
}

/** s² = (Σy² − (Σy)²/n) / (n − 1); 0 for fewer than two units. */
export function sampleVariance(n: number, sum: number, sumSquares: number): number {
  return n <= 1 ? 0 : (sumSquares - (sum * sum) / n) / (n - 1);
}

/** Sample covariance (Σxy − ΣxΣy/n) / (n − 1); 0 for fewer than two units. */
export function sampleCovariance(n: number, sumX: number, sumY: number, sumXY: number): number {
  return n <= 1 ? 0 : (sumXY - (sumX * sumY) / n) / (n - 1);
}

/** Mean and sample variance of an arm. */
export function estimateMean(sums: MeanSums): ArmEstimate {
  return plainEstimate(
    sums.n,
    sums.n === 0 ? 0 : sums.sum / sums.n,
    sampleVariance(sums.n, sums.sum, sums.sum_squares),
  );
}
