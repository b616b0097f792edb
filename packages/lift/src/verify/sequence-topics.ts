import { bernoulliInterval } from '../sequences/bernoulli-interval.ts';
import { betaBinomialMixture } from '../sequences/beta-binomial-mixture.ts';
import { gammaExponentialMixture, gammaPoissonMixture } from '../sequences/gamma-mixtures.ts';
import { bestRho, bestRhoOneSided, mixtureBound } from '../sequences/mixture.ts';
import { martingaleMargin, normalMixture, normalMixtureBound } from '../sequences/normal-mixture.ts';
import { quantileComparison } from '../sequences/quantile-comparison.ts';
import { doubleStitchingBound, empiricalProcessBound, polyStitchingBound } from '../sequences/stitching.ts';
import { numberOf, type Topic } from './vector-row.ts';

type Input = Readonly<Record<string, unknown>>;

/** "1..1000" or a list. */
function valuesOf(value: unknown): number[] {
  if (Array.isArray(value)) return value as number[];
  const match = /^(-?\d+)\.\.(-?\d+)$/.exec(String(value));
  if (!match) throw new TypeError(`not a list or a range: ${String(value)}`);
  const from = Number(match[1]);
  return Array.from({ length: Number(match[2]) - from + 1 }, (_, i) => from + i);
}

function oneSided(i: Input): boolean {
  if (typeof i.one_sided === 'boolean') return i.one_sided;
  if (typeof i.is_one_sided === 'boolean') return i.is_one_sided;
  return i.sided !== 2;
}

function runBoundary(i: Input): unknown {
  const n = (key: string, fallback?: number) => numberOf(i, key, fallback);
  const alphaOpt = n('alpha_opt', 0.05);
  const name = String(i.f);
  const stitched = () => ({ s: n('s', 1.4), eta: n('eta', 2) });
  if (/double_stitching/.test(name)) {
    return doubleStitchingBound(
      n('quantile_p'),
      n('t'),
      n('alpha'),
      n('t_opt'),
      n('delta', 0.5),
      stitched().s,
      stitched().eta,
    );
  }
  if (/poly_stitching/.test(name)) {
    return polyStitchingBound(n('v'), n('alpha'), n('v_min'), n('c', 0), stitched().s, stitched().eta);
  }
  if (/empirical_process/.test(name))
    return empiricalProcessBound(n('t'), n('alpha'), n('t_min'), n('A', n('a', 0.85)));
  if (/best_rho/.test(name))
    return (oneSided(i) ? bestRhoOneSided : bestRho)(n('v', n('v_opt', 0)), n('alpha', alphaOpt));
  const mixture = /gamma_exponential/.test(name)
    ? gammaExponentialMixture(n('v_opt'), n('c'), alphaOpt)
    : /gamma_poisson/.test(name)
      ? gammaPoissonMixture(n('v_opt'), n('c'), alphaOpt)
      : /beta_binomial/.test(name)
        ? betaBinomialMixture(n('v_opt'), n('g'), n('h'), alphaOpt, oneSided(i))
        : /normal/.test(name)
          ? normalMixture(n('v_opt'), alphaOpt, oneSided(i))
          : null;
  if (!mixture) throw new TypeError(`no boundary is called ${name}`);
  return /bound/.test(name) ? mixtureBound(mixture, n('v'), n('alpha')) : mixture.logValue(n('s'), n('v'));
}

function runNormalMixture(i: Input): unknown {
  const vOpt = numberOf(i, 'v_opt');
  const alphaOpt = numberOf(i, 'alpha_opt', 0.05);
  if ('s' in i) return normalMixture(vOpt, alphaOpt, oneSided(i)).logValue(numberOf(i, 's'), numberOf(i, 'v'));
  if ('v' in i)
    return normalMixtureBound(numberOf(i, 'v'), numberOf(i, 'alpha', alphaOpt), vOpt, alphaOpt, oneSided(i));
  return (oneSided(i) ? bestRhoOneSided : bestRho)(vOpt, alphaOpt);
}

/** Topics of anytime-valid boundaries. */
export const SEQUENCE_TOPICS: readonly Topic[] = [
  { name: 'boundary by name', matches: (_, i) => typeof i.f === 'string', run: runBoundary },
  { name: 'normal mixture', matches: (t, i) => /msprt|normal mixture/i.test(t) && 'v_opt' in i, run: runNormalMixture },
  {
    name: 'bernoulli interval',
    matches: (t, i) => /bernoulli/i.test(t) || ('successes' in i && 't_opt' in i),
    run: (i) =>
      bernoulliInterval(
        numberOf(i, 'successes'),
        numberOf(i, 'trials'),
        numberOf(i, 'alpha'),
        numberOf(i, 't_opt'),
        numberOf(i, 'alpha_opt', 0.05),
      ),
  },
  {
    name: 'quantile comparison',
    matches: (_, i) => 'quantile_p' in i && 'a' in i && 'b' in i,
    run: (i) =>
      quantileComparison(
        valuesOf(i.a),
        valuesOf(i.b),
        numberOf(i, 'quantile_p'),
        numberOf(i, 't_opt'),
        numberOf(i, 'alpha_opt', 0.05),
      ),
  },
  {
    name: 'martingale margin',
    matches: (t, i) => /martingale/i.test(t) || ('rho' in i && 'count' in i),
    run: (i) => {
      const margin = martingaleMargin(
        numberOf(i, 'variance'),
        numberOf(i, 'count'),
        numberOf(i, 'alpha'),
        numberOf(i, 'rho'),
      );
      const mean = numberOf(i, 'mean', 0);
      return { margin, mean, lower: mean - margin, upper: mean + margin, ci: [mean - margin, mean + margin] };
    },
  },
];
