import type { Interval } from '../compare/effect.ts';
import { findRoot } from '../numerics/find-root.ts';
import { betaBinomialMixture } from './beta-binomial-mixture.ts';

/**
 * Confidence sequence for one success probability, exact at every look.
 * All p whose two-sided beta-binomial mixture has not passed 1/α. Howard et al. (2021), section 4.
 *
 * @param tOpt Trials at which it is tightest.
 */
export function bernoulliInterval(
  successes: number,
  trials: number,
  alpha: number,
  tOpt: number,
  alphaOpt = 0.05,
): Interval {
  const rate = successes / trials;
  const threshold = Math.log(1 / alpha);
  const excess = (p: number) => {
    const v = p * (1 - p);
    return (
      betaBinomialMixture(v * tOpt, p, 1 - p, alphaOpt, false).logValue((rate - p) * trials, v * trials) - threshold
    );
  };
  const edge = 1e-14;
  const low = rate > 0 && excess(edge) > 0 ? findRoot(excess, edge, rate, 1e-13) : 0;
  const high = rate < 1 && excess(1 - edge) > 0 ? findRoot(excess, rate, 1 - edge, 1e-13) : 1;
  return [low, high];
}
