import { type Circuit, circuitOf, type GateOperation, gateOperation } from '../ir/circuit.ts';
import { type Random, seededRandom } from '../ir/random.ts';

/**
 * A random circuit on a grid in the manner of the GRCS v2 rules (github.com/sboixo/GRCS): a layer of H, then cycles of CZ
 * in eight patterns with √X, √Y or T on idle qubits, and H at the end. Made from our own numbers, not from their files.
 */
export function gridCircuit(rows: number, columns: number, cycles: number, seed: number): Circuit {
  const random = seededRandom(seed);
  const n = rows * columns;
  const gates: GateOperation[] = [];
  const last = new Array<string>(n).fill('h');
  let touched = new Set<number>();
  for (let q = 0; q < n; q++) gates.push(gateOperation('h', [q]));
  for (let cycle = 0; cycle < cycles; cycle++) {
    const now = new Set<number>();
    const across = cycle % 2 === 0;
    const shift = [0, 2, 1, 3][(cycle >> 1) % 4]!;
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const [along, other] = across ? [c, r] : [r, c];
        if ((along + 2 * other + shift) % 4 !== 0) continue;
        const q = r * columns + c;
        const partner = across ? (c + 1 < columns ? q + 1 : -1) : r + 1 < rows ? q + columns : -1;
        if (partner < 0) continue;
        gates.push(gateOperation('cz', [q, partner]));
        now.add(q).add(partner);
      }
    for (let q = 0; q < n; q++) {
      if (now.has(q) || !touched.has(q)) continue;
      const choices = (last[q] === 'h' ? ['t'] : ['x_1_2', 'y_1_2', 't']).filter((name) => name !== last[q]);
      const name = choices[Math.floor(random() * choices.length)]!;
      last[q] = name;
      gates.push(gateOperation(name, [q]));
    }
    touched = now;
  }
  for (let q = 0; q < n; q++) gates.push(gateOperation('h', [q]));
  return circuitOf(n, gates);
}

/** Random gates of many kinds on random qubits. */
export function mixedCircuit(qubits: number, gates: number, seed: number, names?: readonly string[]): Circuit {
  const random = seededRandom(seed);
  const all =
    names ?? 'h x y z s sdg t tdg sx rx ry rz p u3 cx cz cy ch swap cp crx rzz rxx ccx cswap iswap'.split(' ');
  const out: GateOperation[] = [];
  while (out.length < gates) {
    const name = all[Math.floor(random() * all.length)]!;
    const shape = shapes[name] ?? [1, 0];
    if (shape[0] > qubits) continue;
    out.push(
      gateOperation(
        name,
        distinct(qubits, shape[0], random),
        Array.from({ length: shape[1] }, () => (random() - 0.5) * 6),
      ),
    );
  }
  return circuitOf(qubits, out);
}

const shapes: Readonly<Record<string, readonly [qubits: number, parameters: number]>> = {
  rx: [1, 1],
  ry: [1, 1],
  rz: [1, 1],
  p: [1, 1],
  u3: [1, 3],
  cx: [2, 0],
  cz: [2, 0],
  cy: [2, 0],
  ch: [2, 0],
  swap: [2, 0],
  iswap: [2, 0],
  cp: [2, 1],
  crx: [2, 1],
  rzz: [2, 1],
  rxx: [2, 1],
  ccx: [3, 0],
  cswap: [3, 0],
};

function distinct(n: number, count: number, random: Random): number[] {
  const out: number[] = [];
  while (out.length < count) {
    const q = Math.floor(random() * n);
    if (!out.includes(q)) out.push(q);
  }
  return out;
}
