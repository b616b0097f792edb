import { describe, expect, test } from 'vitest';
import { circuitOf, gateOperation } from '../ir/circuit.ts';
import { denseState, largestDifference } from '../testing/dense-reference.ts';
import { gridCircuit, mixedCircuit } from '../testing/random-circuits.ts';
import { stateVector } from './state-vector.ts';

describe('the state vector', () => {
  test('[S1] equals the plain dense loop on random circuits of all gates, for every width of fusion', async () => {
    for (let seed = 1; seed <= 8; seed++)
      for (const fuseQubits of [1, 2, 3, 4, 5]) {
        const circuit = mixedCircuit(1 + seed, 30, seed, seed === 1 ? ['h', 'rx', 't', 'cx', 'cz'] : undefined);
        const state = await stateVector(circuit, { precision: 128, fuseQubits });
        expect(largestDifference(state.amplitudes, denseState(circuit))).toBeLessThan(1e-12);
      }
  });

  test('[S2] works for one qubit, and leaves norm 1 on deep circuits in complex64', async () => {
    const one = await stateVector(circuitOf(1, [gateOperation('h', [0]), gateOperation('t', [0])]));
    expect(one.amplitudes[3]).toBeCloseTo(0.5, 6);
    const deep = await stateVector(gridCircuit(3, 4, 60, 1));
    expect(deep.norm()).toBeCloseTo(1, 5);
  });

  test('[S3] is the same bit for bit with plain kernels and with two workers over shared memory', async () => {
    const circuit = gridCircuit(3, 6, 12, 8);
    const simd = await stateVector(circuit);
    const plain = await stateVector(circuit, { kernel: 'plain' });
    const shared = await stateVector(circuit, { workers: 2 });
    expect(largestDifference(plain.amplitudes, simd.amplitudes)).toBe(0);
    expect(largestDifference(shared.amplitudes, simd.amplitudes)).toBe(0);
  });

  test('[S4] many controls reach only the amplitudes where all of them are 1', async () => {
    const controls = [0, 1, 2, 3, 4, 5];
    const gates = [
      ...[0, 1, 2, 3, 4].map((q) => gateOperation('x', [q])),
      gateOperation('h', [5]),
      gateOperation('x', [7], [], controls),
    ];
    const circuit = circuitOf(8, gates);
    const state = await stateVector(circuit, { precision: 128 });
    expect(largestDifference(state.amplitudes, denseState(circuit))).toBeLessThan(1e-14);
  });

  test('[S5] refuses a state above the budget and says what it needs', async () => {
    await expect(stateVector(circuitOf(40, []))).rejects.toMatchObject({ code: 'budget_exceeded', unit: 'bytes' });
    await expect(stateVector(circuitOf(20, []), { maxBytes: 2 ** 20 })).rejects.toMatchObject({ have: 2 ** 20 });
  });

  test('[S6] deep random circuits have Porter-Thomas statistics: 2ⁿΣp² near 2 and entropy near n ln 2 − 1 + γ', async () => {
    const state = await stateVector(gridCircuit(4, 4, 60, 21), { precision: 128 });
    let squares = 0;
    let entropy = 0;
    for (let i = 0; i < state.amplitudes.length; i += 2) {
      const p = state.amplitudes[i]! ** 2 + state.amplitudes[i + 1]! ** 2;
      squares += p * p;
      if (p > 0) entropy -= p * Math.log(p);
    }
    // Boixo et al., arXiv 1608.00263: exponential distribution of Np; 65,536 samples leave about 1 % of noise.
    expect(squares * 2 ** 16).toBeGreaterThan(1.9);
    expect(squares * 2 ** 16).toBeLessThan(2.1);
    expect(entropy).toBeCloseTo(16 * Math.LN2 - 1 + 0.5772156649, 1);
  });
});
