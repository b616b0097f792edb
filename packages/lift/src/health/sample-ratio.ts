import { LiftError } from '../lift-error.ts';
import { chiSquaredUpperTail } from '../numerics/chi-squared.ts';
import { logGamma } from '../numerics/gamma.ts';
import { stableSum } from '../numerics/stable-sum.ts';

/**
 * Sample ratio mismatch at one look: p-value of Pearson's χ² of units against planned weights. Arms of weight 0 are
 * left out. Fabijan et al. (2019), "Diagnosing Sample Ratio Mismatch".
 */
export function sampleRatioPValue(units: readonly number[], weights: readonly number[]): number {
  if (units.length !== weights.length) {
    throw new LiftError('invalid_input', `${units.length} arms but ${weights.length} weights.`, {});
  }
  const kept = units.map((count, i) => ({ count, weight: weights[i] as number })).filter((arm) => arm.weight > 0);
  const total = stableSum(kept.map((arm) => arm.count));
  const weight = stableSum(kept.map((arm) => arm.weight));
  if (kept.length < 2 || total === 0) return 1;
  const statistic = stableSum(
    kept.map((arm) => {
      const expected = (arm.weight / weight) * total;
      return (arm.count - expected) ** 2 / expected;
    }),
  );
  return chiSquaredUpperTail(statistic, kept.length - 1);
}

/** State of the sequential test; plain data, grows by addition. */
export interface SequentialSampleRatio {
  readonly counts: readonly number[];
  /** Largest log Bayes factor so far. */
  readonly highestLogBayesFactor: number;
}

/** Prior strength α₀ with which small, real imbalances are found soonest: α = α₀·p₀. */
export const SAMPLE_RATIO_PRIOR_STRENGTH = 10_000;

/** ln of the Dirichlet-multinomial marginal of the *sequence* of assignments, given prior pseudo-counts. */
export function logDirichletSequence(counts: readonly number[], alpha: readonly number[]): number {
  const n = stableSum(counts);
  const total = stableSum(alpha);
  return (
    logGamma(total) -
    logGamma(total + n) +
    stableSum(counts.map((count, i) => logGamma((alpha[i] as number) + count) - logGamma(alpha[i] as number)))
  );
}

/** ln of the multinomial likelihood of the sequence under planned weights. */
export function logMultinomialSequence(counts: readonly number[], weights: readonly number[]): number {
  return stableSum(counts.map((count, i) => (count === 0 ? 0 : count * Math.log(weights[i] as number))));
}

/**
 * log BF = ln DirMult(n | α₀p₀) − ln Mult(n | p₀). Its reciprocal is an always-valid p-value.
 * Source: Lindon & Malek (2020), arXiv 2011.03567.
 */
export function sampleRatioLogBayesFactor(
  counts: readonly number[],
  weights: readonly number[],
  strength: number = SAMPLE_RATIO_PRIOR_STRENGTH,
): number {
  const total = stableSum(weights);
  const p0 = weights.map((w) => w / total);
  return (
    logDirichletSequence(
      counts,
      p0.map((p) => strength * p),
    ) - logMultinomialSequence(counts, p0)
  );
}

/** Adds a batch of assignments; the p-value is the running minimum of 1/BF. */
export function advanceSampleRatio(
  state: SequentialSampleRatio | null,
  batch: readonly number[],
  weights: readonly number[],
  strength: number = SAMPLE_RATIO_PRIOR_STRENGTH,
): { state: SequentialSampleRatio; pValue: number } {
  const counts = batch.map((value, i) => value + (state?.counts[i] ?? 0));
  const now = sampleRatioLogBayesFactor(counts, weights, strength);
  const highest = Math.max(0, state?.highestLogBayesFactor ?? 0, now);
  return { state: { counts, highestLogBayesFactor: highest }, pValue: Math.exp(-highest) };
}
