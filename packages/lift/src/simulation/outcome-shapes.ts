import { normalSampler, type Random, seededRandom } from '../numerics/random.ts';

/** Kinds of outcome that KPIs have in practice. */
export type OutcomeShape = 'normal' | 'conversion 1 %' | 'conversion 20 %' | 'zero-inflated spend' | 'skewed revenue';

export const OUTCOME_SHAPES: readonly OutcomeShape[] = [
  'normal',
  'conversion 1 %',
  'conversion 20 %',
  'zero-inflated spend',
  'skewed revenue',
];

/** A population from which units are drawn with replacement, so that its mean is known exactly. */
export interface Population {
  readonly values: Float64Array;
  readonly mean: number;
}

const SIZE = 1 << 16;

function population(draw: (i: number) => number): Population {
  const values = Float64Array.from({ length: SIZE }, (_, i) => draw(i));
  return { values, mean: values.reduce((sum, value) => sum + value, 0) / SIZE };
}

/**
 * A population of a shape whose mean is `lift` above that of the same shape without lift: amounts are scaled,
 * conversions become more frequent.
 */
export function outcomePopulation(shape: OutcomeShape, lift = 0): Population {
  const normal = normalSampler(seededRandom(20_240_607));
  const factor = 1 + lift;
  switch (shape) {
    case 'normal':
      return population(() => factor * (5 + 2 * normal()));
    case 'conversion 1 %':
      return population((i) => (i < Math.round(0.01 * factor * SIZE) ? 1 : 0));
    case 'conversion 20 %':
      return population((i) => (i < Math.round(0.2 * factor * SIZE) ? 1 : 0));
    case 'zero-inflated spend':
      // 2 % of units buy, log-normally with a long tail
      return population((i) => (i < 0.02 * SIZE ? factor * Math.exp(4 + normal()) : 0));
    case 'skewed revenue':
      return population(() => factor * Math.exp(1 + 1.2 * normal()));
  }
}

/** Draws one unit. */
export const drawUnit = ({ values }: Population, random: Random): number => values[(random() * SIZE) | 0] as number;
