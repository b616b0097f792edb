import { incompleteBeta, logBetaDensity } from '../numerics/beta.ts';
import { findRoot } from '../numerics/find-root.ts';
import { integrate } from '../numerics/integrate.ts';
import type { Interval } from './effect.ts';

/** Successes out of trials in one arm. */
export interface BinaryArm {
  readonly n: number;
  readonly sum: number;
}

export interface BinaryPosterior {
  /** P(p_t > p_c). */
  readonly chanceToWin: number;
  /** Posterior mean of p_t − p_c. */
  readonly difference: number;
  readonly interval: Interval;
  /** Expected loss of choosing [control, treatment]: E[max(p_t − p_c, 0)], E[max(p_c − p_t, 0)]. */
  readonly expectedLoss: readonly [control: number, treatment: number];
}

/**
 * Exact comparison of two proportions with Beta posteriors (Jeffreys' Beta(½, ½) prior by default), by quadrature
 * over one arm of closed forms of the other. Kruschke (2015) chapter 6 for the posterior; the integrals are plain.
 */
export function betaBinomial(
  control: BinaryArm,
  treatment: BinaryArm,
  options: { alpha?: number; prior?: readonly [number, number] } = {},
): BinaryPosterior {
  const { alpha = 0.05, prior = [0.5, 0.5] } = options;
  const shape = (arm: BinaryArm) => [arm.sum + prior[0], arm.n - arm.sum + prior[1]] as const;
  const [ac, bc] = shape(control);
  const [at, bt] = shape(treatment);
  const mean = (a: number, b: number) => a / (a + b);
  // E over p_t of g(p_t), with x = sin²(u) so that the ends of a Beta(½, ½) do no harm
  const sd = Math.sqrt((at * bt) / ((at + bt) ** 2 * (at + bt + 1)));
  const low = Math.asin(Math.sqrt(Math.max(0, mean(at, bt) - 14 * sd)));
  const high = Math.asin(Math.sqrt(Math.min(1, mean(at, bt) + 14 * sd)));
  const overTreatment = (g: (p: number) => number) =>
    integrate(
      (u) => {
        const s = Math.sin(u) ** 2;
        if (s <= 0 || s >= 1) return 0;
        return g(s) * Math.exp(logBetaDensity(s, at, bt)) * Math.sin(2 * u);
      },
      low,
      high,
      400,
    );
  const cdf = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : incompleteBeta(ac, bc, x));
  const chanceToWin = overTreatment(cdf);
  // E[(p − P_c)⁺] = p·F(p) − E[P_c; P_c < p], and the partial mean is mean·F with the first shape raised by one
  const gain = overTreatment((p) => p * cdf(p) - mean(ac, bc) * incompleteBeta(ac + 1, bc, p));
  const difference = mean(at, bt) - mean(ac, bc);
  const tail = (d: number) => overTreatment((p) => 1 - cdf(p - d));
  return {
    chanceToWin,
    difference,
    interval: [
      findRoot((d) => tail(d) - alpha / 2, -1, 1, 1e-10),
      findRoot((d) => tail(d) - 1 + alpha / 2, -1, 1, 1e-10),
    ],
    expectedLoss: [gain, gain - difference],
  };
}
