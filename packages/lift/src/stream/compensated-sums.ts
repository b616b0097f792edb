import { createMoments, type Moments } from './moments.ts';

/**
 * Sums and sums of products of deviations from an origin, each with the correction that its roundings owe
 * (Neumaier 1974). Order hardly matters to them: shards that saw the same units in another order agree to about 1e−15,
 * after millions of updates. They live in the owner of the units only; what leaves it are central moments.
 */
export interface CompensatedSums {
  n: number;
  readonly components: number;
  readonly sums: Float64Array;
  readonly corrections: Float64Array;
}

/** Empty sums of k components. */
export function createCompensatedSums(components: number): CompensatedSums {
  const length = components + (components * (components + 1)) / 2;
  return { n: 0, components, sums: new Float64Array(length), corrections: new Float64Array(length) };
}

function grow(state: CompensatedSums, at: number, value: number): void {
  const sum = state.sums[at] as number;
  const next = sum + value;
  const lost = Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
  state.sums[at] = next;
  state.corrections[at] = (state.corrections[at] as number) + lost;
}

/** Adds a unit, given its deviations. */
export function addDeviations(state: CompensatedSums, deviations: ArrayLike<number>): void {
  const k = state.components;
  state.n += 1;
  let at = k;
  for (let i = 0; i < k; i++) {
    grow(state, i, deviations[i] as number);
    for (let j = i; j < k; j++) grow(state, at++, (deviations[i] as number) * (deviations[j] as number));
  }
}

/** Moves a unit from `before` by `change`: Σd += v, Σd² += 2dv + v², Σde += v·e + d·w + v·w. O(1). */
export function changeDeviations(state: CompensatedSums, before: ArrayLike<number>, change: ArrayLike<number>): void {
  const k = state.components;
  let at = k;
  for (let i = 0; i < k; i++) {
    const vi = change[i] as number;
    if (vi !== 0) grow(state, i, vi);
    for (let j = i; j < k; j++) {
      const vj = change[j] as number;
      if (vi !== 0 || vj !== 0) {
        grow(state, at, vi * (before[j] as number));
        grow(state, at, vj * ((before[i] as number) + vi));
      }
      at++;
    }
  }
}

/** Central moments; means are still deviations from the origin. */
export function toMoments(state: CompensatedSums): Moments {
  const k = state.components;
  const moments = createMoments(k);
  const { n } = state;
  moments[0] = n;
  if (n === 0) return moments;
  const total = (at: number) => (state.sums[at] as number) + (state.corrections[at] as number);
  let at = k;
  for (let i = 0; i < k; i++) {
    moments[1 + i] = total(i) / n;
    for (let j = i; j < k; j++) {
      moments[1 + at] = (state.sums[at] as number) - (total(i) * total(j)) / n + (state.corrections[at] as number);
      at++;
    }
  }
  return moments;
}
