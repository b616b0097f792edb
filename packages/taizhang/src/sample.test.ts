import { describe, expect, test } from 'vitest';
import { UnsupportedGateError } from './errors.ts';
import { expectation } from './expectation.ts';
import { circuitOf, gateOperation } from './ir/circuit.ts';
import { invertGates } from './ir/gate-algebra.ts';
import { seededRandom } from './ir/random.ts';
import { plan } from './plan.ts';
import { parseQasm } from './qasm/parse-qasm.ts';
import { run } from './run.ts';
import { sample } from './sample.ts';
import { amplitudeDamping, depolarizing } from './state-vector/noise.ts';
import { stateVector } from './state-vector/state-vector.ts';
import { isClifford, sampleClifford } from './tableau/clifford.ts';
import { denseState } from './testing/dense-reference.ts';
import { mixedCircuit } from './testing/random-circuits.ts';

const teleport = parseQasm(`OPENQASM 2.0; include "qelib1.inc";
qreg q[3]; creg m0[1]; creg m1[1]; creg out[1];
ry(1.2) q[0]; h q[1]; cx q[1],q[2]; cx q[0],q[1]; h q[0];
measure q[0] -> m0[0]; measure q[1] -> m1[0];
if(m1==1) x q[2]; if(m0==1) z q[2];
ry(-1.2) q[2]; measure q[2] -> out[0];`);

