import { shrinkFamily } from '../many/shrinkage.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';

/** What the top of a ranking claims and what it truly has. */
export interface RankingOutcome {
  readonly raw: { readonly claimed: number; readonly true: number };
  readonly shrunken: { readonly claimed: number; readonly true: number };
}

/**
 * Winner's curse: apps with small true effects, measured with very different precision (most apps are small).
 * True effects are N(0, effectSd²); standard errors log-uniform over `errors`.
 */
export function simulateRanking(plan: {
  apps: number;
  top: number;
  effectSd: number;
  errors: readonly [from: number, to: number];
  seed: number;
}): RankingOutcome {
  const random = seededRandom(plan.seed);
  const normal = normalSampler(random);
  const [from, to] = plan.errors;
  const truth = new Float64Array(plan.apps);
  const estimates = new Float64Array(plan.apps);
  const standardErrors = new Float64Array(plan.apps);
  for (let i = 0; i < plan.apps; i++) {
    truth[i] = plan.effectSd * normal();
    standardErrors[i] = from * (to / from) ** random();
    estimates[i] = (truth[i] as number) + (standardErrors[i] as number) * normal();
  }
  const { shrunken } = shrinkFamily({ estimates, standardErrors });
  const top = (scores: Float64Array) => {
    const order = Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
    const best = order.slice(0, plan.top);
    const mean = (values: Float64Array) => best.reduce((sum, i) => sum + (values[i] as number), 0) / plan.top;
    return { claimed: mean(scores), true: mean(truth) };
  };
  return { raw: top(estimates), shrunken: top(shrunken) };
}
