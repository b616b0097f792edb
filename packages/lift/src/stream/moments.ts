import { LiftError } from '../lift-error.ts';

/**
 * Central moments of a few components over the units of an arm, as one flat array:
 * [n, mean₁…mean_k, C₁₁, C₁₂ … C_kk] with C the sums of products of deviations, upper triangle by rows.
 * k = 1 (a mean) takes 3 doubles, k = 2 (CUPED, or a ratio) 6, k = 4 (CUPED of a ratio) 15.
 */
export type Moments = Float64Array;

/** Doubles that k components take. */
export const momentsLength = (components: number): number => 1 + components + (components * (components + 1)) / 2;

/** Empty moments of k components. */
export const createMoments = (components: number): Moments => new Float64Array(momentsLength(components));

/** Number of components of an array of moments. */
export function componentsOf(moments: Moments): number {
  const k = (Math.sqrt(8 * moments.length + 1) - 3) / 2;
  if (!Number.isInteger(k)) throw new LiftError('invalid_input', `${moments.length} doubles are no moments.`, {});
  return k;
}

/** Adds a unit in place. Welford (1962); West (1979) for the cross products. */
export function addUnit(moments: Moments, values: ArrayLike<number>): void {
  const k = values.length;
  const n = (moments[0] as number) + 1;
  moments[0] = n;
  const share = (n - 1) / n;
  let at = 1 + k;
  for (let i = 0; i < k; i++) {
    const di = (values[i] as number) - (moments[1 + i] as number);
    for (let j = i; j < k; j++) {
      const dj = (values[j] as number) - (moments[1 + j] as number);
      moments[at] = (moments[at] as number) + di * dj * share;
      at++;
    }
  }
  for (let i = 0; i < k; i++) {
    moments[1 + i] = (moments[1 + i] as number) + ((values[i] as number) - (moments[1 + i] as number)) / n;
  }
}

/**
 * Moves a unit from `before` to `before + change` in place, in O(1): the update of an event whose unit has already
 * been counted. C_ab grows by v_a(b − b̄) + v_b(a − ā) + v_a·v_b − n·Δā·Δb̄ with Δā = v_a/n (expand the definition).
 */
export function changeUnit(moments: Moments, before: ArrayLike<number>, change: ArrayLike<number>): void {
  const k = before.length;
  const n = moments[0] as number;
  if (!(n > 0)) throw new LiftError('invalid_input', 'A unit cannot change before it was added.', {});
  let at = 1 + k;
  for (let i = 0; i < k; i++) {
    const vi = change[i] as number;
    const di = (before[i] as number) - (moments[1 + i] as number);
    for (let j = i; j < k; j++) {
      const vj = change[j] as number;
      const dj = (before[j] as number) - (moments[1 + j] as number);
      moments[at] = (moments[at] as number) + vi * dj + vj * di + vi * vj * (1 - 1 / n);
      at++;
    }
  }
  for (let i = 0; i < k; i++) moments[1 + i] = (moments[1 + i] as number) + (change[i] as number) / n;
}

/**
 * Moments of two disjoint sets of units. Chan, Golub & LeVeque (1983), "Algorithms for Computing the Sample Variance".
 * Neither argument is changed.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.length !== b.length) throw new LiftError('invalid_input', 'Moments of different kinds cannot be merged.', {});
  const na = a[0] as number;
  const nb = b[0] as number;
  if (na === 0) return b.slice();
  if (nb === 0) return a.slice();
  const k = componentsOf(a);
  const n = na + nb;
  const merged = new Float64Array(a.length);
  merged[0] = n;
  let at = 1 + k;
  for (let i = 0; i < k; i++) {
    const di = (b[1 + i] as number) - (a[1 + i] as number);
    merged[1 + i] = (a[1 + i] as number) + (di * nb) / n;
    for (let j = i; j < k; j++) {
      const dj = (b[1 + j] as number) - (a[1 + j] as number);
      merged[at] = (a[at] as number) + (b[at] as number) + di * dj * ((na * nb) / n);
      at++;
    }
  }
  return merged;
}

/** Sample covariance (n − 1) of components i and j; 0 under two units. */
export function covarianceOf(moments: Moments, i: number, j: number): number {
  const n = moments[0] as number;
  if (n <= 1) return 0;
  const k = componentsOf(moments);
  const [p, q] = i <= j ? [i, j] : [j, i];
  return (moments[1 + k + p * k - (p * (p - 1)) / 2 + (q - p)] as number) / (n - 1);
}

/** Mean of component i. */
export const meanOf = (moments: Moments, i: number): number => moments[1 + i] as number;

/** Plain numbers for JSON or a table column; doubles survive JSON exactly. */
export const momentsToJson = (moments: Moments): number[] => Array.from(moments);

/** @throws LiftError `invalid_input` when the list is not the moments of any number of components. */
export function momentsFromJson(list: readonly number[]): Moments {
  const moments = Float64Array.from(list);
  componentsOf(moments);
  return moments;
}
