import { findMinimum } from '../numerics/find-root.ts';
import { betaBinomialMixture } from './beta-binomial-mixture.ts';

/** Count of sorted values ≤ x. */
function countAtMost(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Count of sorted values < x. */
function countBelow(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface ArmEvidence {
  /** ln of the arm's evidence against "my quantile is x", the least that ties allow. */
  readonly at: (x: number) => number;
  readonly flatFrom: number;
  readonly flatTo: number;
}

/** Always-valid p-value for "both arms have the same quantile": 1/E of `quantileEvidence`, at most 1. */
export function quantileComparison(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  quantile: number,
  tOpt: number,
  alphaOpt = 0.05,
): number {
  return Math.min(1, Math.exp(-quantileEvidence(a, b, quantile, tOpt, alphaOpt)));
}

/**
 * ln of the evidence against "both arms have the same quantile": the least over a common quantile x of the product of
 * the arms' mixtures. Howard & Ramdas (2022), "Sequential estimation of quantiles", section 5 (A/B testing).
 *
 * @param tOpt Observations per arm at which the test is sharpest.
 */
export function quantileEvidence(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  quantile: number,
  tOpt: number,
  alphaOpt = 0.05,
): number {
  const mixture = betaBinomialMixture(tOpt * quantile * (1 - quantile), quantile, 1 - quantile, alphaOpt, false);
  const arm = (values: ArrayLike<number>): ArmEvidence & { sorted: Float64Array } => {
    const sorted = Float64Array.from(values).sort();
    const n = sorted.length;
    const evidence = (share: number) => mixture.logValue((share - quantile) * n, quantile * (1 - quantile) * n);
    const best = findMinimum(evidence, 0, 1, 1e-10);
    const flatFrom = sorted[Math.max(0, Math.ceil(best * n) - 1)] as number;
    const flatTo = sorted[Math.min(n - 1, Math.floor(best * n))] as number;
    const at = (x: number) => {
      if (x < flatFrom) return evidence(countAtMost(sorted, x) / n);
      return x > flatTo ? evidence(countBelow(sorted, x) / n) : evidence(best);
    };
    return { at, flatFrom, flatTo, sorted };
  };
  let [first, second] = [arm(a), arm(b)];
  if (first.flatTo > second.flatTo) [first, second] = [second, first];
  const joint = (x: number) => first.at(x) + second.at(x);
  // between the two flat parts one arm's evidence rises while the other's falls: only the data points matter
  let least = Math.min(joint(first.flatTo), joint(second.flatFrom));
  const from = Math.max(1, countAtMost(second.sorted, first.flatTo));
  const to = countAtMost(second.sorted, second.flatFrom);
  for (let i = from; i <= to; i++) least = Math.min(least, joint(second.sorted[i - 1] as number));
  return least;
}
