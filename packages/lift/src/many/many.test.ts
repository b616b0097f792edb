import { expect, test } from 'vitest';
import { simulatePortfolio } from '../simulation/simulate-portfolio.ts';
import { simulateRanking } from '../simulation/simulate-ranking.ts';
import { closedEBenjaminiHochbergLog } from './closed-e-bh.ts';
import { eBenjaminiHochberg, eByLevel } from './e-bh.ts';
import { judgePortfolio, rankByShrunken, selectedInterval } from './judge-portfolio.ts';
import { benjaminiHochberg, holm, intervalFromAdjustedP } from './multiple-testing.ts';
import { betweenVariance, shrinkFamily } from './shrinkage.ts';

test('[H1] Holm and BH meet the peer, in the order given', () => {
  // growthbook packages/shared/test/experiments.test.ts
  const holmed = holm([0.01, 0.04, 0.03, 0.005, 0.55, 0.6]);
  [0.05, 0.12, 0.12, 0.03, 1, 1].forEach((want, i) => {
    expect(holmed[i]).toBeCloseTo(want, 12);
  });
  const bh = benjaminiHochberg([0.898, 0.138, 0.007, 0.964, 0.538, 0.006, 0.138]);
  [0.964, 0.2415, 0.0245, 0.964, 0.7532, 0.0245, 0.2415].forEach((want, i) => {
    expect(bh[i]).toBeCloseTo(want, 8);
  });
  expect(holm([])).toEqual([]);
});

