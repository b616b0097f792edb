import { LiftError } from '../lift-error.ts';
import type { ArmEstimate } from './arm-estimate.ts';
import { estimateCount } from './count.ts';
import { type CupedSums, cupedTheta, estimateCuped } from './cuped-mean.ts';
import { type CupedRatioSums, cupedRatioTheta, estimateCupedRatio } from './cuped-ratio.ts';
import { estimateMean, type MeanSums } from './mean.ts';
import { estimateProportion, type ProportionSums } from './proportion.ts';
import { type ClusteredQuantileSums, estimateQuantile, type QuantileSums } from './quantile.ts';
import { estimateRatio, type RatioSums } from './ratio.ts';

/** The sums of one arm, in any metric type. */
export type ArmSums =
  | MeanSums
  | ProportionSums
  | RatioSums
  | QuantileSums
  | ClusteredQuantileSums
  | CupedSums
  | CupedRatioSums;

export interface ArmPair {
  readonly control: ArmEstimate;
  readonly treatment: ArmEstimate;
  /** CUPED coefficient used in both arms; 0 without a covariate. */
  readonly theta: number;
  /**
   * Where the delta method of a relative lift takes its slope: at the adjusted difference (CUPED ratios) or at the
   * unadjusted treatment mean (everything else, as in the formula of LIFT.md). Equal without CUPED.
   */
  readonly slopeAt?: 'adjusted' | 'unadjusted';
}

/**
 * Reduces the sums of two arms of one metric to comparable estimates; with CUPED, θ is pooled over the two.
 *
 * @param theta Fixes the CUPED coefficient instead of estimating it.
 * @throws LiftError `invalid_input` when the two arms are of different types.
 */
export function estimateArms(control: ArmSums, treatment: ArmSums, theta?: number): ArmPair {
  if (control.type === 'cuped' && treatment.type === 'cuped') {
    const used = theta ?? cupedTheta(control, treatment);
    return { control: estimateCuped(control, used), treatment: estimateCuped(treatment, used), theta: used };
  }
  if (control.type === 'cuped_ratio' && treatment.type === 'cuped_ratio') {
    const used = theta ?? cupedRatioTheta(control, treatment);
    return {
      control: estimateCupedRatio(control, used),
      treatment: estimateCupedRatio(treatment, used),
      theta: used,
      slopeAt: 'adjusted',
    };
  }
  if (control.type !== treatment.type) {
    throw new LiftError('invalid_input', `Arms of types ${control.type} and ${treatment.type} cannot be compared.`, {
      control: control.type,
      treatment: treatment.type,
    });
  }
  return { control: estimateArm(control), treatment: estimateArm(treatment), theta: 0 };
}

/** Estimate of a single arm (CUPED types: unadjusted, θ = 0). */
export function estimateArm(sums: ArmSums): ArmEstimate {
  switch (sums.type) {
    case 'mean':
      return estimateMean(sums);
    case 'count':
      return estimateCount(sums);
    case 'proportion':
      return estimateProportion(sums);
    case 'ratio':
      return estimateRatio(sums);
    case 'quantile':
    case 'quantile_clustered':
      return estimateQuantile(sums);
    case 'cuped':
      return estimateCuped(sums, 0);
    case 'cuped_ratio':
      return estimateCupedRatio(sums, 0);
  }
}
