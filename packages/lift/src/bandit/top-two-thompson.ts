import { LiftError } from '../lift-error.ts';
import { normalSampler, type Random } from '../numerics/random.ts';

/** A Gaussian belief about an arm's mean. */
export interface ArmBelief {
  readonly mean: number;
  readonly standardError: number;
}

/** P(arm is best) for each arm, by draws from the beliefs; deterministic for a seeded `random`. */
export function chanceBest(beliefs: readonly ArmBelief[], random: Random, draws = 10_000): number[] {
  const normal = normalSampler(random);
  const wins = beliefs.map(() => 0);
  for (let d = 0; d < draws; d++) {
    let best = 0;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < beliefs.length; i++) {
      const belief = beliefs[i] as ArmBelief;
      const value = belief.mean + belief.standardError * normal();
      if (value > bestValue) {
        bestValue = value;
        best = i;
      }
    }
    wins[best] = (wins[best] as number) + 1;
  }
  return wins.map((count) => count / draws);
}

/**
 * Traffic shares of top-two Thompson sampling: with probability β the arm that a draw calls best, else the best of a
 * later draw that differs: p_i = a_i(β + (1−β)·Σ_{j≠i} a_j/(1−a_j)). Russo (2020), "Simple Bayesian Algorithms for
 * Best-Arm Identification", section 3.3.
 */
export function topTwoShares(chances: readonly number[], beta = 0.5): number[] {
  if (chances.length < 2) return chances.map(() => 1);
  // a chance of exactly 1 stands for its limit: what the others lack of 1 is spread evenly over them
  const least = 1e-9 / (chances.length - 1);
  const safe = chances.map((a) => Math.min(Math.max(a, least), 1 - 1e-9));
  const odds = safe.map((a) => a / (1 - a));
  const total = odds.reduce((sum, o) => sum + o, 0);
  const raw = safe.map((a, i) => a * (beta + (1 - beta) * (total - (odds[i] as number))));
  const sum = raw.reduce((s, v) => s + v, 0);
  if (!(sum > 0)) throw new LiftError('invalid_input', 'The chances to be best add up to 0.', { chances });
  return raw.map((v) => v / sum);
}

/**
 * Where a unit goes: a fixed slice of all units is assigned at random with equal chances and feeds every estimate;
 * only the rest follows the bandit. Adaptive traffic biases sample means (Nie et al. 2018, "Why adaptively collected
 * data have negative bias"), the fixed slice does not.
 *
 * @param position The unit's place in [0, 1), by the public hash.
 * @param evaluationShare Width of the fixed slice, e.g. 0.2.
 */
export function banditAssignment(
  position: number,
  shares: readonly number[],
  evaluationShare: number,
): { arm: number; evaluated: boolean } {
  if (position < evaluationShare) {
    const arm = Math.floor((position / evaluationShare) * shares.length);
    return { arm: Math.min(arm, shares.length - 1), evaluated: true };
  }
  let left = (position - evaluationShare) / (1 - evaluationShare);
  for (let arm = 0; arm < shares.length; arm++) {
    left -= shares[arm] as number;
    if (left < 0) return { arm, evaluated: false };
  }
  return { arm: shares.length - 1, evaluated: false };
}
