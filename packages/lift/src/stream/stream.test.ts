import { expect, test } from 'vitest';
import { fnv1a32 } from '../assignment/hash-unit.ts';
import { absoluteEffect } from '../compare/effect.ts';
import { quantileSums } from '../metrics/cuped-quantile.ts';
import { sumCupedRatio } from '../metrics/cuped-ratio.ts';
import { estimateArms } from '../metrics/estimate-arms.ts';
import { normalSampler, seededRandom } from '../numerics/random.ts';
import { type AggregateShape, createAggregate, estimateAggregates } from './estimate-moments.ts';
import { mergeSums } from './merge-sums.ts';
import {
  addUnit,
  changeUnit,
  covarianceOf,
  createMoments,
  meanOf,
  mergeMoments,
  momentsFromJson,
  momentsToJson,
} from './moments.ts';
import {
  addToSketch,
  createQuantileSketch,
  mergeSketches,
  moveInSketch,
  sketchQuantileSums,
} from './quantile-sketch.ts';
import {
  aggregateOf,
  armMoments,
  createUnitLedger,
  expose,
  type LedgerEvent,
  mergeAggregates,
  record,
} from './unit-ledger.ts';

const normal = normalSampler(seededRandom(41));
const relative = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b));

test('[X1] adding, changing and merging units all give the moments of the definition', () => {
  const rows = Array.from({ length: 500 }, () => [10 + normal(), 3 * normal()]);
  const whole = createMoments(2);
  for (const row of rows) addUnit(whole, row);
  const left = createMoments(2);
  const right = createMoments(2);
  rows.forEach((row, i) => {
    // enters with half its value and is moved to the whole of it later
    const half = row.map((value) => value / 2);
    const side = i < 120 ? left : right;
    addUnit(side, half);
    changeUnit(side, half, half);
  });
  const merged = mergeMoments(left, right);
  const mean = rows.reduce((sum, row) => sum + row[0]!, 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (row[0]! - mean) ** 2, 0) / (rows.length - 1);
  for (const moments of [whole, merged]) {
    expect(moments[0]).toBe(500);
    expect(relative(meanOf(moments, 0), mean)).toBeLessThan(1e-13);
    expect(relative(covarianceOf(moments, 0, 0), variance)).toBeLessThan(1e-12);
  }
  expect(relative(covarianceOf(merged, 0, 1), covarianceOf(whole, 1, 0))).toBeLessThan(1e-12);
});

test('[X2] moments survive JSON bit for bit, and nonsense is refused', () => {
  const moments = createMoments(4);
  for (let i = 0; i < 9; i++) addUnit(moments, [normal(), normal(), normal(), normal()]);
  expect(momentsFromJson(JSON.parse(JSON.stringify(momentsToJson(moments))))).toEqual(moments);
  expect(() => momentsFromJson([1, 2])).toThrow('no moments');
  expect(() => mergeMoments(createMoments(1), createMoments(2))).toThrow('different kinds');
  expect(mergeMoments(createMoments(4), moments)).toEqual(moments);
});

test('[X3] two arms of any type take at most 250 bytes', () => {
  for (const metric of ['mean', 'count', 'proportion', 'ratio'] as const) {
    for (const covariate of [false, true]) {
      expect(2 * createAggregate({ metric, covariate }).byteLength).toBeLessThanOrEqual(250);
    }
  }
});

test('[X4] aggregates and plain sums give the same estimates, for CUPED of a ratio too', () => {
  const shape: AggregateShape = { metric: 'ratio', covariate: true };
  const arm = () => {
    const list = () => Array.from({ length: 60 }, () => 5 + normal());
    const [m, d, m0, d0] = [list(), list(), list(), list()];
    const moments = createAggregate(shape);
    for (const [i, value] of m.entries()) addUnit(moments, [value, d[i]!, m0[i]!, d0[i]!]);
    return { moments, sums: sumCupedRatio(m, d, m0, d0) };
  };
  const [c, t] = [arm(), arm()];
  const fromMoments = absoluteEffect(estimateAggregates(shape, c.moments, t.moments));
  const fromSums = absoluteEffect(estimateArms(c.sums, t.sums));
  expect(fromMoments.estimate).toBeCloseTo(fromSums.estimate, 12);
  expect(fromMoments.standardError).toBeCloseTo(fromSums.standardError, 11);
});

const definition = { shape: { metric: 'mean', covariate: true }, arms: 2, cap: 30, origin: [10, 1000] } as const;
const exposures = Array.from({ length: 800 }, (_, i) => ({ unit: `u${i}`, arm: i % 2, covariate: [1000 + normal()] }));
const events: LedgerEvent[] = Array.from({ length: 6000 }, (_, i) => ({
  id: `e${i}`,
  unit: `u${(i * 7919) % 800}`,
  value: i % 50 === 0 ? -1 : Math.abs(3 * normal()),
}));

