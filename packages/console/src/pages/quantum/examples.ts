import type { QuantumWhat } from '@myriad/contracts';

export interface Example {
  readonly name: 'bell' | 'ghz' | 'teleport' | 'grover' | 'qft' | 'phase' | 'vqe' | 'random';
  readonly source: string;
  readonly what: QuantumWhat;
  readonly pauli?: string;
}

const head = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n';

const bell = `${head}
qreg q[2];
creg c[2];
h q[0];
cx q[0], q[1];
measure q -> c;
`;

const ghz = `${head}
qreg q[5];
creg c[5];
h q[0];
cx q[0], q[1];
cx q[1], q[2];
cx q[2], q[3];
cx q[3], q[4];
measure q -> c;
`;

const teleport = `${head}
// The state of q[0] arrives at q[2]; r reads 1 with probability sin²(0.6) = 0.32.
qreg q[3];
creg a[1];
creg b[1];
creg r[1];
ry(1.2) q[0];
h q[1];
cx q[1], q[2];
cx q[0], q[1];
h q[0];
measure q[0] -> a[0];
measure q[1] -> b[0];
if (b == 1) x q[2];
if (a == 1) z q[2];
measure q[2] -> r[0];
`;

const grover = `${head}
gate oracle a, b, c { x b; h c; ccx a, b, c; h c; x b; }
gate diffuse a, b, c { h a; h b; h c; x a; x b; x c; h c; ccx a, b, c; h c; x a; x b; x c; h a; h b; h c; }
qreg q[3];
creg c[3];
h q;
oracle q[0], q[1], q[2];
diffuse q[0], q[1], q[2];
oracle q[0], q[1], q[2];
diffuse q[0], q[1], q[2];
measure q -> c;
`;

const qft = `${head}
// Of |1010>: all outcomes are equally likely, the phases turn.
qreg q[4];
x q[0];
x q[2];
barrier q;
h q[0];
cu1(pi/2) q[1], q[0];
cu1(pi/4) q[2], q[0];
cu1(pi/8) q[3], q[0];
h q[1];
cu1(pi/2) q[2], q[1];
cu1(pi/4) q[3], q[1];
h q[2];
cu1(pi/2) q[3], q[2];
h q[3];
swap q[0], q[3];
swap q[1], q[2];
`;

const phase = `${head}
// u1(2*pi*5/8) on |1>: the three bits read 5 = 101, lowest qubit first.
qreg q[3];
qreg e[1];
creg c[3];
x e[0];
h q;
cu1(5*pi/4) q[0], e[0];
cu1(5*pi/2) q[1], e[0];
cu1(5*pi) q[2], e[0];
barrier q;
swap q[0], q[2];
h q[0];
cu1(-pi/2) q[1], q[0];
h q[1];
cu1(-pi/4) q[2], q[0];
cu1(-pi/2) q[2], q[1];
h q[2];
measure q -> c;
`;

/**
 * H₂ at 0.735 Å in STO-3G on two qubits: parity mapping with its two symmetries taken off, coefficients as in the Qiskit
 * Nature tutorials (PySCF integrals). The last term is the repulsion of the nuclei, 0.529177 / 0.735 Ha. Exact: -1.137306 Ha.
 */
const hydrogen =
  '-1.052373245772859 II + 0.39793742484318045 ZI - 0.39793742484318045 IZ - 0.01128010425623538 ZZ + 0.18093119978423156 XX + 0.7199689944489797 II';
const vqe = `${head}
// A trial state of H2 at 0.735 angstrom, its angles a poor
// guess. Setting them one by one comes to -1.1373 hartree,
// the exact energy of this model.
qreg q[2];
ry(0.5) q[0];
ry(0.5) q[1];
cx q[1], q[0];
ry(0.5) q[0];
ry(0.5) q[1];
`;

export const examples: readonly Example[] = [
  { name: 'bell', source: bell, what: 'measure' },
  { name: 'ghz', source: ghz, what: 'measure' },
  { name: 'teleport', source: teleport, what: 'measure' },
  { name: 'grover', source: grover, what: 'measure' },
  { name: 'qft', source: qft, what: 'measure' },
  { name: 'phase', source: phase, what: 'measure' },
  { name: 'vqe', source: vqe, what: 'optimise', pauli: hydrogen },
  { name: 'random', source: randomGrid(5, 10, 1), what: 'amplitude' },
];

/**
 * A random circuit on a square grid, in the manner of Boixo et al. (arXiv 1608.00263): Hadamards, then layers of CZ in
 * turning directions with random single-qubit gates between, then Hadamards.
 */
export function randomGrid(side: number, depth: number, seed: number): string {
  let state = seed >>> 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const lines = [head, `// Seed ${seed}.`, `qreg q[${side * side}];`, 'h q;'];
  for (let layer = 0; layer < depth; layer++) {
    const across = layer % 2 === 0;
    const offset = (layer >> 1) % 2;
    const busy = new Set<number>();
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const along = across ? column : row;
        if (along % 2 !== offset || along + 1 >= side) continue;
        const from = row * side + column;
        const to = across ? from + 1 : from + side;
        busy.add(from).add(to);
        lines.push(`cz q[${from}], q[${to}];`);
      }
    }
    for (let qubit = 0; qubit < side * side; qubit++)
      if (!busy.has(qubit)) lines.push(`${['t', 'rx(pi/2)', 'ry(pi/2)'][draw(3)]} q[${qubit}];`);
  }
  return `${[...lines, 'h q;'].join('\n')}\n`;
}
