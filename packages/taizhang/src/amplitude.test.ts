import { describe, expect, test } from 'vitest';
import { amplitude } from './amplitude.ts';
import { parseCircuit } from './parse-circuit.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import { stateVector } from './state-vector/state-vector.ts';
import { denseState, largestDifference } from './testing/dense-reference.ts';
import { gridCircuit, mixedCircuit } from './testing/random-circuits.ts';
import { sharedVectors } from './testing/shared-vectors.ts';

const shared = sharedVectors();

describe.skipIf(shared === null)('reference amplitudes of GRCS files', () => {
  for (const vector of shared?.data.vectors ?? [])
    test(`[A1] ${vector.file} ${vector.bitstring.slice(0, 8)}… agrees in both precisions`, async () => {
      const circuit = parseCircuit(shared!.circuit(vector.file));
      const made = plan(circuit, { bitstring: vector.bitstring, searchMs: 200 });
      // Small plans are upgraded to complex128: here both precisions are forced.
      for (const realBytes of [4, 8] as const) {
        const { value, fidelity } = await run(
          { ...made, contraction: { ...made.contraction, realBytes } },
          { workers: 0 },
        );
        const error = Math.hypot(value[0]! - vector.re, value[1]! - vector.im) / Math.hypot(vector.re, vector.im);
        expect(error).toBeLessThan(realBytes === 4 ? 1e-5 : 1e-10);
        expect(fidelity).toBe(1);
      }
    });
  for (const invariant of shared?.data.statevectorInvariants.filter(({ file }) => file.includes('4x4')) ?? [])
    test(`[A2] the state of ${invariant.file} has the reference entropy and Σp²`, async () => {
      const state = await stateVector(parseCircuit(shared!.circuit(invariant.file)), { precision: 128 });
      let entropy = 0;
      let squares = 0;
      for (let i = 0; i < state.amplitudes.length; i += 2) {
        const p = state.amplitudes[i]! ** 2 + state.amplitudes[i + 1]! ** 2;
        if (p > 0) entropy -= p * Math.log(p);
        squares += p * p;
      }
      expect(entropy).toBeCloseTo(invariant.entropyNats, 8);
      expect(squares * 2 ** 16).toBeCloseTo(invariant.sumP2times2n, 8);
    });
});

describe('amplitudes by contraction', () => {
  test('[A3] every amplitude of small random circuits of all gates equals the plain dense loop', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const circuit = mixedCircuit(6, 40, seed);
      const all = await run(plan(circuit, { bitstring: 'x'.repeat(6), searchRounds: 2, precision: 128 }), {
        workers: 0,
      });
      expect(largestDifference(all.value, denseState(circuit))).toBeLessThan(1e-12);
    }
  });

  test('[A4] a sliced contraction in tiny memory gives the same amplitude as an unsliced one', async () => {
    const circuit = gridCircuit(4, 4, 32, 3);
    const bits = '0110100110010110';
    const dense = denseState(circuit);
    const at = 2 * Number.parseInt(bits, 2);
    for (const maxLog2Size of [20, 9, 7]) {
      const made = plan(circuit, { bitstring: bits, searchRounds: 3, maxLog2Size, precision: 128 });
      expect(made.log2Size).toBeLessThanOrEqual(maxLog2Size);
      if (maxLog2Size === 7) expect(made.slices).toBeGreaterThan(1);
      const { value } = await run(made, { workers: 0 });
      expect(Math.hypot(value[0]! - dense[at]!, value[1]! - dense[at + 1]!)).toBeLessThan(1e-13);
    }
  });

  test('[A5] a batch with open qubits lists them with the first open qubit as the highest bit', async () => {
    const circuit = gridCircuit(3, 3, 12, 5);
    const dense = denseState(circuit);
    const { value } = await run(plan(circuit, { bitstring: '01x10?0*1', searchRounds: 2, precision: 128 }), {
      workers: 0,
    });
    for (let i = 0; i < 8; i++) {
      const bits = `01${(i >> 2) & 1}10${(i >> 1) & 1}0${i & 1}1`;
      const at = 2 * Number.parseInt(bits, 2);
      expect(value[2 * i]).toBeCloseTo(dense[at]!, 12);
      expect(value[2 * i + 1]).toBeCloseTo(dense[at + 1]!, 12);
    }
  });

  test('[A6] complex64 and the plain kernels agree bit for bit with SIMD in the same precision', async () => {
    const circuit = gridCircuit(4, 4, 20, 9);
    for (const precision of [64, 128] as const) {
      const made = plan(circuit, { bitstring: '1x10x01101x01011', searchRounds: 2, precision, maxLog2Size: 9 });
      const contraction = { ...made.contraction, realBytes: precision === 64 ? (4 as const) : (8 as const) };
      const exact = { ...made, contraction };
      const simd = await run(exact, { workers: 0, kernel: 'simd' });
      const plain = await run(exact, { workers: 0, kernel: 'plain' });
      expect([...plain.value]).toEqual([...simd.value]);
    }
  });

  test('[A7] a circuit that simplifies to a number needs no contraction, and an impossible bit gives exactly 0', async () => {
    const ghz = parseCircuit(
      'OPENQASM 2.0; include "qelib1.inc"; qreg q[40]; h q[0];' +
        Array.from({ length: 39 }, (_, i) => `cx q[${i}],q[${i + 1}];`).join(''),
    );
    expect((await amplitude(ghz, '1'.repeat(40), { workers: 0 })).re).toBeCloseTo(Math.SQRT1_2, 12);
    expect((await amplitude(ghz, `0${'1'.repeat(39)}`, { workers: 0 })).probability).toBe(0);
  });
});
