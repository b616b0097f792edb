import { findRoot } from '../numerics/find-root.ts';
import { normalCdf, normalDensity, normalUpperQuantile, normalUpperTail } from '../numerics/normal.ts';

/** A set of looks on the information scale (0, 1]. */
export interface SpendingPlan {
  /** Information fractions of the looks, ascending. */
  readonly times: readonly number[];
  readonly alpha: number;
  readonly sides: 1 | 2;
  /** Exponent of the power family α·t^ρ. */
  readonly exponent?: number;
}

/** Grid of a sub-density over the continuation region: Simpson nodes. */
interface Grid {
  readonly points: Float64Array;
  readonly mass: Float64Array;
}

function simpsonGrid(low: number, high: number, nodes: number): { points: Float64Array; weights: Float64Array } {
  const points = new Float64Array(nodes);
  const weights = new Float64Array(nodes);
  const step = (high - low) / (nodes - 1);
  for (let i = 0; i < nodes; i++) {
    points[i] = low + i * step;
    weights[i] = (step / 3) * (i === 0 || i === nodes - 1 ? 1 : i % 2 === 1 ? 4 : 2);
  }
  return { points, weights };
}

/**
 * z-boundaries of a group-sequential test with Lan-DeMets spending α·t^ρ, by the recursive integration of Armitage,
 * McPherson & Rowe (1969); Lan & DeMets (1983); Kim & DeMets (1987) for the power family.
 */
export function spendingBounds(plan: SpendingPlan): number[] {
  const { times, alpha, sides, exponent = 2 } = plan;
  const level = alpha / sides;
  const bounds: number[] = [];
  let spent = 0;
  let grid: Grid | null = null;
  times.forEach((time, look) => {
    const target = level * Math.min(1, time) ** exponent;
    const share = Math.max(target - spent, 0);
    const previous = look === 0 ? 0 : (times[look - 1] as number);
    const sd = Math.sqrt(time - previous);
    const crossing = (z: number) => {
      const limit = z * Math.sqrt(time);
      if (!grid) return normalUpperTail(z);
      let total = 0;
      for (let i = 0; i < grid.points.length; i++) {
        total += (grid.mass[i] as number) * normalUpperTail((limit - (grid.points[i] as number)) / sd);
      }
      return total;
    };
    const z = share <= 0 ? 20 : findRoot((x) => crossing(x) - share, -10, 20, 1e-12);
    bounds.push(z);
    spent = target;
    grid = advance(grid, z * Math.sqrt(time), sides, sd);
  });
  return bounds;
}

/** Sub-density of the partial sum after one more look, over the part that has not crossed. */
function advance(grid: Grid | null, limit: number, sides: 1 | 2, sd: number): Grid {
  const low = sides === 2 ? -limit : Math.min(-limit, -9);
  const { points, weights } = simpsonGrid(low, limit, 801);
  const mass = new Float64Array(points.length);
  for (let i = 0; i < points.length; i++) {
    const x = points[i] as number;
    let density = 0;
    if (!grid) density = normalDensity(x / sd) / sd;
    else {
      for (let j = 0; j < grid.points.length; j++) {
        density += ((grid.mass[j] as number) * normalDensity((x - (grid.points[j] as number)) / sd)) / sd;
      }
    }
    mass[i] = density * (weights[i] as number);
  }
  return { points, mass };
}

/** Level of a single look's test that equals each boundary: sides·(1 − Φ(z_k)). */
export function spendingLevels(plan: SpendingPlan): number[] {
  return spendingBounds(plan).map((z) => plan.sides * (1 - normalCdf(z)));
}

/** The boundary of a test that spends everything at one look. */
export const singleLookBound = (alpha: number, sides: 1 | 2): number => normalUpperQuantile(alpha / sides);
