import { UnsupportedGateError } from '../errors.ts';
import { type GateOperation, gateOperation } from './circuit.ts';
import { gateTable, operationMatrix } from './gate-table.ts';
import { dagger, dimension, type Matrix } from './matrix.ts';

const selfInverse = new Set('id x y z h swap cx CX cy cz ch ccx ccz cswap rccx c3x c4x u0'.split(' '));
const inverseName: ReadonlyMap<string, string> = new Map(
  ['s sdg', 't tdg', 'sx sxdg', 'x_1_2 sxdg'].flatMap((pair) => {
    const [a, b] = pair.split(' ') as [string, string];
    return a === 'x_1_2'
      ? [[a, b] as const]
      : ([
          [a, b],
          [b, a],
        ] as const);
  }),
);
const negated = new Set('rx ry rz p u1 phase crx cry crz cp cphase cu1 rxx ryy rzz gphase'.split(' '));
/** Gates that are another gate under controls: name → [gate, number of controls in front]. */
const controlledForm: ReadonlyMap<string, readonly [gate: string, controls: number]> = new Map([
  ['cx', ['x', 1]],
  ['CX', ['x', 1]],
  ['cy', ['y', 1]],
  ['cz', ['z', 1]],
  ['ch', ['h', 1]],
  ['csx', ['sx', 1]],
  ['crx', ['rx', 1]],
  ['cry', ['ry', 1]],
  ['crz', ['rz', 1]],
  ['cp', ['p', 1]],
  ['cphase', ['p', 1]],
  ['cu1', ['p', 1]],
  ['cu3', ['u3', 1]],
  ['cswap', ['swap', 1]],
  ['ccx', ['x', 2]],
  ['ccz', ['z', 2]],
  ['c3x', ['x', 3]],
  ['c3sqrtx', ['sx', 3]],
  ['c4x', ['x', 4]],
]);

/** The same operation with every control of its name moved to `controls`. */
export function withOpenControls(operation: GateOperation): GateOperation {
  const form = controlledForm.get(operation.gate);
  if (form === undefined) return operation;
  return {
    ...operation,
    gate: form[0],
    qubits: operation.qubits.slice(form[1]),
    controls: [...operation.controls, ...operation.qubits.slice(0, form[1])],
  };
}

/** Gates whose product is the inverse of the given one. */
export function invertGate(operation: GateOperation): GateOperation[] {
  const { gate, parameters } = operation;
  if (selfInverse.has(gate)) return [operation];
  const name = inverseName.get(gate);
  if (name !== undefined) return [{ ...operation, gate: name }];
  if (negated.has(gate)) return [{ ...operation, parameters: parameters.map((value) => -value) }];
  const [theta = 0, phi = 0, lambda = 0] = parameters;
  if (gate === 'U' || gate === 'u' || gate === 'u3' || gate === 'cu3')
    return [{ ...operation, parameters: [-theta, -lambda, -phi] }];
  if (gate === 'cu') return [{ ...operation, parameters: [-theta, -lambda, -phi, -parameters[3]!] }];
  if (gate === 'u2') return [{ ...operation, gate: 'u3', parameters: [-Math.PI / 2, -phi, -theta] }];
  const open = withOpenControls(operation);
  if (open !== operation) return invertGate(open);
  const base = dagger(operationMatrix({ ...operation, controls: [] }));
  if (operation.qubits.length === 1) return fromMatrix(base, operation);
  return [{ ...operation, gate: 'unitary', parameters: [], matrix: [...base] }];
}

/** The inverse of a list: inverses in reverse order. */
export function invertGates(operations: readonly GateOperation[]): GateOperation[] {
  return operations.toReversed().flatMap(invertGate);
}

/**
 * A power of one gate. Whole powers of any gate (as a list); other powers of gates on one qubit under any controls, and
 * of swaps, by the principal root.
 *
 * @throws UnsupportedGateError for fractional powers of other gates.
 */
export function gatePower(operation: GateOperation, exponent: number): GateOperation[] {
  const open = withOpenControls(operation);
  if (open.gate === 'gphase') return [{ ...open, parameters: [open.parameters[0]! * exponent] }];
  if (open.qubits.length === 1)
    return fromMatrix(matrixPower(operationMatrix({ ...open, controls: [] }), exponent), open);
  if (open.gate === 'swap') {
    const [a, b] = open.qubits as [number, number];
    const outer = gateOperation('cx', [b, a]);
    const inner = gateOperation('x', [b], [], [...open.controls, a]);
    return [outer, ...gatePower(inner, exponent), outer];
  }
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 4096) {
    const once = exponent < 0 ? invertGate(operation) : [operation];
    return Array.from({ length: Math.abs(exponent) }, () => once).flat();
  }
  throw new UnsupportedGateError(`Gate "${operation.gate}" has no power ${exponent} here.`, { gate: operation.gate });
}

