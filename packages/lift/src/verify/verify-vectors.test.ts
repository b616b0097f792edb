import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readShared } from '../testing/shared-data.ts';
import { verifyVectors } from './verify-vectors.ts';

/** One row per kind, with numbers from the peers' own suites; the file of all rows is checked below where present. */
const rows = [
  {
    id: 'srm',
    topic: 'SRM chi-square',
    input: { users: [1000, 1200], weights: [0.5, 0.5] },
    expected: 2.0079e-5,
    tol: 1e-8,
  },
  {
    id: 'holm',
    topic: 'multiple testing Holm',
    input: { p: [0.01, 0.04, 0.03, 0.005, 0.55, 0.6] },
    expected: [0.05, 0.12, 0.12, 0.03, 1, 1],
    tol: 1e-12,
  },
  {
    id: 'hash',
    topic: 'assignment hash',
    input: { seed: 'foo', value: 'def', version: 2 },
    expected: 0.2019,
    tol: 1e-12,
  },
  {
    id: 'no version',
    topic: 'assignment hash',
    input: { seed: 'abc', value: 'def', version: 99 },
    expected: null,
    tol: 1e-12,
  },
  {
    id: 'one-sided',
    topic: 'asymptotic CS one-sided',
    input: {
      control: { type: 'mean', n: 3000, sum: 1396.87, sum_squares: 52377.9767 },
      treatment: { type: 'mean', n: 3461, sum: 2422.7, sum_squares: 134698.29 },
      difference: 'absolute',
      test: 'asymptotic confidence sequence greater',
      alpha: 0.05,
      sequential_tuning_parameter: 5000,
    },
    expected: { ci: [-0.12656844172804982, null], p: 0.46316491943359384 },
    tol: 1.1e-5,
  },
];

test('[Y1] rows are recomputed, open ends met by null, answers shown beside expectations', () => {
  const report = verifyVectors({
    vectors: rows,
    derived: [{ id: 'e', topic: 'e-BH', input: { e: [20, 20], alpha: 0.1 }, expected_rejected_indices: [0, 1] }],
  });
  expect(report.rows.filter((row) => !row.pass)).toEqual([]);
  expect(report.passed).toBe(6);
  expect(report.rows[0]!.got).toBeCloseTo(2.0079e-5, 8);
});

test('[Y2] a wrong number, a missing field, a wrong length and an unknown topic all fail', () => {
  const wrong = (change: object) => verifyVectors([{ ...rows[0], ...change }]).rows[0]!;
  expect(wrong({ expected: 2.1e-5 }).pass).toBe(false);
  expect(wrong({ expected: { p: 1 } }).pass).toBe(false);
  expect(wrong({ expected: null }).pass).toBe(false);
  expect(verifyVectors([{ ...rows[1], expected: [0.05, 0.12] }]).rows[0]!.pass).toBe(false);
  expect(verifyVectors([{ ...rows[1], expected: [0.05, 0.12, 0.12, 0.03, 1, 1.001] }]).failed).toBe(1);
  expect(wrong({ topic: 'astrology', input: { sign: 'ram' } }).problem).toContain('"astrology"');
  expect(wrong({ input: { users: 'many', weights: [] } }).problem).toContain('no list');
});

