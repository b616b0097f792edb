import type { Interval } from '../compare/effect.ts';
import { timeToVerdict } from '../planning/time-to-verdict.ts';
import type { LiftValue } from './value-of-lift.ts';
import type { VerdictReason } from './verdict-sentences.ts';

export type VerdictName = 'Grow' | 'Keep' | 'Review' | 'Retire' | 'Too early';

/** Everything that a verdict rests on. Differences are oriented so that more is better (see `orient`). */
export interface VerdictInput {
  readonly difference: number;
  /** Always-valid interval of the absolute difference. */
  readonly interval: Interval;
  readonly units: number;
  /** Least units in all before anything is said. */
  readonly leastUnits?: number;
  /** Whether e-BH selected the app among all looked at. */
  readonly selected: boolean;
  readonly value: LiftValue;
  /** Absolute difference that would matter to the business. */
  readonly smallestThatMatters: number;
  /** For the time to a verdict: per-unit variance, new units a day, N* of the sequence. */
  readonly variance: number;
  readonly unitsPerDay: number;
  readonly tuning?: number;
  readonly alpha?: number;
  /** Always-valid p-value of the sample ratio; below 0.001 the verdict is blocked. */
  readonly sampleRatioPValue?: number;
  readonly contamination?: { readonly shareRatio: number; readonly blocks: boolean };
  /** Measured error of the nightly A/A, and whether it failed. */
  readonly aaTest?: { readonly errorRatio: number; readonly failed: boolean };
  /** Name of a guardrail whose one-sided sequence tripped. */
  readonly guardrailTripped?: string | null;
}

/** A verdict with its reason and the facts of the sentence; the sentence itself comes from `verdictSentence`. */
export interface Verdict {
  readonly verdict: VerdictName;
  readonly reason: VerdictReason;
  /** True when broken measurement, not the effect, decided. */
  readonly blocked: boolean;
  readonly difference: number;
  readonly interval: Interval;
  readonly value: LiftValue;
  /** Days until `smallestThatMatters` could be seen; 0 once decided. */
  readonly daysToVerdict: number;
  readonly facts: Readonly<Record<string, number | string | null>>;
}

/** Turns a difference for which less is better into one for which more is. */
export function orient(
  difference: number,
  interval: Interval,
  direction: 'increase' | 'decrease',
): { difference: number; interval: Interval } {
  return direction === 'increase'
    ? { difference, interval }
    : { difference: -difference, interval: [-interval[1], -interval[0]] };
}

/**
 * Grow, Keep, Review, Retire or Too early, decided by always-valid bounds of the absolute difference, never by a point
 * estimate. Broken measurement blocks: first sample ratio, then contamination, then a failed A/A; then guardrails.
 */
export function verdict(input: VerdictInput): Verdict {
  const [name, reason, blocked] = decide(input);
  const days = name === 'Too early' ? daysLeft(input) : 0;
  return {
    verdict: name,
    reason,
    blocked,
    difference: input.difference,
    interval: input.interval,
    value: input.value,
    daysToVerdict: days,
    facts: {
      difference: input.difference,
      lower: input.interval[0],
      upper: input.interval[1],
      units: input.units,
      daysToVerdict: Number.isFinite(days) ? Math.ceil(days) : days,
      sampleRatioPValue: input.sampleRatioPValue ?? null,
      contaminationPercent: input.contamination ? 100 * input.contamination.shareRatio : null,
      aaErrorPercent: input.aaTest ? 100 * input.aaTest.errorRatio : null,
      guardrail: input.guardrailTripped ?? null,
      earnedMicros: input.value.earnedMicros,
      spentMicros: input.value.spentMicros,
    },
  };
}

function decide(input: VerdictInput): [VerdictName, VerdictReason, boolean] {
  const [lower, upper] = input.interval;
  const { value, smallestThatMatters: least } = input;
  if ((input.sampleRatioPValue ?? 1) < 0.001) return ['Review', 'sample_ratio_mismatch', true];
  if (input.contamination?.blocks) return ['Review', 'contaminated', true];
  if (input.aaTest?.failed) return ['Review', 'aa_failed', true];
  if (input.guardrailTripped) return ['Review', 'guardrail_harmed', false];
  if (input.units < (input.leastUnits ?? 200)) return ['Too early', 'too_few_units', false];
  if (upper < 0) return ['Retire', 'harms', false];
  if (lower > 0) {
    if (value.netIntervalMicros[1] < 0) return ['Review', 'works_costs_more', false];
    if (!input.selected) return ['Keep', 'works_not_among_many', false];
    return value.netIntervalMicros[0] > 0 ? ['Grow', 'pays', false] : ['Keep', 'works_value_unknown', false];
  }
  if (value.spentMicros > 0 && value.netIntervalMicros[1] < 0) return ['Retire', 'cannot_pay', false];
  if (lower > -least && upper < least) return ['Keep', 'no_difference_that_matters', false];
  return ['Too early', 'not_yet_clear', false];
}

function daysLeft(input: VerdictInput): number {
  const plan = timeToVerdict({
    effect: input.smallestThatMatters,
    variance: input.variance,
    unitsPerDay: input.unitsPerDay,
    alpha: input.alpha ?? 0.05,
    tuning: input.tuning ?? 5000,
  });
  return Math.max(0, (plan.units - input.units) / input.unitsPerDay);
}
