import { UnsupportedGateError } from '../errors.ts';
import type { GateOperation } from './circuit.ts';
import { controlled, diagonal, fromRows, type Matrix, multiply, permutation } from './matrix.ts';

/** A named gate: how many qubits and parameters it takes, and its matrix (first qubit = highest bit of the index). */
export interface GateDefinition {
  readonly qubits: number;
  readonly parameters: number;
  readonly matrix: (...parameters: number[]) => Matrix;
}

const half = Math.SQRT1_2;
const define = (qubits: number, parameters: number, matrix: (...p: number[]) => Matrix): GateDefinition => ({
  qubits,
  parameters,
  matrix,
});
const constant = (qubits: number, matrix: Matrix): GateDefinition => define(qubits, 0, () => matrix);

/** U(θ, φ, λ) with a real upper left entry: OpenQASM 3 specification, "Built-in gates". */
export function generalRotation(theta: number, phi: number, lambda: number): Matrix {
  const c = Math.cos(theta / 2);
  const s = Math.sin(theta / 2);
  return fromRows([
    [c, 0, -s * Math.cos(lambda), -s * Math.sin(lambda)],
    [s * Math.cos(phi), s * Math.sin(phi), c * Math.cos(phi + lambda), c * Math.sin(phi + lambda)],
  ]);
}

const x = permutation([1, 0]);
const y = fromRows([
  [0, 0, 0, -1],
  [0, 1, 0, 0],
]);
const z = diagonal([0, Math.PI]);
const h = fromRows([
  [half, 0, half, 0],
  [half, 0, -half, 0],
]);
const sx = fromRows([
  [0.5, 0.5, 0.5, -0.5],
  [0.5, -0.5, 0.5, 0.5],
]);
const sxdg = fromRows([
  [0.5, -0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5, -0.5],
]);
const rx = (a: number) =>
  fromRows([
    [Math.cos(a / 2), 0, 0, -Math.sin(a / 2)],
    [0, -Math.sin(a / 2), Math.cos(a / 2), 0],
  ]);
const ry = (a: number) =>
  fromRows([
    [Math.cos(a / 2), 0, -Math.sin(a / 2), 0],
    [Math.sin(a / 2), 0, Math.cos(a / 2), 0],
  ]);