test('[X5] sixteen shards by unit merge to a single pass within 1e-12, capped and not', () => {
  const single = createUnitLedger(definition);
  const shards = Array.from({ length: 16 }, () => createUnitLedger(definition));
  for (const exposure of exposures) {
    expose(single, exposure);
    expose(shards[fnv1a32(exposure.unit) % 16]!, exposure);
  }
  for (const event of events) {
    record(single, event);
    record(shards[fnv1a32(event.unit) % 16]!, event);
  }
  for (const which of ['capped', 'uncapped'] as const) {
    const whole = aggregateOf(single, which);
    const merged = mergeAggregates(shards.map((shard) => aggregateOf(shard, which)));
    whole.arms.forEach((arm, i) => {
      arm.forEach((value, j) => {
        expect(relative(merged.arms[i]![j]!, value)).toBeLessThan(1e-12);
      });
    });
  }
  expect(aggregateOf(single, 'capped')).not.toEqual(aggregateOf(single, 'uncapped'));
});

test('[X6] the ledger counts what a table of unit totals says, caps on the total and not on the event', () => {
  const ledger = createUnitLedger(definition);
  for (const exposure of exposures) expose(ledger, exposure);
  for (const event of events) record(ledger, event);
  const totals = new Map(exposures.map(({ unit }) => [unit, 0]));
  for (const event of events) totals.set(event.unit, totals.get(event.unit)! + event.value);
  const control = exposures.filter(({ arm }) => arm === 0).map(({ unit }) => totals.get(unit)!);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(meanOf(armMoments(aggregateOf(ledger, 'uncapped'), 0), 0)).toBeCloseTo(mean(control), 10);
  expect(meanOf(armMoments(aggregateOf(ledger), 0), 0)).toBeCloseTo(
    mean(control.map((value) => Math.min(value, 30))),
    10,
  );
});

test('[X7] an event counts once, a correction takes back, strangers and second exposures are counted and left out', () => {
  const ledger = createUnitLedger({ shape: { metric: 'mean', covariate: false }, arms: 2 });
  expose(ledger, { unit: 'a', arm: 0 });
  expose(ledger, { unit: 'a', arm: 0 });
  expose(ledger, { unit: 'a', arm: 1 });
  expose(ledger, { unit: 'b', arm: 0 });
  record(ledger, { id: '1', unit: 'a', value: 5 });
  record(ledger, { id: '1', unit: 'a', value: 5 });
  record(ledger, { id: '2', unit: 'stranger', value: 5 });
  record(ledger, { id: '3', unit: 'a', value: -5 });
  expect(ledger.skipped).toEqual({ duplicateEvents: 1, unknownUnits: 1, repeatedExposures: 1, otherArm: 1 });
  expect(aggregateOf(ledger).arms[0]).toEqual([2, 0, 0]);
  expect(() => expose(ledger, { unit: 'c', arm: 7 })).toThrow('no arm 7');
  expect(() => record(ledger, { id: '9', unit: 'a', value: Number.NaN })).toThrow('no finite value');
});

test('[X8] replaying the log gives the same bits', () => {
  const replay = () => {
    const ledger = createUnitLedger(definition);
    for (const exposure of exposures) expose(ledger, exposure);
    for (const event of events) record(ledger, event);
    return JSON.stringify(aggregateOf(ledger));
  };
  expect(replay()).toBe(replay());
});

test('[X9] sums of other fields are not merged', () => {
  expect(mergeSums({ n: 4, sum: 10 }, { n: 6, sum: 4 })).toEqual({ n: 10, sum: 14 });
  expect(() => mergeSums<Record<string, number>>({ n: 4 }, { sum: 4 })).toThrow('differ in "n"');
});

test('[X10] a quantile sketch is within its relative error, merges exactly, and forgets what moved', () => {
  const values = Array.from({ length: 4000 }, (_, i) =>
    i % 10 === 0 ? 0 : (i % 7 === 0 ? -1 : 1) * Math.exp(2 * normal()),
  );
  const whole = createQuantileSketch(0.01);
  const parts = Array.from({ length: 4 }, () => createQuantileSketch(0.01));
  values.forEach((value, i) => {
    addToSketch(whole, value);
    addToSketch(parts[i % 4]!, 99);
    moveInSketch(parts[i % 4]!, 99, value);
  });
  const merged = parts.reduce(mergeSketches);
  const sorted = Float64Array.from(values).sort();
  for (const nu of [0.03, 0.2, 0.5, 0.9, 0.99]) {
    const got = sketchQuantileSums(merged, nu);
    const want = quantileSums(sorted, nu);
    expect(got).toEqual(sketchQuantileSums(whole, nu));
    for (const key of ['quantile_hat', 'quantile_lower', 'quantile_upper'] as const) {
      expect(Math.abs(got[key] - want[key])).toBeLessThanOrEqual(0.0101 * Math.abs(want[key]));
    }
  }
  expect(merged.positive.has(0)).toBe(whole.positive.has(0));
  expect(() => mergeSketches(whole, createQuantileSketch(0.02))).toThrow('different accuracy');
  expect(() => addToSketch(whole, Number.NaN)).toThrow('no value');
});