test('[Y1] derived topics, one-sided and prior power, namespaces and equal weights have answers too', () => {
  const arms = {
    control: { type: 'mean', n: 3000, sum: 1396.87, sum_squares: 52377.9767 },
    treatment: { type: 'mean', n: 3461, sum: 2422.7, sum_squares: 134698.29 },
  };
  const power = { effect: 0.05, mean: 10, variance: 3909.9997749994377, n_total: 400_000, variations: 3, alpha: 0.05 };
  const report = verifyVectors([
    { id: 'f', topic: 'Fieller set', input: { ...arms, z: 1.96 }, expected: { unbounded: false } },
    {
      id: 'e',
      topic: 'e-process',
      input: { delta: 0, se: 1, n: 100, rho: 0.1 },
      expected: { e: Math.SQRT1_2, p: 1 },
      tol: 1e-12,
    },
    {
      id: 's',
      topic: 'shrinkage',
      input: { estimates: [0.1, -0.1], se: [1, 1] },
      expected: { A: 0, shrunken: [0, 0] },
      tol: 1e-12,
    },
    { id: 'w', topic: 'assignment equal weights', input: { numVariations: 2 }, expected: [0.5, 0.5], tol: 1e-12 },
    {
      id: 'n',
      topic: 'assignment namespace',
      input: { id: '1', namespace: ['namespace1', 0.4, 1] },
      expected: true,
      tol: 0,
    },
    {
      id: 'v',
      topic: 'delta method',
      input: { mean_m: 2, var_m: 1, mean_d: 4, var_d: 3, cov_m_d: 0.5 },
      expected: 0.078125,
      tol: 1e-12,
    },
    { id: 'flat', topic: 'power', input: { ...power, prior: [0, 1e9] }, expected: 0.52144, tol: 1e-5 },
    { id: 'one', topic: 'power', input: { ...power, alpha: 0.025, two_tailed: false }, expected: 0.52144, tol: 1e-4 },
    {
      id: 'clustered',
      topic: 'quantile',
      input: { ...arms, control: { type: 'quantile', n: 3, nu: 0.5 }, treatment: { type: 'quantile', n: 3, nu: 0.5 } },
      expected: { p: 1 },
      tol: 0,
    },
  ]);
  expect(report.rows.filter((row) => !row.pass)).toEqual([]);
});

test('[Y8] an unknown topic is counted apart, named, and is no pass', () => {
  const report = verifyVectors([rows[0], { ...rows[0], id: 'x', topic: 'astrology', input: { sign: 'ram' } }]);
  expect(report).toMatchObject({ passed: 1, failed: 0, unknown: 1 });
  expect(report.rows[1]).toMatchObject({ pass: false, unknown: true });
  expect(verifyVectors([{ id: 'no topic', input: {} }])).toMatchObject({ unknown: 1 });
});

test('[Y3] a peer full-precision number must be met to 1e-6 even where the row itself is coarse', () => {
  const row = { ...rows[0], tol: 0.1 };
  expect(verifyVectors([{ ...row, expected_full_precision: 2.0079e-5 }]).failed).toBe(0);
  expect(verifyVectors([{ ...row, expected_full_precision: 3e-5 }]).failed).toBe(1);
});

test('[Y4] something that is no vector file is refused', () => {
  expect(() => verifyVectors({ rows: [] })).toThrow('vector file');
  expect(() => verifyVectors([{ topic: 'x' }])).toThrow('vector file');
});

test('[Y5] every row of the shared vector file passes', () => {
  const text = readShared('vectors.json');
  if (!text) return;
  const report = verifyVectors(JSON.parse(text));
  expect(report.rows.filter((row) => !row.pass)).toEqual([]);
  expect(report.passed).toBeGreaterThanOrEqual(92);
});

test('[Y7] what gbstats, statsmodels and scipy compute for random arms of every type is met to 1e-6', () => {
  const path = join(import.meta.dirname, '..', 'testing', 'peer-outputs.json');
  const report = verifyVectors(JSON.parse(readFileSync(path, 'utf8')));
  expect(report.rows.filter((row) => !row.pass)).toEqual([]);
  expect(report.passed).toBeGreaterThan(100);
});

test('[Y6] numbers that the peers assert in their own test suites are met, each within its own tolerance', () => {
  const path = join(import.meta.dirname, '..', 'testing', 'peer-vectors.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as { vectors: { source: { repo: string } }[] };
  const report = verifyVectors(file);
  expect(report.rows.filter((row) => !row.pass)).toEqual([]);
  expect(report.passed).toBe(file.vectors.length);
  expect(report.passed).toBeGreaterThan(180);
});
