import { sequenceMultiplier } from '../compare/asymptotic-sequence.ts';
import type { NormalPrior } from '../compare/bayes.ts';
import type { Effect } from '../compare/effect.ts';
import { normalCdf, normalQuantile } from '../numerics/normal.ts';
import { twoSidedPower } from './power.ts';

/** How much more sample an experiment under way needs. */
export interface MoreSample {
  /** Extra units as a multiple of the present ones; null when more than 2²⁷ times would be needed. */
  readonly extraFactor: number | null;
  /** Power at that factor. */
  readonly power: number;
}

export interface MoreSampleOptions {
  /** Effect to be seen, on the scale of `effect`; its sign does not matter. */
  readonly target: number;
  readonly power?: number;
  readonly alpha?: number;
  /** N* of the sequence; left out for a fixed horizon. */
  readonly tuning?: number;
  /** Normal prior of the effect on its own scale: power is then that of the credible interval. */
  readonly prior?: NormalPrior;
  /** Tests that share alpha (Bonferroni); 1 by default. */
  readonly tests?: number;
}

/** Power to see the target once the sample is (1 + extra) times as large, at the variance seen so far. */
export function powerAfter(effect: Effect, extra: number, options: MoreSampleOptions): number {
  const level = (options.alpha ?? 0.05) / (options.tests ?? 1);
  const standardError = effect.standardError / Math.sqrt(1 + extra);
  if (options.prior) {
    // posterior mean ± z·sd excludes 0: in units of SE the data must reach z·SE·√precision − SE²·m/τ²
    const precision = 1 / options.prior.variance + 1 / standardError ** 2;
    const reach = normalQuantile(1 - level / 2) * standardError * Math.sqrt(precision);
    const pull = (standardError * options.prior.mean) / options.prior.variance;
    const shift = Math.abs(options.target) / standardError + pull;
    return normalCdf(shift - reach) + normalCdf(-shift - reach);
  }
  const multiplier = options.tuning
    ? sequenceMultiplier(effect.n * (1 + extra), level, options.tuning)
    : normalQuantile(1 - level / 2);
  return twoSidedPower(Math.abs(options.target), standardError, multiplier);
}

/**
 * Least extra sample with the wanted power: doubling, then halving until the power is met to 1e−5, so that the
 * figure is the same as the peers' (whose stopping rule this is).
 */
export function moreSampleNeeded(effect: Effect, options: MoreSampleOptions): MoreSample {
  const goal = options.power ?? 0.8;
  const now = powerAfter(effect, 0, options);
  if (now > goal) return { extraFactor: 0, power: now };
  let factor = 1;
  for (let i = 0; i < 27 && powerAfter(effect, factor, options) < goal; i++) factor *= 2;
  let power = powerAfter(effect, factor, options);
  if (power < goal) return { extraFactor: null, power };
  let low = 0;
  let high = factor;
  for (let i = 0; i < 100; i++) {
    if (power > goal) high = factor;
    else low = factor;
    factor = 0.5 * (low + high);
    power = powerAfter(effect, factor, options);
    if (Math.abs(power - goal) < 1e-5) break;
  }
  return { extraFactor: factor, power };
}
