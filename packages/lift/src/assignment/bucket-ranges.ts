/** Half-open part [from, to) of the unit interval. */
export type BucketRange = readonly [from: number, to: number];

/** Equal weights for n variants. */
export const equalWeights = (n: number): number[] => (n < 1 ? [] : new Array<number>(n).fill(1 / n));

/**
 * Which hash positions fall into which variant. Coverage is clamped to [0, 1] and shrinks every range from its own
 * start, so that raising it never moves a unit between variants. Weights of a wrong length, or that do not add up to
 * 1 ± 0.01, are replaced by equal ones, as in the public SDKs.
 */
export function bucketRanges(variants: number, coverage = 1, weights?: readonly number[] | null): BucketRange[] {
  const share = Math.min(1, Math.max(0, coverage));
  const sum = weights?.reduce((total, w) => total + w, 0) ?? 0;
  const used = weights && weights.length === variants && sum >= 0.99 && sum <= 1.01 ? weights : equalWeights(variants);
  let from = 0;
  return used.map((weight) => {
    const range: BucketRange = [from, from + share * weight];
    from += weight;
    return range;
  });
}

/** Index of the range that holds position n, or −1. */
export function chooseVariation(n: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(([from, to]) => n >= from && n < to);
}

/** A slice of the population that an experiment may use, so that experiments of one namespace never overlap. */
export interface Namespace {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export const inRange = (n: number, [from, to]: BucketRange): boolean => n >= from && n < to;
