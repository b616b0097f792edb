import { absoluteEffect } from '../compare/effect.ts';
import { fixedHorizon, type TestResult } from '../compare/fixed-horizon.ts';
import { LiftError } from '../lift-error.ts';
import { holm } from '../many/multiple-testing.ts';
import { plainEstimate } from '../metrics/arm-estimate.ts';
import { addUnit, covarianceOf, createMoments, meanOf } from '../stream/moments.ts';

/** One unit's outcome in each period; the first `prePeriods` lie before the change. */
export interface PanelUnit {
  readonly treated: boolean;
  readonly outcomes: readonly number[];
}

export interface DifferenceInDifferences {
  /** Never a reason to move a share: nothing was randomised. */
  readonly label: 'observational';
  readonly effect: TestResult;
  /** "Effects" in periods in which there was nothing to find. */
  readonly placebos: readonly { readonly period: number; readonly test: TestResult; readonly holmPValue: number }[];
  /** Whether some placebo is significant after Holm: trends were not parallel, the effect is not credible. */
  readonly placeboFailed: boolean;
}

/**
 * Difference in differences with a test on placebos. Each unit gives one number, its mean after minus its mean before,
 * so that its periods need not be independent (Bertrand, Duflo & Mullainathan 2004); groups are compared by Welch.
 * Placebos compare each period before the change with the mean of those before it.
 *
 * @throws LiftError `invalid_input` unless there is a period on both sides and equally many outcomes per unit.
 */
export function differenceInDifferences(
  units: readonly PanelUnit[],
  prePeriods: number,
  options: { alpha?: number } = {},
): DifferenceInDifferences {
  const { alpha = 0.05 } = options;
  const periods = units[0]?.outcomes.length ?? 0;
  if (!(prePeriods >= 1 && prePeriods < periods) || units.some((unit) => unit.outcomes.length !== periods)) {
    throw new LiftError(
      'invalid_input',
      'Every unit needs the same periods, at least one on each side of the change.',
      {
        prePeriods,
        periods,
      },
    );
  }
  const effect = compareChanges(units, (o) => mean(o, prePeriods, periods) - mean(o, 0, prePeriods), alpha);
  const tests: { period: number; test: TestResult }[] = [];
  for (let period = 1; period < prePeriods; period++) {
    const test = compareChanges(units, (o) => (o[period] as number) - mean(o, 0, period), alpha);
    tests.push({ period, test });
  }
  const adjusted = holm(tests.map(({ test }) => test.pValue));
  return {
    label: 'observational',
    effect,
    placebos: tests.map((row, i) => ({ ...row, holmPValue: adjusted[i] as number })),
    placeboFailed: adjusted.some((p) => p < alpha),
  };
}

function mean(outcomes: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += outcomes[i] as number;
  return sum / (to - from);
}

function compareChanges(
  units: readonly PanelUnit[],
  change: (outcomes: readonly number[]) => number,
  alpha: number,
): TestResult {
  const groups = [createMoments(1), createMoments(1)] as const;
  for (const unit of units) addUnit(groups[unit.treated ? 1 : 0], [change(unit.outcomes)]);
  const [control, treatment] = groups.map((m) => plainEstimate(m[0] as number, meanOf(m, 0), covarianceOf(m, 0, 0)));
  if (!control || !treatment) throw new LiftError('not_enough_data', 'Both groups need units.', {});
  return fixedHorizon(absoluteEffect({ control, treatment, theta: 0 }), { alpha });
}
