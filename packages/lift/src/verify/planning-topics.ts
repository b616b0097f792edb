import { compareArms } from '../compare/effect.ts';
import { type ArmSums, estimateArms } from '../metrics/estimate-arms.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { spendingLevels } from '../planning/alpha-spending.ts';
import { moreSampleNeeded, powerAfter } from '../planning/mid-experiment.ts';
import {
  differenceVariance,
  minimumDetectableEffect,
  oneSidedPower,
  type PowerPlan,
  relativePower,
  twoSidedPower,
} from '../planning/power.ts';
import { proportionSampleSizePerArm, sampleSizePerArm } from '../planning/sample-size.ts';
import { numberOf, requiredList, type Topic } from './vector-row.ts';

type Input = Readonly<Record<string, unknown>>;

/** A control proportion, under any of the names that peers give it. */
function proportionOf(i: Input): number | undefined {
  for (const key of ['p', 'p1', 'proportion', 'baseline', 'conversion_rate']) {
    if (typeof i[key] === 'number') return i[key];
  }
  return undefined;
}

/** Power of a relative effect: two-sided, of one side only, or of a credible interval under a prior. */
function relativePowerOf(i: Input, total: number): number {
  const plan = planOf(i, total);
  const effect = numberOf(i, 'effect');
  const alpha = plan.alpha ?? 0.05;
  if (Array.isArray(i.prior)) {
    const [mean, variance] = i.prior as [number, number];
    const n = total / plan.arms;
    const arm = { variance: plan.variance, n };
    const v = differenceVariance({ ...arm, mean: plan.mean }, { ...arm, mean: plan.mean * (1 + effect) }, true);
    const at = { difference: 'relative', estimate: 0, standardError: Math.sqrt(v), degrees: 2 * n, n: 2 * n } as const;
    return powerAfter(at, 0, { target: effect, alpha, prior: { mean, variance } });
  }
  // one side alone: all of alpha there, the far tail left out
  if (i.two_tailed === false || i.sides === 1) return oneSidedPower(plan, effect);
  return relativePower(plan, effect);
}

function planOf(i: Input, total: number): PowerPlan {
  const p = proportionOf(i);
  const sd = 'sd' in i ? numberOf(i, 'sd') : numberOf(i, 'standard_deviation', 0);
  return {
    mean: p ?? numberOf(i, 'mean'),
    variance: p === undefined ? numberOf(i, 'variance', sd * sd) : p * (1 - p),
    total,
    arms: numberOf(i, 'variations', 2),
    alpha: numberOf(i, 'alpha', 0.05),
    ...('tuning' in i && { tuning: numberOf(i, 'tuning') }),
  };
}

function runMidExperiment(i: Input): unknown {
  const pair = estimateArms(i.control as ArmSums, i.treatment as ArmSums);
  const effect = compareArms(pair, i.difference === 'absolute' ? 'absolute' : 'relative');
  const options = {
    target: numberOf(i, 'target_mde'),
    power: numberOf(i, 'target_power', 0.8),
    alpha: numberOf(i, 'alpha', 0.05),
    tests: numberOf(i, 'tests', (numberOf(i, 'variations', 2) - 1) * numberOf(i, 'goal_metrics', 1)),
    ...('tuning' in i && { tuning: numberOf(i, 'tuning') }),
    ...(Array.isArray(i.prior) && { prior: { mean: i.prior[0] as number, variance: i.prior[1] as number } }),
  };
  const result = moreSampleNeeded(effect, options);
  return {
    extra_sample_factor: result.extraFactor,
    power_at_factor: result.power,
    power: powerAfter(effect, 0, options),
    additional_users: result.extraFactor === null ? null : result.extraFactor * effect.n,
  };
}

function runSampleSize(i: Input): number {
  const common = { effect: numberOf(i, 'mde'), alpha: numberOf(i, 'alpha', 0.05), power: numberOf(i, 'power', 0.8) };
  const p = proportionOf(i);
  const perArm =
    p !== undefined
      ? proportionSampleSizePerArm({ ...common, p })
      : sampleSizePerArm({ ...common, variance: numberOf(i, 'variance') });
  return perArm * numberOf(i, 'variations', 2);
}

function runPower(i: Input): number {
  const alpha = numberOf(i, 'alpha', 0.05);
  const effect = numberOf(i, 'mde');
  const z = normalQuantile(1 - alpha / 2);
  const n1 = numberOf(i, 'n1');
  const n2 = numberOf(i, 'n2');
  const p = proportionOf(i);
  if (p !== undefined) {
    const q = p + effect;
    const se = Math.sqrt((p * (1 - p)) / n1 + (q * (1 - q)) / n2);
    return twoSidedPower(effect, se, z);
  }
  return twoSidedPower(effect, Math.sqrt(numberOf(i, 'variance') * (1 / n1 + 1 / n2)), z);
}

function runSpending(i: Input): unknown {
  const one = requiredList(i, 'n_arm1_at_look');
  const two = requiredList(i, 'n_arm2_at_look');
  const totals = one.map((n, k) => n + (two[k] as number));
  const all = Math.max(...totals, numberOf(i, 'expected_total', 0));
  return spendingLevels({
    times: totals.map((n) => n / all),
    alpha: numberOf(i, 'alpha'),
    sides: numberOf(i, 'sides', 2) === 1 ? 1 : 2,
    exponent: numberOf(i, 'exponent', 2),
  });
}

/** Topics about sizes and times. */
export const PLANNING_TOPICS: readonly Topic[] = [
  { name: 'mid-experiment power', matches: (t) => /mid-?experiment/i.test(t), run: runMidExperiment },
  {
    name: 'group sequential',
    matches: (t, i) => /spending|group sequential/i.test(t) || 'n_arm1_at_look' in i,
    run: runSpending,
  },
  {
    name: 'minimum detectable effect',
    matches: (t) => /mde|minimum detectable/i.test(t),
    run: (i) => minimumDetectableEffect(planOf(i, numberOf(i, 'n_total')), numberOf(i, 'power')),
  },
  {
    name: 'power by week',
    matches: (t, i) => /power/i.test(t) && 'weeks' in i,
    run: (i) =>
      Array.from({ length: numberOf(i, 'weeks') }, (_, week) =>
        relativePowerOf(i, (week + 1) * numberOf(i, 'users_per_week')),
      ),
  },
  {
    name: 'power of a relative effect',
    matches: (t, i) => /power/i.test(t) && 'n_total' in i,
    run: (i) => relativePowerOf(i, numberOf(i, 'n_total')),
  },
  { name: 'sample size', matches: (t) => /sample size/i.test(t), run: runSampleSize },
  { name: 'power', matches: (t, i) => /power/i.test(t) && 'n1' in i, run: runPower },
];
