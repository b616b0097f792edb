import { LiftError } from '../lift-error.ts';
import { type QuantileSums, quantileRanks } from '../metrics/quantile.ts';

/**
 * Counts of values in buckets whose width grows with the value, so that any quantile is off by at most a fixed
 * *relative* error. Merges by addition, and forgets a value again: a unit's total can move. Unlike moments it grows
 * with the spread of the data (about 140 buckets per factor of ten at 1 %), so a quantile KPI takes more than 250 bytes.
 * Source: Masson, Rim & Lee (2019), "DDSketch: A Fast and Fully-Mergeable Quantile Sketch", section 2.
 */
export interface QuantileSketch {
  readonly relativeError: number;
  count: number;
  zeros: number;
  readonly positive: Map<number, number>;
  readonly negative: Map<number, number>;
}

/** An empty sketch; quantiles will be within `relativeError` of the true order statistic. */
export function createQuantileSketch(relativeError = 0.005): QuantileSketch {
  if (!(relativeError > 0 && relativeError < 1)) {
    throw new LiftError('invalid_input', `The relative error lies between 0 and 1, not ${relativeError}.`, {
      relativeError,
    });
  }
  return { relativeError, count: 0, zeros: 0, positive: new Map(), negative: new Map() };
}

const growth = (error: number) => (1 + error) / (1 - error);

/** Adds `times` copies of a value; a negative number takes them away again. */
export function addToSketch(sketch: QuantileSketch, value: number, times = 1): void {
  if (!Number.isFinite(value)) throw new LiftError('invalid_input', `${value} is no value for a quantile.`, { value });
  sketch.count += times;
  if (value === 0) {
    sketch.zeros += times;
    return;
  }
  const side = value > 0 ? sketch.positive : sketch.negative;
  const bucket = Math.ceil(Math.log(Math.abs(value)) / Math.log(growth(sketch.relativeError)));
  const count = (side.get(bucket) ?? 0) + times;
  if (count === 0) side.delete(bucket);
  else side.set(bucket, count);
}

/** Moves a unit from one total to another. */
export function moveInSketch(sketch: QuantileSketch, from: number, to: number): void {
  addToSketch(sketch, from, -1);
  addToSketch(sketch, to, 1);
}

/** The sketch of both sets of units. @throws LiftError when their errors differ. */
export function mergeSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  if (a.relativeError !== b.relativeError) {
    throw new LiftError('invalid_input', 'Sketches of different accuracy cannot be merged.', {});
  }
  const both = (p: ReadonlyMap<number, number>, q: ReadonlyMap<number, number>) => {
    const merged = new Map(p);
    for (const [bucket, count] of q) merged.set(bucket, (merged.get(bucket) ?? 0) + count);
    return merged;
  };
  return {
    relativeError: a.relativeError,
    count: a.count + b.count,
    zeros: a.zeros + b.zeros,
    positive: both(a.positive, b.positive),
    negative: both(a.negative, b.negative),
  };
}

/** What `estimateQuantile` needs, read from the sketch. */
export function sketchQuantileSums(sketch: QuantileSketch, nu: number): QuantileSums {
  const ranks = quantileRanks(sketch.count, nu);
  const at = orderStatistics(sketch);
  return {
    type: 'quantile',
    n: sketch.count,
    n_star: sketch.count,
    nu,
    quantile_hat: at(ranks.hat),
    quantile_lower: at(ranks.lower),
    quantile_upper: at(ranks.upper),
  };
}

/** A function from rank (from 1) to value, within the relative error. */
function orderStatistics(sketch: QuantileSketch): (rank: number) => number {
  const base = growth(sketch.relativeError);
  const middle = (bucket: number) => (2 * base ** bucket) / (base + 1);
  const steps: (readonly [value: number, count: number])[] = [
    ...[...sketch.negative].sort((a, b) => b[0] - a[0]).map(([bucket, count]) => [-middle(bucket), count] as const),
    [0, sketch.zeros],
    ...[...sketch.positive].sort((a, b) => a[0] - b[0]).map(([bucket, count]) => [middle(bucket), count] as const),
  ];
  return (rank) => {
    let left = rank;
    for (const [value, count] of steps) {
      left -= count;
      if (left <= 0 && count > 0) return value;
    }
    return Number.NaN;
  };
}
