import { asymptoticSequence, DEFAULT_TUNING, sequenceRho } from '../compare/asymptotic-sequence.ts';
import { gaussianPosterior, priorOnAbsoluteScale } from '../compare/bayes.ts';
import { type BinaryArm, betaBinomial } from '../compare/beta-binomial.ts';
import { compareArms, type Effect, type Interval } from '../compare/effect.ts';
import { fixedHorizon, type Sides } from '../compare/fixed-horizon.ts';
import { LiftError } from '../lift-error.ts';
import { type CupedSums, cupedTheta } from '../metrics/cuped-mean.ts';
import { type CupedRatioSums, sumCupedRatio } from '../metrics/cuped-ratio.ts';
import { type ArmPair, type ArmSums, estimateArms } from '../metrics/estimate-arms.ts';
import { differenceVariance } from '../planning/power.ts';
import { numberOf, requiredList, type Topic } from './vector-row.ts';

type Input = Readonly<Record<string, unknown>>;

const open = (interval: Interval) => interval.map((end) => (Number.isFinite(end) ? end : null));

/** Vector files know clustered quantiles by their extra sums, and spell types in more than one way. */
function armSums(value: unknown): ArmSums {
  const sums = value as Record<string, unknown>;
  const type = String(sums.type ?? ('nu' in sums ? 'quantile' : 'sum_squares' in sums ? 'mean' : 'proportion'));
  if (/quantile/.test(type)) {
    const clustered = 'n_clusters' in sums;
    return {
      ...sums,
      n_star: sums.n_star ?? sums.n,
      type: clustered ? 'quantile_clustered' : 'quantile',
    } as unknown as ArmSums;
  }
  if (/cuped|regression|adjusted/.test(type)) {
    return { ...sums, type: 'm_post_sum' in sums ? 'cuped_ratio' : 'cuped' } as unknown as ArmSums;
  }
  if (/binom|proportion/.test(type)) return { ...sums, type: 'proportion' } as unknown as ArmSums;
  return { ...sums, type: type === 'revenue' || type === 'duration' ? 'mean' : type } as unknown as ArmSums;
}

const pairOf = (input: Input): ArmPair =>
  estimateArms(armSums(input.control), armSums(input.treatment), input.theta as number | undefined);

const differenceOf = (input: Input) => (input.difference === 'relative' ? 'relative' : 'absolute');

/** Where the data refuse an estimate the peers report "no effect"; a vector may ask for that. */
function orUninformative<T>(compute: () => T): T | Record<string, unknown> {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LiftError && error.code === 'not_enough_data') {
      return { expected: 0, se: 0, ci: [0, 0], p: 1, ctw: 0.5, risk: [0, 0] };
    }
    throw error;
  }
}

/** The peers refuse a comparison in which either arm does not vary; we refuse one in which neither does. */
function requireBothVary({ control, treatment }: ArmPair): void {
  if (control.unadjustedVariance > 0 && treatment.unadjustedVariance > 0) return;
  throw new LiftError('not_enough_data', 'An arm does not vary.', {});
}

function runTest(input: Input): unknown {
  const pair = pairOf(input);
  requireBothVary(pair);
  const effect = compareArms(pair, differenceOf(input));
  const test = String(input.test ?? 'welch t two');
  const sides = (/greater/.exec(test)?.[0] ?? /lesser|less/.exec(test)?.[0] ?? 'two').replace(
    /^less$/,
    'lesser',
  ) as Sides;
  const alpha = numberOf(input, 'alpha', 0.05);
  if (!/sequence|sequential/.test(test)) {
    const result = fixedHorizon(effect, { alpha, sides });
    return { ...shown(effect), ci: open(result.interval), p: result.pValue, dof: result.degrees };
  }
  const tuning = numberOf(input, 'sequential_tuning_parameter', numberOf(input, 'tuning', DEFAULT_TUNING));
  const result = asymptoticSequence(effect, { alpha, sides, tuning });
  const p = sides === 'two' ? result.pValue : searchedPValue(effect, sides, alpha, tuning);
  return { ...shown(effect), ci: open(result.interval), p, p_exact: result.pValue };
}

/**
 * The peer's one-sided p-value: levels between 1e−5 and 0.4999 are halved until the bound is within 1e−6 of 0, and
 * the middle of what is left is reported. It strays from the exact level (`asymptoticSequence`, closed form) by up to
 * about 1e−4 and depends on the metric's scale, so it is used for comparison with the peer only.
 */
function searchedPValue(effect: Effect, sides: Sides, alpha: number, tuning: number): number {
  const gap = sides === 'greater' ? effect.estimate : -effect.estimate;
  const rho = sequenceRho(2 * alpha, tuning);
  const k = effect.n * rho * rho + 1;
  let low = 1e-5;
  let high = 0.4999;
  for (let i = 0; i < 100; i++) {
    const level = (low + high) / 2;
    const half = Math.sqrt((2 * k * Math.log1p(Math.sqrt(k) / (2 * level))) / effect.n) / rho;
    const bound = gap - half * effect.standardError;
    if (bound < 0) low = level;
    else high = level;
    if (Math.abs(bound) < 1e-6) break;
  }
  return (low + high) / 2;
}

const shown = (effect: Effect) => ({
  expected: effect.estimate,
  lift: effect.estimate,
  diff: effect.estimate,
  se: effect.standardError,
});

