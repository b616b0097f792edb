import { expect, test } from 'vitest';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { quantileComparison } from './quantile-comparison.ts';
import { quantileDifference } from './quantile-difference.ts';

/** Waiting times: skewed, most small and few long. */
function waits(seed: number, size: number, scale = 1): number[] {
  const normal = normalSampler(seededRandom(seed));
  return Array.from({ length: size }, () => scale * Math.exp(normal()));
}

test('[A8] a shift is excluded exactly where the comparison of the shifted arms says so', () => {
  const control = waits(1, 700);
  const treatment = waits(2, 900, 1.5);
  for (const [quantile, alpha] of [
    [0.5, 0.05],
    [0.9, 0.05],
    [0.9, 0.01],
    [0.2, 0.1],
  ] as const) {
    const { interval, logE, pValue } = quantileDifference(control, treatment, quantile, { alpha, tOpt: 400 });
    expect(pValue).toBe(quantileComparison(control, treatment, quantile, 400));
    expect(pValue).toBe(Math.min(1, Math.exp(-logE)));
    for (const end of interval)
      for (const nudge of [-1e-7, 1e-7]) {
        const shift = end + nudge;
        const shifted = treatment.map((value) => value - shift);
        const inside = interval[0] < shift && shift < interval[1];
        expect(quantileComparison(control, shifted, quantile, 400) > alpha).toBe(inside);
      }
  }
});

test('[A8] the ratio of waiting times is the interval of the differences of their logarithms', () => {
  const [control, treatment] = [waits(3, 600), waits(4, 600, 0.7)];
  const { relative } = quantileDifference(control, treatment, 0.75, { tOpt: 300 });
  const logs = quantileDifference(control.map(Math.log), treatment.map(Math.log), 0.75, { tOpt: 300 });
  expect(relative?.[0]).toBeCloseTo(Math.exp(logs.interval[0]) - 1, 10);
  expect(relative?.[1]).toBeCloseTo(Math.exp(logs.interval[1]) - 1, 10);
  // logarithms of short waits are below 0: nothing to take a ratio of
  expect(quantileDifference(control.map(Math.log), treatment.map(Math.log), 0.25).relative).toBeNull();
});

test('[A8] equal arms are told apart in at most one of twenty, though looked at 20 times; the true shift stays inside', () => {
  let wrong = 0;
  let missed = 0;
  const runs = 60;
  for (let seed = 1; seed <= runs; seed++) {
    const [control, treatment] = [waits(2 * seed, 800), waits(2 * seed + 1, 800)];
    const moved = treatment.map((value) => value + 1);
    let [erred, left] = [false, false];
    for (let n = 40; n <= 800; n += 40) {
      const one = quantileDifference(control.slice(0, n), treatment.slice(0, n), 0.9, { tOpt: 400 }).interval;
      const two = quantileDifference(control.slice(0, n), moved.slice(0, n), 0.9, { tOpt: 400 }).interval;
      if (one[0] > 0 || one[1] < 0) erred = true;
      if (two[0] > 1 || two[1] < 1) left = true;
    }
    if (erred) wrong++;
    if (left) missed++;
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.05);
  expect(missed / runs).toBeLessThanOrEqual(0.05);
});

test('[A8] few units leave an end open, tied totals do no harm, and no units are refused', () => {
  expect(quantileDifference([1, 2, 3], [1, 2, 3], 0.9).interval).toEqual([-Infinity, Infinity]);
  const tied = quantileDifference(Array(500).fill(2), Array(500).fill(5), 0.5);
  expect(tied).toMatchObject({ interval: [3, 3], controlQuantile: 2, treatmentQuantile: 5 });
  expect(tied.pValue).toBeLessThan(1e-6);
  expect(() => quantileDifference([], [1], 0.5)).toThrow('at least one unit');
});
