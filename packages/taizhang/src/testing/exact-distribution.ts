import { type Circuit, conditionsHold } from '../ir/circuit.ts';
import { operationMatrix } from '../ir/gate-table.ts';
import type { Channel, NoiseModel } from '../state-vector/noise.ts';

/** A density matrix as a complex vector over 2n qubits: rows first, then columns; each factor acts on both sides. */
type Density = Float64Array;

const pauliMatrices = {
  x: [0, 0, 1, 0, 1, 0, 0, 0],
  y: [0, 0, 0, -1, 0, 1, 0, 0],
  z: [1, 0, 0, 0, 0, 0, -1, 0],
} as const;

/**
 * The exact distribution of the classical bits of a circuit with measurements, resets, conditions and noise, by density
 * matrices: the plainest way there is, and no trajectory in it. At most 4 qubits.
 */
export function exactDistribution(circuit: Circuit, noise: NoiseModel = {}): Map<string, number> {
  const n = circuit.qubitCount;
  const start = new Float64Array(2 * 4 ** n);
  start[0] = 1;
  let branches = new Map<string, Density>([['0'.repeat(circuit.bitCount), start]]);
  const add = (into: Map<string, Density>, key: string, rho: Density) => {
    const old = into.get(key);
    into.set(key, old === undefined ? rho : old.map((value, i) => value + rho[i]!));
  };
  for (const operation of circuit.operations) {
    if (operation.kind === 'barrier') continue;
    const next = new Map<string, Density>();
    for (const [key, rho] of branches) {
      if (!conditionsHold(operation.conditions, [...key].map(Number))) add(next, key, rho);
      else if (operation.kind === 'gate') {
        const qubits = [...operation.controls, ...operation.qubits];
        let after = sandwich(rho, n, qubits, operationMatrix(operation));
        const channel = noise.gates?.[operation.gate] ?? (qubits.length === 1 ? noise.oneQubit : noise.moreQubits);
        if (channel !== undefined) for (const qubit of qubits) after = throughChannel(after, n, qubit, channel);
        add(next, key, after);
      } else if (operation.kind === 'reset') {
        add(next, key, sandwich(rho, n, [operation.qubit], [1, 0, 0, 0, 0, 0, 0, 0]));
        add(next, key, sandwich(rho, n, [operation.qubit], [0, 0, 1, 0, 0, 0, 0, 0]));
      } else
        for (const outcome of [0, 1]) {
          const projector = outcome === 0 ? [1, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 1, 0];
          const seen = sandwich(rho, n, [operation.qubit], projector);
          const flip = noise.readoutFlip ?? 0;
          for (const read of [0, 1]) {
            const share = read === outcome ? 1 - flip : flip;
            if (share > 0)
              add(
                next,
                key.slice(0, operation.bit) + read + key.slice(operation.bit + 1),
                seen.map((v) => v * share),
              );
          }
        }
    }
    branches = next;
  }
  return new Map([...branches].map(([key, rho]) => [key, trace(rho, n)]));
}

function throughChannel(rho: Density, n: number, qubit: number, channel: Channel): Density {
  const parts =
    channel.kind === 'kraus'
      ? channel.operators.map((operator) => sandwich(rho, n, [qubit], operator))
      : [
          rho.map((value) => value * (1 - channel.x - channel.y - channel.z)),
          ...(['x', 'y', 'z'] as const).map((name) =>
            sandwich(rho, n, [qubit], pauliMatrices[name]).map((value) => value * channel[name]),
          ),
        ];
  return parts.reduce((sum, part) => sum.map((value, i) => value + part[i]!));
}

/** KρK†. */
function sandwich(rho: Density, n: number, qubits: readonly number[], matrix: ArrayLike<number>): Density {
  const conjugate = Float64Array.from(matrix, (value, i) => (i % 2 === 1 ? -value : value));
  const columns = qubits.map((qubit) => qubit + n);
  return applied(applied(rho, 2 * n, qubits, matrix), 2 * n, columns, conjugate);
}

function applied(state: Density, n: number, qubits: readonly number[], matrix: ArrayLike<number>): Density {
  const d = 1 << qubits.length;
  const out = new Float64Array(state.length);
  const shifts = qubits.map((qubit) => n - 1 - qubit);
  for (let index = 0; index < 1 << n; index++) {
    const row = shifts.reduce((code, shift) => code * 2 + ((index >> shift) & 1), 0);
    const rest = shifts.reduce((left, shift) => left & ~(1 << shift), index);
    for (let column = 0; column < d; column++) {
      const from = shifts.reduce((at, shift, i) => at | (((column >> (qubits.length - 1 - i)) & 1) << shift), rest);
      const [re, im] = [matrix[2 * (row * d + column)]!, matrix[2 * (row * d + column) + 1]!];
      out[2 * index]! += re * state[2 * from]! - im * state[2 * from + 1]!;
      out[2 * index + 1]! += re * state[2 * from + 1]! + im * state[2 * from]!;
    }
  }
  return out;
}

function trace(rho: Density, n: number): number {
  let sum = 0;
  for (let i = 0; i < 1 << n; i++) sum += rho[2 * (i * (1 << n) + i)]!;
  return sum;
}
