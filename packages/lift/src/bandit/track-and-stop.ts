import { LiftError } from '../lift-error.ts';
import { findMinimum } from '../numerics/find-root.ts';
import { type ArmStatistics, leadingArm } from './best-arm-stopping.ts';

export interface AllocationOptions {
  /** How much worse than best is good enough. */
  readonly epsilon?: number;
  /** Least share of any arm; must leave room (K·minShare ≤ 1). */
  readonly minShare?: number;
  /** Weight of the pull towards equal shares while data are few: α = regularisation/√(Σ pulls). */
  readonly regularisation?: number;
  readonly varianceFloor?: number;
  readonly optimize?: 'max' | 'min';
}

/**
 * Shares of traffic that identify the best arm soonest: minimises over the simplex
 * T(w) + α‖w − 1/K‖², T = max_i 2(s²_i/w_i + s²_L/w_L)/max((μ_L − μ_i + ε)², 1e−6), w ≥ minShare.
 * Garivier & Kaufmann (2016), lemma 4, in the ε-relaxed, regularised form of the peer.
 *
 * Solved exactly in nested form: for a leader's share and a value of T every other arm has a least share, and what is
 * left is spread as evenly as the penalty wants; both outer functions are convex, so golden sections suffice.
 */
export function optimalAllocation(arms: ArmStatistics, options: AllocationOptions = {}): number[] {
  const { epsilon = 0, minShare = 0, regularisation = 0, varianceFloor = 1e-12, optimize = 'max' } = options;
  const k = arms.means.length;
  if (k * minShare > 1 + 1e-12) {
    throw new LiftError('invalid_input', `${k} arms cannot each have at least ${minShare}.`, { k, minShare });
  }
  if (k === 1) return [1];
  const leader = leadingArm(arms, optimize, varianceFloor);
  const total = arms.pulls.reduce((sum, n) => sum + n, 0);
  const alpha = regularisation / Math.sqrt(total);
  const variance = arms.variances.map((v) => Math.max(v, varianceFloor));
  const others = arms.means.map((_, i) => i).filter((i) => i !== leader);
  const gaps = others.map((i) =>
    Math.max((Math.abs((arms.means[leader] as number) - (arms.means[i] as number)) + epsilon) ** 2, 1e-6),
  );

  /** Least shares of the others at leader's share w and value t; null when t is out of reach. */
  const leastShares = (w: number, t: number): number[] | null => {
    const least: number[] = [];
    let sum = 0;
    for (let j = 0; j < others.length; j++) {
      const room = (t * (gaps[j] as number)) / 2 - (variance[leader] as number) / w;
      if (room <= 0) return null;
      const share = Math.max(minShare, (variance[others[j] as number] as number) / room);
      least.push(share);
      sum += share;
    }
    return sum <= 1 - w ? least : null;
  };
  /** Smallest t that leader's share w allows, to full precision. */
  const smallestT = (w: number): number => {
    let high = 1;
    while (!leastShares(w, high)) high *= 2;
    let low = 0;
    for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
      const middle = (low + high) / 2;
      if (leastShares(w, middle)) high = middle;
      else low = middle;
    }
    return high;
  };
  const fill = (w: number, t: number): number[] => levelUp(leastShares(w, t) as number[], 1 - w);
  const penalty = (w: number, shares: readonly number[]) =>
    alpha * ((w - 1 / k) ** 2 + shares.reduce((sum, s) => sum + (s - 1 / k) ** 2, 0));
  const bestT = (w: number): number => {
    const low = smallestT(w);
    if (alpha === 0) return low;
    return findMinimum((t) => t + penalty(w, fill(w, t)), low, low + alpha * 2 + 1e-9, 1e-13);
  };
  const value = (w: number) => {
    const t = bestT(w);
    return t + penalty(w, fill(w, t));
  };
  const most = 1 - minShare * (k - 1);
  const w = findMinimum(value, Math.max(minShare, 1e-9), most - 1e-12, 1e-10);
  const shares = fill(w, bestT(w));
  return arms.means.map((_, i) => (i === leader ? w : (shares[others.indexOf(i)] as number)));
}

/** Raises the smallest shares to a common level until they add up to `total`: nearest point with these floors. */
function levelUp(least: readonly number[], total: number): number[] {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i++) {
    const level = (low + high) / 2;
    const sum = least.reduce((s, share) => s + Math.max(share, level), 0);
    if (sum < total) low = level;
    else high = level;
  }
  return least.map((share) => Math.max(share, (low + high) / 2));
}
