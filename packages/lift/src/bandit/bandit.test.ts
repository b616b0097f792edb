import { expect, test } from 'vitest';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { bestArmStopping, leadingArm } from './best-arm-stopping.ts';
import { banditAssignment, chanceBest, topTwoShares } from './top-two-thompson.ts';
import { optimalAllocation } from './track-and-stop.ts';
import { floorWeights } from './weight-floor.ts';

test('[T1] the floor leaves every arm its part', () => {
  floorWeights([0.7, 0.2, 0.1, 0], 0.1).forEach((w, i) => {
    expect(w).toBeCloseTo([0.52, 0.22, 0.16, 0.1][i] as number, 12);
  });
  expect(floorWeights([0.9, 0.1], -1)).toEqual([0.9, 0.1]);
  expect(floorWeights([0.9, 0.1], 0.6)).toEqual([0.5, 0.5]);
});

test('[T2] close arms do not stop, clear ones do; ties go to the better known arm', () => {
  // tensorzero check_stopping.rs
  const close = bestArmStopping({ pulls: [50, 50, 50], means: [0.5, 0.52, 0.51], variances: [0.2, 0.2, 0.2] });
  expect(close.stop).toBe(false);
  expect(close.minGlr).toBeCloseTo(0.00625, 12);
  expect(close.threshold).toBeCloseTo(4.789262722687026, 12);
  expect(bestArmStopping({ pulls: [500, 500], means: [0.2, 0.8], variances: [0.2, 0.2] }).stop).toBe(true);
  expect(bestArmStopping({ pulls: [500, 3], means: [0.2, 9], variances: [0.2, 0.2] }, { minPulls: 10 }).stop).toBe(
    false,
  );
  expect(leadingArm({ pulls: [9, 9, 9], means: [0.7, 0.7, 0.5], variances: [0.3, 0.1, 0.2] })).toBe(1);
  expect(leadingArm({ pulls: [9, 9], means: [1, 2], variances: [1, 1] }, 'min')).toBe(0);
});

test('[T3] optimal allocations meet the peer, regularised and not, for maxima and minima', () => {
  // tensorzero estimate_optimal_probabilities.rs
  const min = optimalAllocation(
    { pulls: [20, 20, 20], means: [10, 12, 11], variances: [2, 3.5, 2.5] },
    { epsilon: 0.5, minShare: 0.05, regularisation: 0.1, optimize: 'min' },
  );
  [0.411818058014078, 0.14418411319317, 0.443997828792751].forEach((want, i) => {
    expect(Math.abs(min[i]! - want)).toBeLessThan(1e-5);
  });
  const close = optimalAllocation(
    { pulls: [10, 10, 10], means: [0.5, 0.51, 0.3], variances: [0.1, 0.1, 0.1] },
    { epsilon: 0.01, minShare: 0.01 },
  );
  expect(close.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 9);
  [0.494996029290799, 0.495003970556052, 0.010000000211085].forEach((want, i) => {
    expect(Math.abs(close[i]! - want)).toBeLessThan(1e-5);
  });
  expect(() => optimalAllocation({ pulls: [1, 1], means: [1, 2], variances: [1, 1] }, { minShare: 0.6 })).toThrow(
    'cannot each',
  );
});

test('[T4] top-two shares favour the best and keep the runner-up fed', () => {
  const chances = chanceBest(
    [
      { mean: 1, standardError: 0.1 },
      { mean: 0.9, standardError: 0.1 },
      { mean: 0, standardError: 0.1 },
    ],
    seededRandom(1),
  );
  expect(chances[0]).toBeGreaterThan(0.7);
  const shares = topTwoShares(chances);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(shares[1]).toBeGreaterThan(chances[1] as number);
  expect(topTwoShares([1, 0])[0]).toBeCloseTo(0.5, 3);
});

test('[T5] the fixed evaluation slice estimates without bias what adaptive traffic underestimates', () => {
  const random = seededRandom(77);
  const normal = normalSampler(random);
  let adaptive = 0;
  let fixed = 0;
  const runs = 3000;
  for (let run = 0; run < runs; run++) {
    const all = [
      { sum: 0, n: 0 },
      { sum: 0, n: 0 },
    ];
    const slice = [
      { sum: 0, n: 0 },
      { sum: 0, n: 0 },
    ];
    for (let step = 0; step < 40; step++) {
      // greedy after the first pulls: the most biased of policies
      const mean = (i: number) => (all[i]!.n < 2 ? 9 : all[i]!.sum / all[i]!.n);
      const shares = mean(0) >= mean(1) ? [1, 0] : [0, 1];
      const { arm, evaluated } = banditAssignment(random(), shares, 0.3);
      const reward = normal();
      all[arm]!.sum += reward;
      all[arm]!.n += 1;
      if (evaluated) {
        slice[arm]!.sum += reward;
        slice[arm]!.n += 1;
      }
    }
    adaptive += all[0]!.n ? all[0]!.sum / all[0]!.n / runs : 0;
    fixed += slice[0]!.n ? slice[0]!.sum / slice[0]!.n / runs : 0;
  }
  expect(adaptive).toBeLessThan(-0.05);
  expect(Math.abs(fixed)).toBeLessThan(0.03);
});
