import { asymptoticSequence, sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import { absoluteEffect, type Effect } from '../compare/effect.ts';
import { type FiellerSet, fiellerRoots } from '../compare/fieller.ts';
import { fixedHorizon, type TestResult } from '../compare/fixed-horizon.ts';
import { plainEstimate } from '../metrics/arm-estimate.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { covarianceOf, type Moments, meanOf } from '../stream/moments.ts';

/** Effects of an app that is offered at random and used at will. */
export interface EncouragementResult {
  /** Effect of the offer on everyone offered: intent to treat. */
  readonly intentToTreat: TestResult;
  /** Effect of the offer on use. */
  readonly uptake: TestResult;
  /** Effect on those who use it because of the offer: ITT / uptake; null when uptake is 0. */
  readonly effectOnUsers: number | null;
  /** Fieller set of that effect: unbounded where uptake is not separated from 0. */
  readonly effectOnUsersSet: FiellerSet;
}

/**
 * Encouragement design: moments of [outcome, used (0/1)] by *offered* arm. The effect on users is the Wald ratio with
 * a Fieller set from the joint covariance (it is not the delta method, which fails when uptake is small).
 * Imbens & Angrist (1994); Fieller (1954); Anderson & Rubin (1949) for why the inversion holds with weak uptake.
 *
 * @param options.tuning N* for a sequence; left out for one look.
 */
export function encouragementEffect(
  control: Moments,
  treatment: Moments,
  options: { alpha?: number; tuning?: number } = {},
): EncouragementResult {
  const { alpha = 0.05, tuning } = options;
  const arm = (m: Moments, i: number) => plainEstimate(m[0] as number, meanOf(m, i), covarianceOf(m, i, i));
  const effectOf = (i: number): Effect =>
    absoluteEffect({ control: arm(control, i), treatment: arm(treatment, i), theta: 0 });
  const test = (effect: Effect) =>
    tuning ? asymptoticSequence(effect, { alpha, tuning }) : fixedHorizon(effect, { alpha });
  const outcome = effectOf(0);
  const use = effectOf(1);
  const covariance =
    covarianceOf(treatment, 0, 1) / (treatment[0] as number) + covarianceOf(control, 0, 1) / (control[0] as number);
  const z = tuning ? sequenceMultiplier(outcome.n, alpha, tuning) : normalQuantile(1 - alpha / 2);
  return {
    intentToTreat: test(outcome),
    uptake: test(use),
    effectOnUsers: use.estimate === 0 ? null : outcome.estimate / use.estimate,
    effectOnUsersSet: fiellerRoots(
      outcome.estimate,
      use.estimate,
      outcome.standardError ** 2,
      use.standardError ** 2,
      covariance,
      z,
    ),
  };
}
