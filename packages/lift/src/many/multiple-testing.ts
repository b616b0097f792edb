import type { Interval } from '../compare/effect.ts';
import { normalUpperQuantile } from '../numerics/normal.ts';

const ascending = (p: readonly number[]) => p.map((_, i) => i).sort((a, b) => (p[a] as number) - (p[b] as number));

/** Adjusted p-values that hold the family-wise error. Holm (1979). In the order given. */
export function holm(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length);
  let running = 0;
  ascending(p).forEach((index, rank) => {
    running = Math.max(running, Math.min(1, (p.length - rank) * (p[index] as number)));
    adjusted[index] = running;
  });
  return adjusted;
}

/** Adjusted p-values that hold the false discovery rate under independence. Benjamini & Hochberg (1995). */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length);
  const order = ascending(p);
  let running = 1;
  for (let rank = p.length - 1; rank >= 0; rank--) {
    const index = order[rank] as number;
    running = Math.min(running, (p.length * (p[index] as number)) / (rank + 1));
    adjusted[index] = running;
  }
  return adjusted;
}

/** The symmetric 1 − α interval that an adjusted two-sided p-value implies, on the normal scale. */
export function intervalFromAdjustedP(estimate: number, adjustedP: number, alpha = 0.05): Interval {
  const z = normalUpperQuantile(adjustedP / 2);
  const half = z === 0 ? Number.POSITIVE_INFINITY : (Math.abs(estimate) / z) * normalUpperQuantile(alpha / 2);
  return [estimate - half, estimate + half];
}