function runBayes(input: Input): unknown {
  const pair = pairOf(input);
  const difference = differenceOf(input);
  const effect = compareArms(pair, difference);
  const raw = input.prior as readonly [number, number] | { mean: number; variance: number; proper?: boolean } | null;
  let prior = null;
  if (Array.isArray(raw)) prior = { mean: raw[0] as number, variance: raw[1] as number };
  else if (raw && 'mean' in raw && raw.proper !== false) prior = { mean: raw.mean, variance: raw.variance };
  if (prior && difference === 'absolute') prior = priorOnAbsoluteScale(prior, pair.control.unadjustedMean);
  const result = gaussianPosterior(effect, {
    prior,
    alpha: numberOf(input, 'alpha', 0.05),
    inverse: input.inverse === true,
  });
  return {
    expected: result.estimate,
    se: result.standardError,
    ci: result.interval,
    ctw: result.chanceToWin,
    risk: result.expectedLoss,
  };
}

function runBetaBinomial(input: Input): unknown {
  const prior = Array.isArray(input.prior) ? (input.prior as [number, number]) : ([0.5, 0.5] as const);
  const result = betaBinomial(input.control as BinaryArm, input.treatment as BinaryArm, { prior });
  return {
    p_treatment_better: result.chanceToWin,
    diff: result.difference,
    ci: result.interval,
    loss_control: result.expectedLoss[0],
    loss_treatment: result.expectedLoss[1],
  };
}

function runThreeArms(input: Input): unknown {
  const { control, ...rest } = input;
  const got: Record<string, number> = {};
  for (const [name, sums] of Object.entries(rest)) {
    if (typeof sums !== 'object' || sums === null) continue;
    const pair = estimateArms(armSums(control), armSums(sums));
    got.sd_control = Math.sqrt(pair.control.variance);
    got[`sd_${name}`] = Math.sqrt(pair.treatment.variance);
  }
  return got;
}

function rawRatio(value: unknown): CupedRatioSums {
  const raw = value as Input;
  return sumCupedRatio(
    requiredList(raw, 'm_post'),
    requiredList(raw, 'd_post'),
    requiredList(raw, 'm_pre'),
    requiredList(raw, 'd_pre'),
  );
}

function runTheta(input: Input): unknown {
  const sums = (pre: number[], post: number[]): CupedSums => ({
    type: 'cuped',
    n: pre.length,
    y_sum: post.reduce((s, v) => s + v, 0),
    y_sum_squares: post.reduce((s, v) => s + v * v, 0),
    x_sum: pre.reduce((s, v) => s + v, 0),
    x_sum_squares: pre.reduce((s, v) => s + v * v, 0),
    xy_sum: pre.reduce((s, v, i) => s + v * (post[i] as number), 0),
  });
  if ('control' in input) return { theta: pairOf(input).theta };
  const arm = sums(requiredList(input, 'pre'), requiredList(input, 'post'));
  return { theta: cupedTheta(arm, arm) };
}

/** Expected loss [of control, of treatment] of a normal posterior. */
function runExpectedLoss(i: Input): readonly number[] {
  const mean = numberOf(i, 'mu', numberOf(i, 'mean', Number.NaN));
  const sd = numberOf(i, 'sigma', numberOf(i, 'sd', Number.NaN));
  return gaussianPosterior({ estimate: mean, standardError: sd }, { inverse: i.inverse === true }).expectedLoss;
}

/** Topics that compare a control with a treatment. Order matters: the first that matches answers. */
export const COMPARISON_TOPICS: readonly Topic[] = [
  { name: 'beta-binomial', matches: (t) => /beta-?binomial/i.test(t), run: runBetaBinomial },
  { name: 'expected loss', matches: (_, i) => 'mu' in i && 'sigma' in i, run: runExpectedLoss },
  { name: 'cuped theta', matches: (t) => /cuped theta/i.test(t), run: runTheta },
  {
    name: 'cuped arms',
    matches: (t, i) => /arms/i.test(t) && 'control' in i && !('treatment' in i),
    run: runThreeArms,
  },
  {
    name: 'cuped ratio from raw units',
    matches: (_, i) => 'm_post' in ((i.control ?? {}) as object),
    run: (i) => {
      const pair = estimateArms(rawRatio(i.control), rawRatio(i.treatment), i.theta as number | undefined);
      return { ...shown(compareArms(pair, i.difference === 'absolute' ? 'absolute' : 'relative')), theta: pair.theta };
    },
  },
  {
    name: 'bayes',
    matches: (t, i) => /bayes|prior/i.test(t) && 'treatment' in i,
    run: (i) => orUninformative(() => runBayes(i)),
  },
  {
    name: 'delta method',
    matches: (t, i) => /delta method/i.test(t) && 'var_a' in i,
    run: (i) =>
      differenceVariance(
        { variance: numberOf(i, 'var_a'), mean: numberOf(i, 'mean_a'), n: numberOf(i, 'n_a') },
        { variance: numberOf(i, 'var_b'), mean: numberOf(i, 'mean_b'), n: numberOf(i, 'n_b') },
        i.relative === true,
      ),
  },
  {
    name: 'test of two arms',
    matches: (t, i) => 'control' in i && 'treatment' in i && !/mid-?experiment/i.test(t),
    run: (i, row) => {
      const got = orUninformative(() => runTest(i)) as { p: number };
      return typeof row.expected === 'number' ? got.p : got;
    },
  },
];
