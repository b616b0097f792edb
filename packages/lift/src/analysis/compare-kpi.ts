import {
  asymptoticSequence,
  DEFAULT_TUNING,
  logEProcess,
  sequenceMultiplier,
  sequenceRho,
} from '../compare/asymptotic-sequence.ts';
import { gaussianPosterior } from '../compare/bayes.ts';
import { absoluteEffect, type Interval, relativeEffect } from '../compare/effect.ts';
import { type FiellerSet, fiellerSet } from '../compare/fieller.ts';
import { fixedHorizon } from '../compare/fixed-horizon.ts';
import { LiftError } from '../lift-error.ts';
import type { ArmPair } from '../metrics/estimate-arms.ts';
import { studentQuantile } from '../numerics/student-t.ts';

/** How often one looks: once at a size fixed before, or as often as one likes. */
export type Looks = { readonly kind: 'fixed' } | { readonly kind: 'sequential'; readonly tuning: number };

/** Treatment against control for one KPI, all numbers in full precision. */
export interface KpiComparison {
  readonly controlMean: number;
  readonly treatmentMean: number;
  readonly controlUnits: number;
  readonly treatmentUnits: number;
  /** CUPED coefficient, and the part of the variance that it removed. */
  readonly theta: number;
  readonly varianceReduction: number;
  readonly difference: number;
  readonly standardError: number;
  readonly degrees: number;
  readonly interval: Interval;
  readonly pValue: number;
  /** Delta-method relative lift, for fixed horizons; null when the control's mean is 0. */
  readonly lift: number | null;
  readonly liftStandardError: number | null;
  readonly liftInterval: Interval | null;
  readonly liftPValue: number | null;
  /** Fieller set of the relative lift: the one to show under a sequence. */
  readonly liftSet: FiellerSet;
  /** Evidence against "no effect", valid at any look. */
  readonly logE: number;
  readonly chanceToWin: number;
  readonly expectedLoss: readonly [control: number, treatment: number];
}

/** Compares two arms; `inverse` when a decrease is good. */
export function compareKpi(pair: ArmPair, looks: Looks, alpha: number, inverse: boolean): KpiComparison {
  const effect = absoluteEffect(pair);
  const { control: c, treatment: t } = pair;
  const tuning = looks.kind === 'sequential' ? looks.tuning : DEFAULT_TUNING;
  const test =
    looks.kind === 'sequential' ? asymptoticSequence(effect, { alpha, tuning }) : fixedHorizon(effect, { alpha });
  const multiplier =
    looks.kind === 'sequential'
      ? sequenceMultiplier(effect.n, alpha, tuning)
      : -studentQuantile(alpha / 2, effect.degrees);
  const posterior = gaussianPosterior(effect, { alpha, inverse });
  const plain = t.unadjustedVariance / t.n + c.unadjustedVariance / c.n;
  return {
    controlMean: c.unadjustedMean,
    treatmentMean: t.unadjustedMean,
    controlUnits: c.n,
    treatmentUnits: t.n,
    theta: pair.theta,
    varianceReduction: pair.theta === 0 ? 0 : 1 - effect.standardError ** 2 / plain,
    difference: effect.estimate,
    standardError: effect.standardError,
    degrees: effect.degrees,
    interval: test.interval,
    pValue: test.pValue,
    ...relativePart(pair, looks, alpha),
    liftSet: fiellerSet(pair, multiplier),
    logE: logEProcess(effect.estimate, effect.standardError, effect.n, sequenceRho(alpha, tuning)),
    chanceToWin: posterior.chanceToWin,
    expectedLoss: posterior.expectedLoss,
  };
}

function relativePart(pair: ArmPair, looks: Looks, alpha: number) {
  try {
    const effect = relativeEffect(pair);
    const common = { lift: effect.estimate, liftStandardError: effect.standardError };
    // under a sequence the delta interval does not hold its level: only the Fieller set is given there
    if (looks.kind === 'sequential') return { ...common, liftInterval: null, liftPValue: null };
    const test = fixedHorizon(effect, { alpha });
    return { ...common, liftInterval: test.interval, liftPValue: test.pValue };
  } catch (error) {
    if (!(error instanceof LiftError)) throw error;
    return { lift: null, liftStandardError: null, liftInterval: null, liftPValue: null };
  }
}
