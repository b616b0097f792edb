import { LiftError } from '../lift-error.ts';

/** Runs by what was assigned and what was really delivered: `counts[assigned][delivered]`. */
export type DeliveryTable = readonly (readonly number[])[];

export interface Contamination {
  /** Share of runs whose delivered variant was not the assigned one. */
  readonly shareRatio: number;
  /** Share per assigned variant. */
  readonly byVariant: readonly number[];
  /** Factor by which the intent-to-treat effect of two arms is diluted: 1 − crossover of both. */
  readonly dilution: number;
  readonly blocks: boolean;
}

/**
 * How far delivery strayed from assignment (a cache that serves one arm, a fallback). Above `limit` the verdict is
 * blocked, since intent-to-treat then understates the effect by the factor `dilution`. Bloom (1984).
 */
export function contamination(counts: DeliveryTable, limit = 0.05): Contamination {
  if (counts.some((row) => row.length !== counts.length)) {
    throw new LiftError('invalid_input', 'The delivery table must be square.', { rows: counts.length });
  }
  let total = 0;
  let strayed = 0;
  const byVariant = counts.map((row, assigned) => {
    const runs = row.reduce((sum, value) => sum + value, 0);
    const wrong = runs - (row[assigned] as number);
    total += runs;
    strayed += wrong;
    return runs === 0 ? 0 : wrong / runs;
  });
  const shareRatio = total === 0 ? 0 : strayed / total;
  return {
    shareRatio,
    byVariant,
    dilution: 1 - byVariant.slice(0, 2).reduce((sum, share) => sum + share, 0),
    blocks: Math.max(shareRatio, ...byVariant) > limit,
  };
}