test('[H2] the interval of an adjusted p just touches 0 when the adjusted p is alpha', () => {
  const [low, high] = intervalFromAdjustedP(0.1, 0.05);
  expect(low).toBeCloseTo(0, 12);
  expect(high).toBeCloseTo(0.2, 12);
  expect(intervalFromAdjustedP(0.1, 1)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('[E1] e-BH rejects the k* largest, a value just under its bar included only with others', () => {
  expect(eBenjaminiHochberg([100, 3, 45, 0.2, 70, 1], 0.1)).toEqual([0, 2, 4]);
  expect(eBenjaminiHochberg([20, 20], 0.1)).toEqual([0, 1]);
  expect(eBenjaminiHochberg([19.9, 1], 0.1)).toEqual([]);
  expect(eBenjaminiHochberg([9.9, 9.9], 0.1)).toEqual([]);
  expect(eBenjaminiHochberg([], 0.1)).toEqual([]);
  expect(eByLevel(0.05, 10, 1000)).toBeCloseTo(0.0005, 15);
});

test('[E1] e-BH agrees with its definition on random e-values', () => {
  let seed = 1;
  const next = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let round = 0; round < 200; round++) {
    const e = Array.from({ length: 1 + Math.floor(12 * next()) }, () => 1 / next() ** 2);
    const sorted = [...e].sort((a, b) => b - a);
    let k = 0;
    sorted.forEach((value, i) => {
      if (value >= e.length / (0.1 * (i + 1))) k = i + 1;
    });
    const want = e
      .map((value, i) => ({ value, i }))
      .sort((a, b) => b.value - a.value)
      .slice(0, k)
      .map(({ i }) => i);
    expect(eBenjaminiHochberg(e, 0.1)).toEqual(want.sort((a, b) => a - b));
  }
});

test('[E3] closed e-BH is the closure over every set of nulls, never less than e-BH and sometimes more', () => {
  let seed = 5;
  const next = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const alpha = 0.1;
  /** The definition: every one of the 2^m sets may be the true nulls. */
  const allowed = (e: readonly number[], rejected: readonly number[]) => {
    for (let set = 1; set < 2 ** e.length; set++) {
      const members = e.map((_, i) => i).filter((i) => (set >> i) & 1);
      const mean = members.reduce((sum, i) => sum + e[i]!, 0) / members.length;
      const inside = members.filter((i) => rejected.includes(i)).length;
      if (mean < inside / (alpha * rejected.length) - 1e-9) return false;
    }
    return true;
  };
  let more = 0;
  for (let round = 0; round < 120; round++) {
    const e = Array.from({ length: 1 + Math.floor(9 * next()) }, () => 1.2 / next() ** 2 - 1);
    const order = e.map((_, i) => i).sort((a, b) => e[b]! - e[a]!);
    let want: number[] = [];
    for (let k = 1; k <= e.length; k++) {
      const top = order.slice(0, k);
      if (e[top[k - 1]!]! >= 1 && allowed(e, top)) want = top;
    }
    const got = closedEBenjaminiHochbergLog(Float64Array.from(e, Math.log), alpha);
    expect(got).toEqual(want.sort((a, b) => a - b));
    const plain = eBenjaminiHochberg(e, alpha);
    expect(plain.every((i) => got.includes(i))).toBe(true);
    if (got.length > plain.length) more += 1;
  }
  expect(more).toBeGreaterThan(5);
});

test('[E2] with whatever is found kept, e-BH holds its false discoveries where rerun BH does not', () => {
  const result = simulatePortfolio({
    apps: 3000,
    looks: 60,
    effective: 0.1,
    effects: [0.03, 0.12],
    unitsPerLook: 100,
    seed: 2,
  });
  expect(result.eBh.falseDiscoveries).toBeLessThanOrEqual(0.05);
  expect(result.eBh.power).toBeGreaterThan(0.45);
  expect(result.closedEBh.falseDiscoveries).toBeLessThanOrEqual(0.05);
  expect(result.closedEBh.power).toBeGreaterThanOrEqual(0.55);
  expect(result.rerunBh.falseDiscoveries).toBeGreaterThan(0.1);
});

test('[R1] without spread between apps everything is shrunk to the family mean', () => {
  const family = { estimates: [0.01, -0.01, 0.02, -0.02], standardErrors: [1, 1, 1, 1] };
  expect(betweenVariance(family)).toBe(0);
  const { shrunken, mean } = shrinkFamily(family);
  expect(Array.from(shrunken)).toEqual([mean, mean, mean, mean]);
});

test('[R1] Â is Σw(L² − se²)/Σw with w = 1/se⁴, and a precise app keeps most of its estimate', () => {
  const family = { estimates: [1, 2, -1], standardErrors: [0.1, 0.5, 0.2] };
  const w = [1e4, 16, 625];
  const want = (w[0]! * 0.99 + w[1]! * 3.75 + w[2]! * 0.96) / (w[0]! + w[1]! + w[2]!);
  expect(betweenVariance(family)).toBeCloseTo(want, 12);
  const { shrunken } = shrinkFamily(family);
  expect(Math.abs(shrunken[0]! - 1)).toBeLessThan(0.02);
  expect(Math.abs(shrunken[1]! - 2)).toBeGreaterThan(0.1);
});

test('[R2] the top of a shrunken ranking truly has at least four times what the top of a raw one has', () => {
  const result = simulateRanking({ apps: 30_000, top: 300, effectSd: 0.006, errors: [0.002, 0.08], seed: 9 });
  expect(result.shrunken.true).toBeGreaterThan(4 * result.raw.true);
  expect(result.raw.claimed).toBeGreaterThan(20 * result.raw.true);
  expect(Math.abs(result.shrunken.claimed / result.shrunken.true - 1)).toBeLessThan(0.15);
});

test('[J1] the pass over all apps gives each app what it has alone, and says nothing of apps with few units', () => {
  const columns = {
    controlN: Float64Array.of(2000, 2000, 5),
    controlMean: Float64Array.of(1, 1, 1),
    controlM2: Float64Array.of(1999, 1999, 4),
    treatmentN: Float64Array.of(2000, 2000, 5),
    treatmentMean: Float64Array.of(1.3, 1.01, 9),
    treatmentM2: Float64Array.of(1999, 1999, 4),
  };
  const result = judgePortfolio(columns);
  expect(result.difference[0]).toBeCloseTo(0.3, 12);
  expect(result.standardError[0]).toBeCloseTo(Math.sqrt(2 / 2000), 12);
  expect(result.lower[0]).toBeGreaterThan(0);
  expect(result.lower[1]).toBeLessThan(0);
  expect(result.difference[2]).toBeNaN();
  expect(result.upper[2]).toBe(Number.POSITIVE_INFINITY);
  expect(result.selected).toEqual([0]);
  expect(rankByShrunken(result)).toEqual([0, 1]);
  // a selected app shows the wider e-BY interval
  expect(selectedInterval(result, columns, 0)[0]).toBeLessThan(result.lower[0] as number);
});
