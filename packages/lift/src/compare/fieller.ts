import type { ArmPair } from '../metrics/estimate-arms.ts';
import type { Interval } from './effect.ts';

/**
 * The set of relative lifts that the data do not exclude.
 * `interval`: a plain interval; `outside`: everything but the open interval given (the control mean is not separated
 * from 0); `all`: every lift. In the last two the lift is "not yet known".
 */
export type FiellerSet =
  | { readonly kind: 'interval'; readonly interval: Interval }
  | { readonly kind: 'outside'; readonly excluded: Interval }
  | { readonly kind: 'all' };

/**
 * {L: |A − L·B| ≤ z·√(V_A − 2L·C_AB + L²·V_B)} for A the difference and B the control's mean, jointly normal.
 * Fieller (1954), "Some Problems in Interval Estimation"; with z a sequence's multiplier it holds at every look.
 */
export function fiellerRoots(a: number, b: number, varA: number, varB: number, covAB: number, z: number): FiellerSet {
  const z2 = z * z;
  // q(L) = qa·L² − 2·qb·L + qc ≤ 0
  const qa = b * b - z2 * varB;
  const qb = a * b - z2 * covAB;
  const qc = a * a - z2 * varA;
  const discriminant = qb * qb - qa * qc;
  if (qa > 0) {
    const root = Math.sqrt(Math.max(0, discriminant));
    // the root of larger magnitude first, the other from the product: no cancellation
    const first = (qb + Math.sign(qb || 1) * root) / qa;
    const second = first === 0 ? 0 : qc / qa / first;
    return { kind: 'interval', interval: [Math.min(first, second), Math.max(first, second)] };
  }
  if (discriminant <= 0 || qa === 0) return { kind: 'all' };
  const root = Math.sqrt(discriminant);
  const one = (qb - root) / qa;
  const two = (qb + root) / qa;
  return { kind: 'outside', excluded: [Math.min(one, two), Math.max(one, two)] };
}

/**
 * Relative lift Δ/|ȳc| of a pair of arms as a Fieller set, from the joint covariance of the (CUPED- or
 * ratio-adjusted) difference and the unadjusted control mean. Without adjustment this is
 * {L: |ȳt − (1+L)ȳc| ≤ z·√(s²t/nt + (1+L)²·s²c/nc)} of LIFT.md.
 *
 * @param z Multiplier of the standard error: `sequenceMultiplier(n, α)` for any number of looks, a quantile for one.
 */
export function fiellerSet({ control: c, treatment: t }: ArmPair, z: number): FiellerSet {
  const sign = c.unadjustedMean < 0 ? -1 : 1;
  return fiellerRoots(
    t.mean - c.mean,
    sign * c.unadjustedMean,
    t.variance / t.n + c.variance / c.n,
    c.unadjustedVariance / c.n,
    (-sign * c.covariance) / c.n,
    z,
  );
}

/** Whether a lift lies in the set. */
export function fiellerContains(set: FiellerSet, lift: number): boolean {
  if (set.kind === 'all') return true;
  if (set.kind === 'interval') return lift >= set.interval[0] && lift <= set.interval[1];
  return lift <= set.excluded[0] || lift >= set.excluded[1];
}
