import { equalWeights } from '../assignment/bucket-ranges.ts';
import { topTwoShares } from '../bandit/top-two-thompson.ts';
import { DEFAULT_TUNING, logEProcess, sequenceMultiplier, sequenceRho } from '../compare/asymptotic-sequence.ts';
import { compareArms } from '../compare/effect.ts';
import { type FiellerSet, fiellerRoots, fiellerSet } from '../compare/fieller.ts';
import { shrinkFamily } from '../many/shrinkage.ts';
import { type ArmSums, estimateArms } from '../metrics/estimate-arms.ts';
import { quantileRanks } from '../metrics/quantile.ts';
import { ratioVariance } from '../metrics/ratio.ts';
import { normalQuantile } from '../numerics/normal.ts';
import { listOf, numberOf, requiredList, type Topic } from './vector-row.ts';

type Input = Readonly<Record<string, unknown>>;

const tuningOf = (i: Input) => numberOf(i, 'sequential_tuning_parameter', numberOf(i, 'tuning', DEFAULT_TUNING));

function shownSet(set: FiellerSet): unknown {
  if (set.kind !== 'interval') return { kind: set.kind, ci: null, unbounded: true };
  return { kind: set.kind, ci: set.interval, lower: set.interval[0], upper: set.interval[1], unbounded: false };
}

/** By two arms, or by the five moments of numerator and denominator; z given, of a sequence, or of one look. */
function runFieller(i: Input): unknown {
  const alpha = numberOf(i, 'alpha', 0.05);
  const sequential = 'tuning' in i || 'sequential_tuning_parameter' in i;
  const multiplier = (n: number) =>
    typeof i.z === 'number'
      ? i.z
      : sequential
        ? sequenceMultiplier(n, alpha, tuningOf(i))
        : normalQuantile(1 - alpha / 2);
  if ('control' in i) {
    const pair = estimateArms(i.control as ArmSums, i.treatment as ArmSums);
    return shownSet(fiellerSet(pair, multiplier(pair.control.n + pair.treatment.n)));
  }
  const n = (key: string, fallback?: number) => numberOf(i, key, fallback);
  return shownSet(fiellerRoots(n('a'), n('b'), n('var_a'), n('var_b'), n('cov_ab', 0), multiplier(n('n', 0))));
}

function runEProcess(i: Input): unknown {
  const effect =
    'control' in i
      ? compareArms(
          estimateArms(i.control as ArmSums, i.treatment as ArmSums),
          i.difference === 'relative' ? 'relative' : 'absolute',
        )
      : {
          estimate: numberOf(i, 'delta', numberOf(i, 'estimate', 0)),
          standardError: numberOf(i, 'se'),
          n: numberOf(i, 'n'),
        };
  const rho = numberOf(i, 'rho', sequenceRho(numberOf(i, 'alpha', 0.05), tuningOf(i)));
  const logE = logEProcess(effect.estimate, effect.standardError, effect.n, rho);
  return { e: Math.exp(logE), log_e: logE, p: Math.min(1, Math.exp(-logE)) };
}

function runShrinkage(i: Input): unknown {
  const estimates = listOf(i, 'estimates') ?? listOf(i, 'lifts') ?? requiredList(i, 'L');
  const standardErrors = listOf(i, 'standard_errors') ?? requiredList(i, 'se');
  const { mean, variance, shrunken } = shrinkFamily({ estimates, standardErrors });
  return { mean, A: variance, variance, shrunken: Array.from(shrunken) };
}

/** Topics that follow from a definition rather than from a peer's test. */
export const DERIVED_TOPICS: readonly Topic[] = [
  { name: 'Fieller set', matches: (t) => /fieller/i.test(t), run: runFieller },
  { name: 'e-process', matches: (t) => /e-process|e-value/i.test(t), run: runEProcess },
  { name: 'shrinkage', matches: (t) => /shrink|empirical bayes/i.test(t), run: runShrinkage },
  {
    name: 'equal weights',
    matches: (t) => /equal weights/i.test(t),
    run: (i) => equalWeights(numberOf(i, 'numVariations', numberOf(i, 'n', 0))),
  },
  {
    name: 'top-two shares',
    matches: (t) => /top-two/i.test(t),
    run: (i) => topTwoShares(requiredList(i, 'chances'), numberOf(i, 'beta', 0.5)),
  },
  {
    name: 'variance of a ratio',
    matches: (_, i) => 'mean_m' in i && 'mean_d' in i,
    run: (i) =>
      ratioVariance(
        numberOf(i, 'mean_m'),
        numberOf(i, 'var_m'),
        numberOf(i, 'mean_d'),
        numberOf(i, 'var_d'),
        numberOf(i, 'cov_m_d', numberOf(i, 'cov', 0)),
      ),
  },
  {
    name: 'quantile ranks',
    matches: (t, i) => /rank/i.test(t) && 'nu' in i,
    run: (i) => quantileRanks(numberOf(i, 'n'), numberOf(i, 'nu')),
  },
];
