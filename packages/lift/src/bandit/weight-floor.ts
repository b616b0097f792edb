/**
 * Keeps every arm explored: p_i = f + (1 − n·f)·w_i. A negative floor counts as 0; a floor that would take all
 * (n·f ≥ 1) gives equal weights.
 */
export function floorWeights(weights: readonly number[], floor: number): number[] {
  const n = weights.length;
  const f = Math.max(0, floor);
  if (n * f >= 1) return weights.map(() => 1 / n);
  return weights.map((w) => f + (1 - n * f) * w);
}
