import { seededRandom } from '../ir/random.ts';
import type { Network } from '../network/build-network.ts';

/**
 * Orders of the factors for a stem: along time, along the qubits as numbered, and along the smoothest directions of the
 * qubits' interaction graph (low eigenvectors of its Laplacian, which on a grid are its axes and diagonals). Sweeps beat
 * min-fill as a start for annealing.
 */
export function startOrders(network: Network): Int32Array[] {
  const qubitCount = network.qubitOf.reduce((most, qubit) => Math.max(most, qubit), 0) + 1;
  const coordinates: Float64Array[] = [Float64Array.from({ length: qubitCount }, (_, i) => i)];
  if (qubitCount > 2 && qubitCount <= 400) {
    const [first, second] = smoothDirections(network, qubitCount);
    coordinates.push(first!, second!);
    coordinates.push(first!.map((value, i) => value + second![i]!));
    coordinates.push(first!.map((value, i) => value - second![i]!));
  }
  const time = timeOf(network);
  const keys = coordinates.map((coordinate) => (variable: number) => coordinate[network.qubitOf[variable]!]!);
  keys.unshift((variable) => time[variable]!);
  return keys.map((key) => {
    const position = network.factors.map(
      ({ variables }) => variables.reduce((sum, variable) => sum + key(variable), 0) / Math.max(1, variables.length),
    );
    return Int32Array.from(position.keys()).sort((a, b) => position[a]! - position[b]! || a - b);
  });
}

/** Position of each variable in its qubit's life, from 0 to 1. */
function timeOf(network: Network): Float64Array {
  const count = new Map<number, number>();
  const rank = network.qubitOf.map((qubit) => {
    const next = count.get(qubit) ?? 0;
    count.set(qubit, next + 1);
    return next;
  });
  return Float64Array.from(rank, (value, variable) => value / Math.max(1, count.get(network.qubitOf[variable]!)! - 1));
}

/** The two lowest non-constant eigenvectors of the interaction graph's Laplacian, by orthogonal iteration. */
function smoothDirections(network: Network, n: number): Float64Array[] {
  const weight = new Float64Array(n * n);
  for (const { variables } of network.factors)
    for (const a of variables)
      for (const b of variables) {
        const at = network.qubitOf[a]! * n + network.qubitOf[b]!;
        if (network.qubitOf[a] !== network.qubitOf[b]) weight[at] = 1;
      }
  const degree = Float64Array.from({ length: n }, (_, i) =>
    weight.subarray(i * n, i * n + n).reduce((sum, w) => sum + w, 0),
  );
  const shift = 2 * degree.reduce((most, d) => Math.max(most, d), 1);
  const random = seededRandom(7);
  const vectors = [new Float64Array(n).fill(1), ...[0, 1].map(() => Float64Array.from({ length: n }, random))];
  for (let round = 0; round < 300; round++) {
    for (let v = 1; v < vectors.length; v++) {
      const old = vectors[v]!;
      vectors[v] = Float64Array.from(old, (value, i) => {
        let sum = (shift - degree[i]!) * value;
        for (let j = 0; j < n; j++) sum += weight[i * n + j]! * old[j]!;
        return sum;
      });
    }
    for (let v = 0; v < vectors.length; v++) {
      const mine = vectors[v]!;
      for (let u = 0; u < v; u++) {
        const dot = mine.reduce((sum, value, i) => sum + value * vectors[u]![i]!, 0);
        vectors[u]!.forEach((value, i) => {
          mine[i] = mine[i]! - dot * value;
        });
      }
      const norm = Math.sqrt(mine.reduce((sum, value) => sum + value * value, 0)) || 1;
      for (let i = 0; i < n; i++) mine[i] = mine[i]! / norm;
    }
  }
  return vectors.slice(1);
}
