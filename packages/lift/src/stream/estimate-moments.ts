import { LiftError } from '../lift-error.ts';
import { type ArmEstimate, plainEstimate } from '../metrics/arm-estimate.ts';
import { adjustByCovariate, type JointMoments } from '../metrics/cuped-mean.ts';
import { adjustRatio, lineariseRatios, pooledRatioTheta } from '../metrics/cuped-ratio.ts';
import type { ArmPair } from '../metrics/estimate-arms.ts';
import { ratioVariance } from '../metrics/ratio.ts';
import { covarianceOf, createMoments, type Moments, meanOf, mergeMoments } from './moments.ts';

/** Metric types that a few moments describe. A quantile needs its observations: see `metrics/quantile.ts`. */
export type MomentMetric = 'mean' | 'count' | 'proportion' | 'ratio';

/** What an aggregate's components are: [y], [y, x], [m, d] or [m, d, m₀, d₀]. */
export interface AggregateShape {
  readonly metric: MomentMetric;
  readonly covariate: boolean;
}

/** Number of components of a shape. */
export const shapeComponents = (shape: AggregateShape): number =>
  (shape.metric === 'ratio' ? 2 : 1) * (shape.covariate ? 2 : 1);

/** Empty aggregate of one arm: 24, 48 or 120 bytes. */
export const createAggregate = (shape: AggregateShape): Moments => createMoments(shapeComponents(shape));

const joint = (m: Moments): JointMoments => ({
  n: m[0] as number,
  meanY: meanOf(m, 0),
  meanX: meanOf(m, 1),
  varY: covarianceOf(m, 0, 0),
  varX: covarianceOf(m, 1, 1),
  cov: covarianceOf(m, 0, 1),
});

const linearised = (m: Moments) =>
  lineariseRatios(m[0] as number, [meanOf(m, 0), meanOf(m, 1), meanOf(m, 2), meanOf(m, 3)], (i, j) =>
    covarianceOf(m, i, j),
  );

function single(shape: AggregateShape, m: Moments): ArmEstimate {
  const n = m[0] as number;
  if (shape.metric === 'ratio') {
    const d = meanOf(m, 1);
    if (n === 0 || d === 0) throw new LiftError('not_enough_data', 'The denominators of this arm add up to 0.', { n });
    const variance = ratioVariance(
      meanOf(m, 0),
      covarianceOf(m, 0, 0),
      d,
      covarianceOf(m, 1, 1),
      covarianceOf(m, 0, 1),
    );
    return plainEstimate(n, meanOf(m, 0) / d, variance);
  }
  const mean = meanOf(m, 0);
  return plainEstimate(n, mean, shape.metric === 'proportion' ? mean * (1 - mean) : covarianceOf(m, 0, 0));
}

/**
 * Two arms of aggregates as comparable estimates; the same figures as `estimateArms` on sums, without the
 * cancellation of Σy² − (Σy)²/n.
 */
export function estimateAggregates(shape: AggregateShape, control: Moments, treatment: Moments): ArmPair {
  if (!shape.covariate) return { control: single(shape, control), treatment: single(shape, treatment), theta: 0 };
  if (shape.metric === 'ratio') {
    const c = linearised(control);
    const t = linearised(treatment);
    const theta = pooledRatioTheta(c, t);
    return { control: adjustRatio(c, theta), treatment: adjustRatio(t, theta), theta, slopeAt: 'adjusted' };
  }
  const pooled = joint(mergeMoments(control, treatment));
  const theta = pooled.varX <= 0 || pooled.varY <= 0 ? 0 : pooled.cov / pooled.varX;
  return {
    control: adjustByCovariate(joint(control), theta),
    treatment: adjustByCovariate(joint(treatment), theta),
    theta,
  };
}
