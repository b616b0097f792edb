import { requireInside } from '../lift-error.ts';
import { studentQuantile, studentTwoSided, studentUpperTail } from '../numerics/student-t.ts';
import type { Effect, Interval } from './effect.ts';

/** Which alternative is looked for: any difference, an increase, or a decrease. */
export type Sides = 'two' | 'greater' | 'lesser';

/** A test's outcome; `pValue` is one-sided when `sides` is. */
export interface TestResult extends Effect {
  readonly sides: Sides;
  readonly alpha: number;
  readonly interval: Interval;
  readonly pValue: number;
}

/**
 * Welch's t test and interval, for one look at a size fixed before the start. Welch (1947).
 * One-sided intervals put all of alpha on one side and are open on the other.
 */
export function fixedHorizon(effect: Effect, options: { alpha?: number; sides?: Sides } = {}): TestResult {
  const { alpha = 0.05, sides = 'two' } = options;
  requireInside('alpha', alpha, 0, 1);
  const { estimate, standardError, degrees } = effect;
  const t = estimate / standardError;
  const half = -studentQuantile(sides === 'two' ? alpha / 2 : alpha, degrees) * standardError;
  const result = (interval: Interval, pValue: number): TestResult => ({ ...effect, sides, alpha, interval, pValue });
  if (sides === 'greater') return result([estimate - half, Number.POSITIVE_INFINITY], studentUpperTail(t, degrees));
  if (sides === 'lesser') return result([Number.NEGATIVE_INFINITY, estimate + half], studentUpperTail(-t, degrees));
  return result([estimate - half, estimate + half], studentTwoSided(t, degrees));
}
