import { LiftError } from '../lift-error.ts';
import type { ArmEstimate } from '../metrics/arm-estimate.ts';
import type { ArmPair } from '../metrics/estimate-arms.ts';

/** A closed interval; ∓Infinity marks an open side. */
export type Interval = readonly [low: number, high: number];

/** Treatment against control on one scale. */
export interface Effect {
  readonly difference: 'absolute' | 'relative';
  readonly estimate: number;
  readonly standardError: number;
  /** Welch-Satterthwaite degrees of freedom (of the absolute difference, as the peers use for both scales). */
  readonly degrees: number;
  /** Units in both arms. */
  readonly n: number;
}

/** (v_t + v_c)² / (v_t²/(n_t−1) + v_c²/(n_c−1)), v = s²/n. Welch (1947). */
export function welchDegrees(c: ArmEstimate, t: ArmEstimate): number {
  const vc = c.variance / c.n;
  const vt = t.variance / t.n;
  return (vt + vc) ** 2 / (vt ** 2 / (t.n - 1) + vc ** 2 / (c.n - 1));
}

function requireVariance(c: ArmEstimate, t: ArmEstimate): void {
  if (!(c.n > 1 && t.n > 1)) {
    throw new LiftError('not_enough_data', 'Each arm needs at least two units.', { control: c.n, treatment: t.n });
  }
  // a little below 0 is rounding; far below, the sums contradict each other
  if ([c, t].some(({ variance, mean }) => variance < -1e-9 * (1 + mean * mean))) {
    throw new LiftError(
      'not_enough_data',
      'The sums belong to no data: the squares add up to less than the mean alone explains.',
      { control: c.variance, treatment: t.variance },
    );
  }
  if (!(c.variance > 0 || t.variance > 0)) {
    throw new LiftError('not_enough_data', 'Neither arm varies, so no error can be estimated.', {});
  }
}

/** Δ = ȳt − ȳc, V = s²t/nt + s²c/nc. */
export function absoluteEffect({ control: c, treatment: t }: ArmPair): Effect {
  requireVariance(c, t);
  return {
    difference: 'absolute',
    estimate: t.mean - c.mean,
    standardError: Math.sqrt(t.variance / t.n + c.variance / c.n),
    degrees: welchDegrees(c, t),
    n: c.n + t.n,
  };
}

/**
 * L = Δ/|ȳc| with the delta-method variance; for fixed-horizon parity only: inside a sequence it does not hold its
 * level (LIFT.md, fact 1), use the Fieller set there. With CUPED the denominator is the unadjusted control mean and
 * V = s²adj,t/(nt·ȳc²) + [s²y,c·ȳt²/ȳc² − 2θ·s_xy,c·ȳt/ȳc + θ²·s²x,c]/(nc·ȳc²).
 *
 * @throws LiftError `not_enough_data` when the control's mean is 0.
 */
export function relativeEffect({ control: c, treatment: t, slopeAt }: ArmPair): Effect {
  requireVariance(c, t);
  const base = c.unadjustedMean;
  if (base === 0) throw new LiftError('not_enough_data', 'The control mean is 0: a relative lift does not exist.', {});
  const tilt = slopeAt === 'adjusted' ? 1 + (t.mean - c.mean) / base : t.unadjustedMean / base;
  // θ·s_xy and θ²·s²x, recovered from the joint moments of adjusted and unadjusted outcome
  const thetaCov = c.unadjustedVariance - c.covariance;
  const thetaVar = c.variance + c.unadjustedVariance - 2 * c.covariance;
  const controlPart = c.unadjustedVariance * tilt * tilt - 2 * thetaCov * tilt + thetaVar;
  return {
    difference: 'relative',
    estimate: (t.mean - c.mean) / Math.abs(base),
    standardError: Math.sqrt(t.variance / t.n + controlPart / c.n) / Math.abs(base),
    degrees: welchDegrees(c, t),
    n: c.n + t.n,
  };
}

/** Either scale. */
export function compareArms(pair: ArmPair, difference: 'absolute' | 'relative'): Effect {
  return difference === 'relative' ? relativeEffect(pair) : absoluteEffect(pair);
}
