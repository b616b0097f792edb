import { describe, expect, test } from 'vitest';
import { seededRandom } from './ir/random.ts';
import { parseCircuit } from './parse-circuit.ts';
import { sample } from './sample.ts';
import { amplitudeDamping, depolarizing, type NoiseModel, phaseFlip } from './state-vector/noise.ts';
import { exactDistribution } from './testing/exact-distribution.ts';

/** Gates, measurements, resets and conditions of both kinds in any order, on three qubits and two registers. */
function dynamicText(seed: number): string {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const lines = ['OPENQASM 2.0;', 'include "qelib1.inc";', 'qreg q[3];', 'creg c[2];', 'creg d[1];', 'h q;'];
  const one = () =>
    `${['h', 'x', 't', 'sx', `rx(${random()})`, `u3(${random()},1,${random()})`][below(6)]} q[${below(3)}];`;
  for (let i = 0; i < 14; i++) {
    const [a, b] = [below(3), below(2)];
    const other = (a + 1 + b) % 3;
    const kinds = [
      one(),
      `cx q[${a}],q[${other}];`,
      `measure q[${a}] -> c[${b}];`,
      `measure q[${a}] -> d[0];`,
      `if(c==${below(4)}) ${one()}`,
      `if(d==1) x q[${a}];`,
      `reset q[${a}];`,
      `if(c==1) measure q[${a}] -> d[0];`,
    ];
    lines.push(kinds[below(kinds.length)]!);
  }
  lines.push('measure q[0] -> c[0];', 'measure q[1] -> c[1];', 'measure q[2] -> d[0];');
  return lines.join('\n');
}

/** Half the sum of |frequency - probability|: about √(outcomes / (2π·shots)) by chance, 0.0071 here. */
async function distance(text: string, shots: number, noise?: NoiseModel): Promise<number> {
  const circuit = parseCircuit(text);
  const exact = exactDistribution(circuit, noise);
  expect([...exact.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
  const { counts } = await sample(circuit, shots, 5, noise === undefined ? {} : { noise });
  const keys = new Set([...exact.keys(), ...Object.keys(counts)]);
  return [...keys].reduce((sum, key) => sum + Math.abs((counts[key] ?? 0) / shots - (exact.get(key) ?? 0)), 0) / 2;
}

describe('shots against density matrices', () => {
  test('[M9] measuring, resetting and deciding on the way gives the exact distribution', async () => {
    for (let seed = 1; seed <= 12; seed++)
      expect(await distance(dynamicText(seed), 20_000), dynamicText(seed)).toBeLessThan(0.02);
  });

  const channels: readonly [string, NoiseModel][] = [
    ['depolarising', { oneQubit: depolarizing(0.1), moreQubits: depolarizing(0.2) }],
    ['amplitude damping', { oneQubit: amplitudeDamping(0.15), moreQubits: amplitudeDamping(0.3) }],
    [
      'phase flips and misreadings',
      { oneQubit: phaseFlip(0.2), gates: { cx: amplitudeDamping(0.2) }, readoutFlip: 0.05 },
    ],
  ];
  test.each(channels)('[N4] trajectories of %s agree with it too', async (_, noise) => {
    for (const seed of [21, 22]) expect(await distance(dynamicText(seed), 3000, noise)).toBeLessThan(0.05);
  });
});