const rz = (a: number) => diagonal([-a / 2, a / 2]);
const p = (a: number) => diagonal([0, a]);
const swap = permutation([0, 2, 1, 3]);
const rccx = fromRows([
  [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
]);

/** exp(-i a/2 P⊗P) for P = X: Qiskit circuit library, RXXGate. */
const rxx = (a: number) => {
  const c = Math.cos(a / 2);
  const s = -Math.sin(a / 2);
  return fromRows([
    [c, 0, 0, 0, 0, 0, 0, s],
    [0, 0, c, 0, 0, s, 0, 0],
    [0, 0, 0, s, c, 0, 0, 0],
    [0, s, 0, 0, 0, 0, c, 0],
  ]);
};
const ryy = (a: number) => {
  const c = Math.cos(a / 2);
  const s = Math.sin(a / 2);
  return fromRows([
    [c, 0, 0, 0, 0, 0, 0, s],
    [0, 0, c, 0, 0, -s, 0, 0],
    [0, 0, 0, -s, c, 0, 0, 0],
    [0, s, 0, 0, 0, 0, c, 0],
  ]);
};

const standard: readonly (readonly [string, GateDefinition])[] = [
  ['U', define(1, 3, generalRotation)],
  ['id', constant(1, diagonal([0, 0]))],
  ['x', constant(1, x)],
  ['y', constant(1, y)],
  ['z', constant(1, z)],
  ['h', constant(1, h)],
  ['s', constant(1, p(Math.PI / 2))],
  ['sdg', constant(1, p(-Math.PI / 2))],
  ['t', constant(1, p(Math.PI / 4))],
  ['tdg', constant(1, p(-Math.PI / 4))],
  ['sx', constant(1, sx)],
  ['sxdg', constant(1, sxdg)],
  // GRCS names: the square roots of X and Y with their eigenvalue 1 kept (github.com/sboixo/GRCS).
  ['x_1_2', constant(1, sx)],
  [
    'y_1_2',
    constant(
      1,
      fromRows([
        [0.5, 0.5, -0.5, -0.5],
        [0.5, 0.5, 0.5, 0.5],
      ]),
    ),
  ],
  ['rx', define(1, 1, rx)],
  ['ry', define(1, 1, ry)],
  ['rz', define(1, 1, rz)],
  ['p', define(1, 1, p)],
  ['u1', define(1, 1, p)],
  ['phase', define(1, 1, p)],
  ['u2', define(1, 2, (phi, lambda) => generalRotation(Math.PI / 2, phi, lambda))],
  ['u3', define(1, 3, generalRotation)],
  ['u', define(1, 3, generalRotation)],
  ['u0', define(1, 1, () => diagonal([0, 0]))],
  ['CX', constant(2, controlled(x))],
  ['cx', constant(2, controlled(x))],
  ['cy', constant(2, controlled(y))],
  ['cz', constant(2, controlled(z))],
  ['ch', constant(2, controlled(h))],
  ['csx', constant(2, controlled(sx))],
  ['swap', constant(2, swap)],
  ['crx', define(2, 1, (a) => controlled(rx(a)))],
  ['cry', define(2, 1, (a) => controlled(ry(a)))],
  ['crz', define(2, 1, (a) => controlled(rz(a)))],
  ['cp', define(2, 1, (a) => controlled(p(a)))],
  ['cphase', define(2, 1, (a) => controlled(p(a)))],
  ['cu1', define(2, 1, (a) => controlled(p(a)))],
  ['cu3', define(2, 3, (a, b, c) => controlled(generalRotation(a, b, c)))],
  ['cu', define(2, 4, (a, b, c, g) => controlled(multiply(diagonal([g, g]), generalRotation(a, b, c))))],
  ['rxx', define(2, 1, rxx)],
  ['ryy', define(2, 1, ryy)],
  ['rzz', define(2, 1, (a) => diagonal([-a / 2, a / 2, a / 2, -a / 2]))],
  [
    'iswap',
    constant(
      2,
      fromRows([
        [1, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0],
      ]),
    ),
  ],
  ['ccx', constant(3, controlled(controlled(x)))],
  ['ccz', constant(3, controlled(controlled(z)))],
  ['cswap', constant(3, controlled(swap))],
  ['rccx', constant(3, rccx)],
  ['c3x', constant(4, controlled(controlled(controlled(x))))],
  ['c3sqrtx', constant(4, controlled(controlled(controlled(sx))))],
  ['c4x', constant(5, controlled(controlled(controlled(controlled(x)))))],
  ['gphase', define(0, 1, (a) => diagonal([a]))],
];

/** Every gate that the engines know by name. Conventions follow Qiskit's circuit library, GRCS names aside. */
export const gateTable: ReadonlyMap<string, GateDefinition> = new Map(standard);

/**
 * The full matrix of an operation over `[...controls, ...qubits]`.
 *
 * @throws UnsupportedGateError when the gate has no matrix here (an opaque gate, for example).
 */
export function operationMatrix(operation: GateOperation): Matrix {
  let matrix: Matrix;
  if (operation.gate === 'unitary' && operation.matrix !== undefined) {
    matrix = Float64Array.from(operation.matrix);
  } else {
    const definition = gateTable.get(operation.gate);
    if (definition === undefined)
      throw new UnsupportedGateError(`Gate "${operation.gate}" has no matrix.`, { gate: operation.gate });
    matrix = definition.matrix(...operation.parameters);
  }
  for (let i = 0; i < operation.controls.length; i++) matrix = controlled(matrix);
  return matrix;
}