/** A 2×2 unitary as U(θ, φ, λ) and a phase, under the controls of `like`. */
function fromMatrix(m: Matrix, like: GateOperation): GateOperation[] {
  const entry = (i: number) => ({
    size: Math.hypot(m[2 * i]!, m[2 * i + 1]!),
    angle: Math.atan2(m[2 * i + 1]!, m[2 * i]!),
  });
  const [a, b, c, d] = [entry(0), entry(1), entry(2), entry(3)] as const;
  const theta = 2 * Math.atan2(c.size, a.size);
  const phase = a.size > 1e-12 ? a.angle : c.angle;
  const phi = a.size > 1e-12 && c.size > 1e-12 ? c.angle - phase : 0;
  const lambda = c.size > 1e-12 ? b.angle + Math.PI - phase : d.angle - phase;
  const { matrix: _, ...rest } = like;
  const out: GateOperation[] = [{ ...rest, gate: 'U', parameters: [theta, phi, lambda] }];
  if (Math.abs(phase) > 1e-15) out.push({ ...rest, gate: 'gphase', parameters: [phase], qubits: [] });
  return out;
}

/** U^x of a 2×2 unitary by its eigenvalues e^{iα}, α in (-π, π]: U = e^{iδ}(cos ω + i sin ω n·σ). */
function matrixPower(m: Matrix, exponent: number): Matrix {
  if (dimension(m) !== 2) throw new Error('only 2×2 matrices have a power here');
  const determinantAngle = Math.atan2(
    m[0]! * m[7]! + m[1]! * m[6]! - m[2]! * m[5]! - m[3]! * m[4]!,
    m[0]! * m[6]! - m[1]! * m[7]! - m[2]! * m[4]! + m[3]! * m[5]!,
  );
  const delta = determinantAngle / 2;
  const [cd, sd] = [Math.cos(delta), -Math.sin(delta)];
  const special = new Float64Array(8);
  for (let i = 0; i < 8; i += 2) {
    special[i] = m[i]! * cd - m[i + 1]! * sd;
    special[i + 1] = m[i]! * sd + m[i + 1]! * cd;
  }
  const cosine = Math.max(-1, Math.min(1, (special[0]! + special[6]!) / 2));
  const omega = Math.acos(cosine);
  const wrap = (angle: number) => angle - 2 * Math.PI * Math.ceil((angle - Math.PI) / (2 * Math.PI) - 1e-12);
  const alpha = wrap(delta + omega) * exponent;
  const beta = wrap(delta - omega) * exponent;
  const out = new Float64Array(8);
  const sine = Math.sin(omega);
  for (let i = 0; i < 4; i++) {
    const diagonal = i === 0 || i === 3;
    // Projectors (1 ± n·σ)/2 with n·σ = (special - cos ω)/(i sin ω).
    const re = sine < 1e-12 ? 0 : special[2 * i + 1]! / sine;
    const im = sine < 1e-12 ? 0 : -(special[2 * i]! - (diagonal ? cosine : 0)) / sine;
    const one = diagonal ? 1 : 0;
    const plus = [(one + re) / 2, im / 2] as const;
    const minus = [(one - re) / 2, -im / 2] as const;
    out[2 * i] =
      Math.cos(alpha) * plus[0] - Math.sin(alpha) * plus[1] + Math.cos(beta) * minus[0] - Math.sin(beta) * minus[1];
    out[2 * i + 1] =
      Math.cos(alpha) * plus[1] + Math.sin(alpha) * plus[0] + Math.cos(beta) * minus[1] + Math.sin(beta) * minus[0];
  }
  return out;
}

/** One more control in front of each gate; gates whose names already have controls stay as they are. */
export function controlGates(operations: readonly GateOperation[], controls: readonly number[]): GateOperation[] {
  return operations.map((operation) => ({ ...operation, controls: [...controls, ...operation.controls] }));
}

/** Whether a name belongs to the gates that every engine knows. */
export function isKnownGate(name: string): boolean {
  return gateTable.has(name);
}
