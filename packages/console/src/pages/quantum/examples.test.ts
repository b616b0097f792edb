import { runCircuit } from '@myriad/builtin/quantum';
import type { QuantumMeasured, QuantumOptimised } from '@myriad/contracts';
import { parseCircuit } from '@myriad/taizhang';
import { expect, test } from 'vitest';
import { examples, randomGrid } from './examples.ts';

const limits = { maxBytes: 2 ** 28, maxSeconds: 30, maxQubits: 64 };
const runExample = (name: string) => {
  const found = examples.find((example) => example.name === name);
  if (!found) throw new Error(`no example ${name}`);
  return runCircuit({ shots: 2000, seed: 3, ...found }, { limits });
};
const shareOf = ({ counts, shots }: QuantumMeasured, key: string) =>
  (counts.find((outcome) => outcome.key === key)?.count ?? 0) / shots;

test.each(examples.map(({ name }) => name))('the example %s runs', async (name) => {
  expect((await runExample(name)).seconds).toBeGreaterThan(0);
});

test('Grover finds 101 with probability 121/128', async () => {
  expect(shareOf((await runExample('grover')) as QuantumMeasured, '101')).toBeCloseTo(121 / 128, 1);
});

test('phase estimation reads 5/8 for sure', async () => {
  expect(shareOf((await runExample('phase')) as QuantumMeasured, '101')).toBe(1);
});

test('teleportation brings sin²(0.6) to the other side', async () => {
  const result = (await runExample('teleport')) as QuantumMeasured;
  const ones = result.counts.filter(({ key }) => key[2] === '1').reduce((sum, { count }) => sum + count, 0);
  expect(Math.abs(ones / result.shots - Math.sin(0.6) ** 2)).toBeLessThan(0.05);
  expect(result.state).toBe(null);
});

test('VQE of H₂ comes down to the exact -1.137306 Ha, never up, and its circuit can be read again', async () => {
  const result = (await runExample('vqe')) as QuantumOptimised;
  expect(result.curve[0]).toBeGreaterThan(-0.3);
  expect(result.value).toBeCloseTo(-1.137306, 5);
  expect(result.converged).toBe(true);
  for (const [i, value] of result.curve.entries())
    if (i > 0) expect(value).toBeLessThanOrEqual(result.curve[i - 1] as number);
  expect(parseCircuit(result.source).qubitCount).toBe(2);
});

test('a random grid depends on its seed alone', () => {
  expect(randomGrid(5, 10, 4)).toBe(randomGrid(5, 10, 4));
  expect(randomGrid(5, 10, 4)).not.toBe(randomGrid(5, 10, 5));
  expect(parseCircuit(randomGrid(5, 10, 4)).qubitCount).toBe(25);
});
