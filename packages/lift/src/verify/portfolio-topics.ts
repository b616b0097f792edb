import { inNamespace } from '../assignment/assign-variant.ts';
import { type BucketRange, bucketRanges, chooseVariation } from '../assignment/bucket-ranges.ts';
import { hashUnit } from '../assignment/hash-unit.ts';
import { type ArmStatistics, bestArmStopping } from '../bandit/best-arm-stopping.ts';
import { optimalAllocation } from '../bandit/track-and-stop.ts';
import { floorWeights } from '../bandit/weight-floor.ts';
import { logDirichletSequence, logMultinomialSequence, sampleRatioPValue } from '../health/sample-ratio.ts';
import { closedEBenjaminiHochbergLog } from '../many/closed-e-bh.ts';
import { eBenjaminiHochberg, eByLevel } from '../many/e-bh.ts';
import { benjaminiHochberg, holm, intervalFromAdjustedP } from '../many/multiple-testing.ts';
import { mergeSums } from '../stream/merge-sums.ts';
import { listOf, numberOf, requiredList, type Topic } from './vector-row.ts';

type Input = Readonly<Record<string, unknown>>;

const armsOf = (i: Input): ArmStatistics => ({
  pulls: requiredList(i, 'pulls'),
  means: requiredList(i, 'means'),
  variances: requiredList(i, 'variances'),
});

const direction = (i: Input) => (i.optimize === 'min' ? 'min' : 'max') as 'min' | 'max';

function runStopping(i: Input): unknown {
  const decision = bestArmStopping(armsOf(i), {
    delta: numberOf(i, 'delta', 0.05),
    epsilon: numberOf(i, 'epsilon', 0),
    minPulls: numberOf(i, 'min_pulls', 0),
    varianceFloor: numberOf(i, 'variance_floor', 1e-12),
    optimize: direction(i),
  });
  return {
    min_glr: decision.minGlr,
    threshold: decision.threshold,
    stop: decision.stop,
    leader: decision.leader,
    winner: decision.stop ? decision.leader : null,
  };
}

function runAllocation(i: Input): number[] {
  return optimalAllocation(armsOf(i), {
    epsilon: numberOf(i, 'epsilon', 0),
    minShare: numberOf(i, 'min_prob', 0),
    regularisation: numberOf(i, 'reg0', 0),
    varianceFloor: numberOf(i, 'variance_floor', 1e-12),
    optimize: direction(i),
  });
}

/** Cumulative log marginal likelihoods after each row of assignments. */
function runSequentialSampleRatio(i: Input): unknown {
  const weights = requiredList(i, 'null');
  const strength = numberOf(i, 'strength', 10_000);
  const alpha = listOf(i, 'dirichlet_alpha') ?? weights.map((w) => strength * w);
  const counts = weights.map(() => 0);
  const got = { log_m1: [] as number[], log_m0: [] as number[], bayes_factor: [] as number[], p: [] as number[] };
  let least = 1;
  for (const row of i.data as number[][]) {
    row.forEach((value, arm) => {
      counts[arm] = (counts[arm] as number) + value;
    });
    const m1 = logDirichletSequence(counts, alpha);
    const m0 = logMultinomialSequence(counts, weights);
    least = Math.min(least, Math.exp(m0 - m1));
    got.log_m1.push(m1);
    got.log_m0.push(m0);
    got.bayes_factor.push(Math.exp(m1 - m0));
    got.p.push(least);
  }
  return got;
}

function runBuckets(i: Input): unknown {
  return bucketRanges(numberOf(i, 'numVariations'), numberOf(i, 'coverage', 1), listOf(i, 'weights'));
}

/** Topics about many hypotheses, traffic and assignment. */
export const PORTFOLIO_TOPICS: readonly Topic[] = [
  {
    name: 'closed e-BH',
    matches: (t) => /closed e-?bh/i.test(t),
    run: (i) => closedEBenjaminiHochbergLog(Float64Array.from(requiredList(i, 'e'), Math.log), numberOf(i, 'alpha')),
  },
  {
    name: 'e-BH',
    matches: (t) => /e-?bh/i.test(t),
    run: (i) => eBenjaminiHochberg(requiredList(i, 'e'), numberOf(i, 'alpha')),
  },
  {
    name: 'e-BY',
    matches: (t) => /e-?by/i.test(t),
    run: (i) => eByLevel(numberOf(i, 'alpha'), numberOf(i, 'selected'), numberOf(i, 'm')),
  },
  { name: 'Holm', matches: (t) => /holm/i.test(t), run: (i) => holm(requiredList(i, 'p')) },
  { name: 'BH', matches: (t) => /bh|benjamini/i.test(t), run: (i) => benjaminiHochberg(requiredList(i, 'p')) },
  {
    name: 'interval of an adjusted p',
    matches: (_, i) => 'p_adjusted' in i,
    run: (i) => intervalFromAdjustedP(numberOf(i, 'lift'), numberOf(i, 'p_adjusted'), numberOf(i, 'alpha', 0.05)),
  },
  {
    name: 'SRM',
    matches: (_, i) => 'users' in i && 'weights' in i,
    // a peer that lists fewer arms than weights compares those that are there
    run: (i) => {
      const users = requiredList(i, 'users');
      return sampleRatioPValue(users, requiredList(i, 'weights').slice(0, users.length));
    },
  },
  { name: 'sequential SRM', matches: (_, i) => 'data' in i && 'null' in i, run: runSequentialSampleRatio },
  {
    name: 'weight floor',
    matches: (t, i) => /floor/i.test(t) && 'w' in i,
    run: (i) => floorWeights(requiredList(i, 'w'), numberOf(i, 'f')),
  },
  { name: 'best-arm stopping', matches: (t) => /stopping|glr/i.test(t), run: runStopping },
  { name: 'best-arm allocation', matches: (t, i) => /allocation|track/i.test(t) && 'pulls' in i, run: runAllocation },
  {
    name: 'mergeable moments',
    matches: (t, i) => /merge/i.test(t) && 'a' in i,
    run: (i) => mergeSums(i.a as Record<string, number>, i.b as Record<string, number>),
  },
  {
    name: 'hash',
    matches: (_, i) => 'seed' in i && 'value' in i,
    run: (i) => hashUnit(String(i.seed), String(i.value), numberOf(i, 'version', 2)),
  },
  { name: 'buckets', matches: (_, i) => 'numVariations' in i, run: runBuckets },
  {
    name: 'choose variation',
    matches: (_, i) => 'ranges' in i && 'n' in i,
    run: (i) => chooseVariation(numberOf(i, 'n'), i.ranges as BucketRange[]),
  },
  {
    name: 'namespace',
    matches: (t, i) => /namespace/i.test(t) || Array.isArray(i.namespace),
    run: (i) => {
      const [id, from, to] = i.namespace as [string, number, number];
      return inNamespace(String(i.id ?? i.value ?? i.unit ?? i.userId), { id, from, to });
    },
  },
];
