import { LiftError } from '../lift-error.ts';

/** What is known of the arms of a bandit; one entry per arm. */
export interface ArmStatistics {
  readonly pulls: readonly number[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

export interface StoppingDecision {
  readonly leader: number;
  /** Smallest likelihood ratio of the leader against any other arm. */
  readonly minGlr: number;
  readonly threshold: number;
  readonly stop: boolean;
}

/** Index of the best arm; ties within 1e−10 go to the smaller variance per pull, then to the earlier arm. */
export function leadingArm(arms: ArmStatistics, optimize: 'max' | 'min' = 'max', varianceFloor = 1e-12): number {
  const sign = optimize === 'min' ? -1 : 1;
  const values = arms.means.map((mean) => sign * mean);
  const best = Math.max(...values);
  const spread = (i: number) =>
    Math.max(arms.variances[i] as number, varianceFloor) / Math.max(1, arms.pulls[i] as number);
  let leader = -1;
  values.forEach((value, i) => {
    if (Math.abs(value - best) < 1e-10 && (leader < 0 || spread(i) < spread(leader))) leader = i;
  });
  if (leader < 0) throw new LiftError('invalid_input', 'A bandit needs at least one arm.', {});
  return leader;
}

/**
 * Whether the leader is best (within ε) with error at most δ: the least of (μ_L − μ_i + ε)²/(2(s²_L/n_L + s²_i/n_i))
 * passes ln((1 + ln t)/δ). Garivier & Kaufmann (2016), "Optimal Best Arm Identification with Fixed Confidence", Chernoff stopping.
 */
export function bestArmStopping(
  arms: ArmStatistics,
  options: {
    delta?: number;
    epsilon?: number;
    minPulls?: number;
    varianceFloor?: number;
    optimize?: 'max' | 'min';
  } = {},
): StoppingDecision {
  const { delta = 0.05, epsilon = 0, minPulls = 0, varianceFloor = 1e-12, optimize = 'max' } = options;
  const leader = leadingArm(arms, optimize, varianceFloor);
  const sign = optimize === 'min' ? -1 : 1;
  const perPull = (i: number) =>
    Math.max(arms.variances[i] as number, varianceFloor) / Math.max(1, arms.pulls[i] as number);
  let minGlr = Number.POSITIVE_INFINITY;
  arms.means.forEach((mean, i) => {
    if (i === leader) return;
    const gap = sign * ((arms.means[leader] as number) - mean) + epsilon;
    const known = (arms.pulls[i] as number) > 0 && (arms.pulls[leader] as number) > 0;
    const glr = known && gap > 0 ? (gap * gap) / (2 * (perPull(leader) + perPull(i))) : 0;
    minGlr = Math.min(minGlr, glr);
  });
  const total = arms.pulls.reduce((sum, n) => sum + n, 0);
  const threshold = Math.log((1 + Math.log(total)) / delta);
  const stop = arms.pulls.every((n) => n >= minPulls) && minGlr > threshold;
  return { leader, minGlr, threshold, stop };
}