describe('sampling', () => {
  test('[M1] teleportation always undoes the rotation, and each of the four corrections comes up about equally', async () => {
    const { counts, keys } = await sample(teleport, 4000, 7);
    expect(keys).toBe('bits');
    expect(Object.keys(counts).sort()).toEqual(['000', '010', '100', '110']);
    for (const count of Object.values(counts)) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('[M2] equal seeds give equal counts, other seeds give others', async () => {
    const circuit = mixedCircuit(6, 40, 3);
    const first = await sample(circuit, 500, 1);
    expect((await sample(circuit, 500, 1)).counts).toEqual(first.counts);
    expect((await sample(circuit, 500, 2)).counts).not.toEqual(first.counts);
  });

  test('[M3] counts follow |amplitude|² (chi-squared within six sigma)', async () => {
    const circuit = mixedCircuit(5, 50, 9);
    const dense = denseState(circuit);
    const shots = 100_000;
    const { counts } = await sample(circuit, shots, 5);
    let chi = 0;
    let cells = 0;
    for (let i = 0; i < 32; i++) {
      const p = dense[2 * i]! ** 2 + dense[2 * i + 1]! ** 2;
      const seen = counts[i.toString(2).padStart(5, '0')] ?? 0;
      if (p * shots < 5) continue;
      chi += (seen - p * shots) ** 2 / (p * shots);
      cells++;
    }
    expect(chi).toBeLessThan(cells + 6 * Math.sqrt(2 * cells));
  });

  test('[M4] reset gives 0, also of an entangled qubit, and repeated measurement repeats', async () => {
    const circuit = parseQasm(`OPENQASM 3; include "stdgates.inc"; qubit[2] q; bit[4] c;
      h q[0]; cx q[0], q[1]; c[0] = measure q[0]; c[1] = measure q[1]; c[2] = measure q[0]; reset q[0]; h q[1]; c[3] = measure q[0];`);
    const { counts } = await sample(circuit, 300, 1);
    expect(Object.keys(counts).sort()).toEqual(['0000', '1110']);
  });

  test('[M5] the tableau and the state vector agree on random Clifford circuits', async () => {
    const names = 'h s sdg x y z sx cx cz cy swap iswap'.split(' ');
    for (let seed = 1; seed <= 10; seed++) {
      const circuit = mixedCircuit(5, 40, seed, names);
      expect(isClifford(circuit)).toBe(true);
      const dense = denseState(circuit);
      const possible = new Set<string>();
      for (let i = 0; i < 32; i++)
        if (dense[2 * i]! ** 2 + dense[2 * i + 1]! ** 2 > 1e-9) possible.add(i.toString(2).padStart(5, '0'));
      const { counts } = await sample(circuit, 2000, seed, { engine: 'clifford' });
      // A stabiliser state is flat: every possible outcome comes up, about equally often, and no other does.
      expect(new Set(Object.keys(counts))).toEqual(possible);
      const mean = 2000 / possible.size;
      for (const count of Object.values(counts)) expect(Math.abs(count - mean)).toBeLessThan(6 * Math.sqrt(mean));
    }
  });

  test('[M6] a GHZ state of 2,000 qubits is sampled by the tableau alone', async () => {
    const gates = [gateOperation('h', [0]), ...Array.from({ length: 1999 }, (_, i) => gateOperation('cx', [i, i + 1]))];
    const { counts, engine } = await sample(circuitOf(2000, gates), 2, 3);
    expect(engine).toBe('clifford');
    for (const key of Object.keys(counts)) expect(/^(0+|1+)$/.test(key)).toBe(true);
  });

  test('[M8] sampling is cancelled within a second, in every engine', async () => {
    const deep = mixedCircuit(18, 3000, 1, ['rx', 'cx', 'h']);
    const cases = [
      [deep, 10, {}],
      [mixedCircuit(12, 100, 1, ['rx', 'cx', 'h']), 10_000_000, { noise: { oneQubit: depolarizing(0.01) } }],
      [mixedCircuit(40, 400, 1, ['h', 'cx', 's']), 10_000_000, {}],
    ] as const;
    for (const [circuit, shots, options] of cases) {
      const controller = new AbortController();
      let aborted = 0;
      setTimeout(() => {
        aborted = performance.now();
        controller.abort();
      }, 100);
      await expect(sample(circuit, shots, 1, { ...options, signal: controller.signal })).rejects.toMatchObject({
        code: 'aborted',
      });
      expect(performance.now() - aborted).toBeLessThan(1000);
    }
  });

  test('[M7] a T gate is not Clifford, a rotation by π/2 is', () => {
    expect(isClifford(circuitOf(1, [gateOperation('t', [0])]))).toBe(false);
    expect(isClifford(circuitOf(1, [gateOperation('rx', [0], [-Math.PI / 2])]))).toBe(true);
    expect(() => sampleClifford(circuitOf(1, [gateOperation('t', [0])]), seededRandom(1))).toThrow(
      UnsupportedGateError,
    );
  });
});

describe('noise', () => {
  test('[N1] depolarising after one X flips back with probability 2p/3', async () => {
    const circuit = circuitOf(1, [gateOperation('x', [0])]);
    const { counts } = await sample(circuit, 20_000, 1, { noise: { oneQubit: depolarizing(0.3) } });
    expect((counts['0'] ?? 0) / 20_000).toBeCloseTo(0.2, 1);
    expect(Math.abs((counts['0'] ?? 0) / 20_000 - 0.2)).toBeLessThan(0.015);
  });

  test('[N2] amplitude damping by Kraus trajectories decays |1> with probability gamma and leaves |0> alone', async () => {
    const noise = { gates: { x: amplitudeDamping(0.4), id: amplitudeDamping(0.4) } };
    const excited = await sample(circuitOf(1, [gateOperation('x', [0])]), 10_000, 2, { noise });
    expect(Math.abs((excited.counts['0'] ?? 0) / 10_000 - 0.4)).toBeLessThan(0.025);
    const ground = await sample(circuitOf(1, [gateOperation('id', [0])]), 500, 2, { noise });
    expect(ground.counts).toEqual({ '0': 500 });
  });

  test('[N3] readout flips and channels that are no channels', async () => {
    const { counts } = await sample(circuitOf(1, [gateOperation('id', [0])]), 10_000, 3, {
      noise: { readoutFlip: 0.1 },
    });
    expect(Math.abs((counts['1'] ?? 0) / 10_000 - 0.1)).toBeLessThan(0.015);
    expect(() => depolarizing(1.7)).toThrow(/not in range/);
    expect(() => amplitudeDamping(Number.NaN)).toThrow(/do not sum/);
  });
});

describe('expectation', () => {
  test('[E1] of random Pauli sums equals the dense value, by state vector and by network', async () => {
    const circuit = mixedCircuit(6, 40, 17);
    const dense = denseState(circuit);
    for (const pauli of ['ZIIIII', 'XIYIIZ', 'IIIYYI', 'ZZZZZZ', 'IIIIII']) {
      const flipped = denseState(
        circuitOf(6, [
          ...circuit.operations,
          ...[...pauli].flatMap((letter, q) => (letter === 'I' ? [] : [gateOperation(letter.toLowerCase(), [q])])),
        ]),
      );
      const exact = dense.reduce((sum, value, i) => sum + value * flipped[i]!, 0);
      const terms = [{ coefficient: -2, pauli }];
      const direct = await expectation(circuit, terms);
      if (pauli !== 'IIIIII') {
        const made = plan(circuit, { target: 'expectation', pauli, searchRounds: 1, precision: 128 });
        expect((await run(made, { workers: 0 })).value[0]).toBeCloseTo(exact, 10);
      }
      const network = await expectation(circuit, terms, {
        stateVectorQubits: 0,
        searchRounds: 1,
        workers: 0,
        precision: 128,
      });
      expect(direct.value).toBeCloseTo(-2 * exact, 10);
      expect(network.value).toBeCloseTo(-2 * exact, 10);
    }
  });

  test('[E2] sees only the light cone: one qubit of a long chain', async () => {
    const gates = Array.from({ length: 199 }, (_, i) => [
      gateOperation('ry', [i], [0.3]),
      gateOperation('cz', [i, i + 1]),
    ]).flat();
    const { value, terms } = await expectation(circuitOf(200, gates), [
      { coefficient: 1, pauli: `Z${'I'.repeat(199)}` },
    ]);
    expect(terms[0]).toMatchObject({ qubits: 1, gates: 1 });
    expect(value).toBeCloseTo(Math.cos(0.3), 12);
  });

  test('[E3] every gate times its inverse is the identity, phases included', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const circuit = mixedCircuit(4, 30, seed);
      const gates = circuit.operations.filter((operation) => operation.kind === 'gate');
      const { amplitudes } = await stateVector(circuitOf(4, [...gates, ...invertGates(gates)]), { precision: 128 });
      expect(amplitudes[0]).toBeCloseTo(1, 11);
      expect(amplitudes[1]).toBeCloseTo(0, 11);
    }
  });
});
