import { LiftError } from '../lift-error.ts';
import { findMinimum } from '../numerics/find-root.ts';
import { betaBinomialMixture } from './beta-binomial-mixture.ts';
import { quantileEvidence } from './quantile-comparison.ts';

/** Treatment against control at one quantile, valid at every look. */
export interface QuantileDifference {
  readonly controlQuantile: number;
  readonly treatmentQuantile: number;
  /** Of the treatment's quantile less the control's; ends are infinite while there are too few units. */
  readonly interval: readonly [number, number];
  /** Of their ratio less 1; null unless all that the control's and the treatment's quantile may be is above 0. */
  readonly relative: readonly [number, number] | null;
  /** ln of the evidence against "the quantiles are equal". */
  readonly logE: number;
  readonly pValue: number;
}

/**
 * The differences of two quantiles that the data do not exclude, at every look at once and without a variance: by the
 * product of the arms' beta-binomial mixtures, {δ: min over x of E_t(x + δ)·E_c(x) < 1/α}. At the true quantiles the
 * product is a martingale that begins at 1, so Ville's inequality bounds the error at all looks. Howard & Ramdas (2022),
 * "Sequential estimation of quantiles with applications to A/B testing and best-arm identification", section 5.
 *
 * @param control Totals of the units, in any order; not changed.
 * @param options.tOpt Units per arm at which the interval is tightest.
 * @throws LiftError `not_enough_data` for an arm without units.
 */
export function quantileDifference(
  control: ArrayLike<number>,
  treatment: ArrayLike<number>,
  quantile: number,
  options: { alpha?: number; tOpt?: number } = {},
): QuantileDifference {
  const { alpha = 0.05, tOpt = 2_500 } = options;
  const c = Float64Array.from(control).sort();
  const t = Float64Array.from(treatment).sort();
  if (c.length === 0 || t.length === 0)
    throw new LiftError('not_enough_data', 'A quantile needs at least one unit in each arm.', {});
  const mixture = betaBinomialMixture(tOpt * quantile * (1 - quantile), quantile, 1 - quantile, 0.05, false);
  const evidence = (share: number, n: number) =>
    mixture.logValue((share - quantile) * n, quantile * (1 - quantile) * n);
  const rise = farthest(t, c);
  const fall = farthest(c, t);
  const logE = quantileEvidence(c, t, quantile, tOpt);
  const hat = (sorted: Float64Array) => sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] as number;
  return {
    controlQuantile: hat(c),
    treatmentQuantile: hat(t),
    interval: [-most(fall, (high, low) => high - low), most(rise, (high, low) => high - low)],
    relative: [...rise, ...fall].every(([, low]) => low > 0)
      ? [1 / most(fall, (high, low) => high / low) - 1, most(rise, (high, low) => high / low) - 1]
      : null,
    logE,
    pValue: Math.min(1, Math.exp(-logE)),
  };

  /**
   * How high the first arm's quantile may be together with how low the second's: the pairs on the edge of the joint
   * evidence. Only ranks near the quantile are walked, about the root of the units.
   */
  function farthest(first: Float64Array, second: Float64Array): readonly (readonly [number, number])[] {
    const [n, m] = [first.length, second.length];
    const level = (size: number) => {
      const best = findMinimum((share) => evidence(share, size), 0, 1, 1e-10);
      const least = evidence(best, size);
      return {
        above: Math.floor(best * size),
        below: Math.ceil(best * size),
        // at its best share an arm says the least against a quantile, on whichever side of it the next value lies
        of: (count: number, at: number) => (count === at ? least : evidence(count / size, size)),
      };
    };
    const [one, two] = [level(n), level(m)];
    const fits = (up: number, down: number) => one.of(up, one.above) + two.of(down, two.below) < -Math.log(alpha);
    let down = two.below;
    while (down > 0 && fits(one.above, down - 1)) down -= 1;
    const found: (readonly [number, number])[] = [];
    for (let up = one.above; up <= n; up++) {
      while (down <= two.below && !fits(up, down)) down += 1;
      if (down > two.below) break;
      found.push([first[up] ?? Number.POSITIVE_INFINITY, second[down - 1] ?? Number.NEGATIVE_INFINITY]);
    }
    return found;
  }
}

function most(edge: readonly (readonly [number, number])[], measure: (high: number, low: number) => number): number {
  return edge.reduce((top, [high, low]) => Math.max(top, measure(high, low)), Number.NEGATIVE_INFINITY);
}
