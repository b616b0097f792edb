import { requireInside } from '../lift-error.ts';
import type { Effect, Interval } from './effect.ts';
import type { Sides, TestResult } from './fixed-horizon.ts';

/** The sample (both arms together) at which a sequence is tightest, unless a KPI sets its own. */
export const DEFAULT_TUNING = 5000;

/** ρ = √((−2 ln α + ln(1 − 2 ln α))/N*). Waudby-Smith et al. (2021), arXiv 2103.06476, appendix on choosing ρ. */
export function sequenceRho(alpha: number, tuning: number): number {
  requireInside('alpha', alpha, 0, 1);
  return Math.sqrt((-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / tuning);
}

/**
 * How many standard errors the two-sided sequence is wide at n units: √n·√(2k·ln(√k/α))/(nρ), k = nρ² + 1.
 * Valid at every n at once. arXiv 2103.06476, theorem 2.2 in the form with s²/n.
 */
export function sequenceMultiplier(n: number, alpha: number, tuning: number = DEFAULT_TUNING): number {
  const rho = sequenceRho(alpha, tuning);
  const k = n * rho * rho + 1;
  return Math.sqrt(2 * k * Math.log(Math.sqrt(k) / alpha)) / (Math.sqrt(n) * rho);
}

/** The one-sided multiplier: ln(1 + √k/(2α)), with ρ chosen for 2α. */
export function oneSidedMultiplier(n: number, alpha: number, tuning: number = DEFAULT_TUNING): number {
  const rho = sequenceRho(2 * alpha, tuning);
  const k = n * rho * rho + 1;
  return Math.sqrt(2 * k * Math.log1p(Math.sqrt(k) / (2 * alpha))) / (Math.sqrt(n) * rho);
}

/**
 * ln of the e-process exp(ρ²S²/(2k))/√k, S² = Δ²N/SE²: evidence against "no effect", valid at every look; the
 * normal-mixture mSPRT of Johari et al. (2017) in asymptotic form.
 */
export function logEProcess(estimate: number, standardError: number, n: number, rho: number): number {
  const k = n * rho * rho + 1;
  const square = (estimate / standardError) ** 2 * n;
  return (rho * rho * square) / (2 * k) - 0.5 * Math.log(k);
}

/** The e-value itself; may be Infinity for overwhelming evidence, so keep `logEProcess` for arithmetic. */
export function eProcess(effect: Effect, options: { alpha?: number; tuning?: number } = {}): number {
  const rho = sequenceRho(options.alpha ?? 0.05, options.tuning ?? DEFAULT_TUNING);
  return Math.exp(logEProcess(effect.estimate, effect.standardError, effect.n, rho));
}

/** The level at which the one-sided sequence would just touch 0, with ρ held: solves ln(1 + √k/(2α)) = x for α. */
function oneSidedPValue(z: number, n: number, rho: number): number {
  if (z <= 0) return 1;
  const k = n * rho * rho + 1;
  return Math.min(1, Math.sqrt(k) / (2 * Math.expm1((z * z * n * rho * rho) / (2 * k))));
}

/**
 * The asymptotic confidence sequence: one may look as often as one likes and stop when one likes.
 * Use it on absolute effects; for a relative lift use `fiellerSet`.
 *
 * @returns `pValue` two-sided min(1, 1/e); one-sided the level at which the bound touches 0.
 */
export function asymptoticSequence(
  effect: Effect,
  options: { alpha?: number; tuning?: number; sides?: Sides } = {},
): TestResult {
  const { alpha = 0.05, tuning = DEFAULT_TUNING, sides = 'two' } = options;
  const { estimate, standardError, n } = effect;
  if (sides === 'two') {
    const half = sequenceMultiplier(n, alpha, tuning) * standardError;
    const logE = logEProcess(estimate, standardError, n, sequenceRho(alpha, tuning));
    const interval: Interval = [estimate - half, estimate + half];
    return { ...effect, sides, alpha, interval, pValue: Math.min(1, Math.exp(-logE)) };
  }
  const half = oneSidedMultiplier(n, alpha, tuning) * standardError;
  const z = (sides === 'greater' ? estimate : -estimate) / standardError;
  const interval: Interval =
    sides === 'greater' ? [estimate - half, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, estimate + half];
  return { ...effect, sides, alpha, interval, pValue: oneSidedPValue(z, n, sequenceRho(2 * alpha, tuning)) };
}
