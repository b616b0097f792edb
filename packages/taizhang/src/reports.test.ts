import { describe, expect, test } from 'vitest';
import { amplitude } from './amplitude.ts';
import { batch } from './batch.ts';
import { ParseError, UnsupportedGateError } from './errors.ts';
import { circuitOf, gateOperation } from './ir/circuit.ts';
import { parsePauliSum } from './parse-pauli-sum.ts';
import { plan } from './plan.ts';
import { parseQasm } from './qasm/parse-qasm.ts';
import { run } from './run.ts';
import { describeState } from './state-vector/describe-state.ts';
import { stateVector } from './state-vector/state-vector.ts';

const bell = circuitOf(2, [gateOperation('h', [0]), gateOperation('cx', [0, 1])]);

describe('edges', () => {
  test('[A10] empty circuits, phases alone and resets of untouched qubits are circuits too', async () => {
    const value = async (text: string, bitstring?: string) => [
      ...(await run(plan(parseQasm(text), bitstring === undefined ? {} : { bitstring }), { workers: 0 })).value,
    ];
    expect(await value('')).toEqual([1, 0]);
    expect(await value('OPENQASM 3; gphase(pi/2);')).toEqual([0, 1]);
    expect((await value('qreg q[1]; reset q; U(pi,0,0) q[0];', '1'))[0]).toBeCloseTo(1, 14);
    expect([...(await stateVector(parseQasm(''))).amplitudes]).toEqual([1, 0]);
    expect(() => plan(parseQasm('qreg q[1]; U(pi,0,0) q[0]; reset q;'))).toThrow(UnsupportedGateError);
  });
});

describe('reports', () => {
  test('[A8] an amplitude comes with its probability, fidelity and plan', async () => {
    const report = await amplitude(bell, '11', { workers: 0 });
    expect(report.re).toBeCloseTo(Math.SQRT1_2, 12);
    expect(report).toMatchObject({ fidelity: 1, plan: { slices: 1 } });
    expect(report.probability).toBeCloseTo(0.5, 12);
    expect(Object.keys(report)).toEqual(['re', 'im', 'probability', 'fidelity', 'plan', 'seconds', 'peakBytes']);
  });

  test('[A9] a batch names the bit string of each amplitude', async () => {
    const { amplitudes } = await batch(bell, 'x1', { workers: 0 });
    expect(amplitudes.map(({ bitstring }) => bitstring)).toEqual(['01', '11']);
    expect(amplitudes.map(({ probability }) => Math.round(probability * 1e9) / 1e9)).toEqual([0, 0.5]);
  });

  test('[S7] a state is described by its likeliest basis states and Bloch vectors', async () => {
    const state = await stateVector(
      circuitOf(3, [...bell.operations, gateOperation('ry', [2], [0.4]), gateOperation('s', [2])]),
      { precision: 128 },
    );
    const { top, bloch, norm } = describeState(state, 2);
    expect(norm).toBeCloseTo(1, 12);
    expect(top.map(({ bitstring }) => bitstring).sort()).toEqual(['000', '110']);
    expect(bloch[0]!.z).toBeCloseTo(0, 12);
    expect(bloch[2]).toMatchObject({ y: expect.closeTo(Math.sin(0.4), 12), z: expect.closeTo(Math.cos(0.4), 12) });
  });

  test('[E4] Pauli sums are read in both spellings, and what is none is refused at its column', () => {
    expect(parsePauliSum('0.5*ZZI - 1.5 XIX + IIZ', 3)).toEqual([
      { coefficient: 0.5, pauli: 'ZZI' },
      { coefficient: -1.5, pauli: 'XIX' },
      { coefficient: 1, pauli: 'IIZ' },
    ]);
    expect(parsePauliSum('-Z0 Z2 + 2e-1 * Y1', 3)).toEqual([
      { coefficient: -1, pauli: 'ZIZ' },
      { coefficient: 0.2, pauli: 'IYI' },
    ]);
    for (const broken of ['', 'ZZ', 'Z0 Z0', 'Z7', 'ZZZ ZZQ', '0.5*', 'ZZZ + + XXX'])
      expect(() => parsePauliSum(broken, 3), broken).toThrow(ParseError);
  });
});
