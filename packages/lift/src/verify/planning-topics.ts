import type { NormalPrior } from '../compare/bayes.ts';
import { compareArms } from '../compare/effect.ts';
import { type ArmSums, estimateArms } from '../metrics/estimate-arms.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { spendingLevels } from '../planning/alpha-spending.ts';
import { moreSampleNeeded, powerAfter } from '../planning/mid-experiment.ts';
import {
  minimumDetectableEffect,
  minimumDetectableEffectWithPrior,
  oneSidedPower,
  type PowerPlan,
  priorPower,
  relativePower,
  twoSidedPower,
} from '../planning/power.ts';
import { sampleSizePerArm } from '../planning/sample-size.ts';
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
  const prior = priorOf(i);
  if (prior) return priorPower(plan, effect, prior, i.relative !== false);
  // one side alone: all of alpha there, the far tail left out
  if (i.two_tailed === false || i.sides === 1) return oneSidedPower(plan, effect);
  return relativePower(plan, effect);
}

/** A prior as [mean, variance], or as fields; null for a flat one. */
function priorOf(i: Input): NormalPrior | null {
  const raw = i.prior;
  if (Array.isArray(raw)) return { mean: raw[0] as number, variance: raw[1] as number };
  const prior = raw as (NormalPrior & { readonly proper?: boolean }) | null | undefined;
  return prior && prior.proper !== false ? prior : null;
}

function leastEffectOf(i: Input, total: number): number {
  const plan = planOf(i, total);
  const prior = priorOf(i);
  const power = numberOf(i, 'power', 0.8);
  if (prior) return minimumDetectableEffectWithPrior(plan, power, prior, i.relative !== false);
  return minimumDetectableEffect(plan, power);
}

const byWeek = (i: Input, of: (i: Input, total: number) => number) =>
  Array.from({ length: numberOf(i, 'weeks') }, (_, week) => of(i, (week + 1) * numberOf(i, 'users_per_week')));

function planOf(i: Input, total: number): PowerPlan {
  const p = proportionOf(i);
  const sd = 'sd' in i ? numberOf(i, 'sd') : numberOf(i, 'standard_deviation', 0);
  return {
    mean: p ?? numberOf(i, 'mean'),
    variance: p === undefined ? numberOf(i, 'variance', sd * sd) : p * (1 - p),
    total,
    arms: armsOf(i),
    alpha: numberOf(i, 'alpha', 0.05),
    ...(tuningOf(i) !== undefined && { tuning: tuningOf(i) as number }),
  };
}

/** Arms with the control, under the names that peers give their number. */
const armsOf = (i: Input) =>
  numberOf(i, 'variations', numberOf(i, 'num_variations', numberOf(i, 'arms', numberOf(i, 'treatments', 2))));

function tuningOf(i: Input): number | undefined {
  for (const key of ['tuning', 'sequential_tuning_parameter']) if (typeof i[key] === 'number') return i[key];
  return undefined;
}

function runMidExperiment(i: Input): unknown {
  const pair = estimateArms(i.control as ArmSums, i.treatment as ArmSums);
  const effect = compareArms(pair, i.difference === 'absolute' ? 'absolute' : 'relative');
  const prior = priorOf(i);
  const options = {
    target: numberOf(i, 'target_mde'),
    power: numberOf(i, 'target_power', 0.8),
    alpha: numberOf(i, 'alpha', 0.05),
    tests: numberOf(i, 'tests', (armsOf(i) - 1) * numberOf(i, 'goal_metrics', numberOf(i, 'num_goal_metrics', 1))),
    ...(tuningOf(i) !== undefined && { tuning: tuningOf(i) as number }),
    ...(prior && { prior }),
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
  // a change of either direction: the variance at p in both arms, as LIFT.md has it
  const variance = p === undefined ? numberOf(i, 'variance') : p * (1 - p);
  // for k arms at their best sizes (half for a control, or all alike where all pairs are compared) both come to k·n
  return sampleSizePerArm({ ...common, variance }) * armsOf(i);
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
    run: (i) => ('weeks' in i ? byWeek(i, leastEffectOf) : leastEffectOf(i, numberOf(i, 'n_total'))),
  },
  {
    name: 'power by week',
    matches: (t, i) => /power/i.test(t) && 'weeks' in i,
    run: (i) => byWeek(i, relativePowerOf),
  },
  {
    name: 'power of a relative effect',
    matches: (t, i) => /power/i.test(t) && 'n_total' in i,
    run: (i) => relativePowerOf(i, numberOf(i, 'n_total')),
  },
  { name: 'sample size', matches: (t) => /sample size/i.test(t), run: runSampleSize },
  { name: 'power', matches: (t, i) => /power/i.test(t) && 'n1' in i, run: runPower },
];
