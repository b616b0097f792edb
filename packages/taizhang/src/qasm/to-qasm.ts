import { UnsupportedGateError } from '../errors.ts';
import type { Circuit, Condition, GateOperation, Operation, Register } from '../ir/circuit.ts';
import { gateTable } from '../ir/gate-table.ts';
import { qelib1Gates, stdgates } from './standard-gates.ts';

/** Definitions that are put before a circuit using gates outside of the include. */
const definitions: ReadonlyMap<string, string> = new Map([
  ['x_1_2', 'gate x_1_2 a { U(pi/2,-pi/2,pi/2) a; gphase(pi/4); }'],
  ['y_1_2', 'gate y_1_2 a { U(pi/2,0,0) a; gphase(pi/4); }'],
  ['sxdg', 'gate sxdg a { inv @ sx a; }'],
  ['u', 'gate u(a,b,c) q { U(a,b,c) q; }'],
  ['u0', 'gate u0(g) q { U(0,0,0) q; }'],
  ['cu1', 'gate cu1(a) q,r { cp(a) q,r; }'],
  ['cu3', 'gate cu3(a,b,c) q,r { ctrl @ U(a,b,c) q,r; }'],
  ['csx', 'gate csx q,r { ctrl @ sx q,r; }'],
  ['rxx', 'gate rxx(a) q,r { h q; h r; cx q,r; rz(a) r; cx q,r; h q; h r; }'],
  ['ryy', 'gate ryy(a) q,r { rx(pi/2) q; rx(pi/2) r; cx q,r; rz(a) r; cx q,r; rx(-pi/2) q; rx(-pi/2) r; }'],
  ['rzz', 'gate rzz(a) q,r { cx q,r; rz(a) r; cx q,r; }'],
  ['iswap', 'gate iswap q,r { s q; s r; h q; cx q,r; cx r,q; h r; }'],
  ['ccz', 'gate ccz a,b,c { ctrl(2) @ z a,b,c; }'],
  ['c3x', 'gate c3x a,b,c,d { ctrl(3) @ x a,b,c,d; }'],
  ['c3sqrtx', 'gate c3sqrtx a,b,c,d { ctrl(3) @ sx a,b,c,d; }'],
  ['c4x', 'gate c4x a,b,c,d,e { ctrl(4) @ x a,b,c,d,e; }'],
  [
    'rccx',
    'gate rccx a,b,c { u2(0,pi) c; u1(pi/4) c; cx b,c; u1(-pi/4) c; cx a,c; u1(pi/4) c; cx b,c; u1(-pi/4) c; u2(0,pi) c; }',
  ],
]);
/** Gates that keep their name only as an opaque declaration or a matrix cannot be written. */
const primitives3 = new Set(['U', 'gphase']);

/**
 * Writes the circuit as OpenQASM 2 when it can be said in it, else as OpenQASM 3. Numbers keep all digits, so that
 * reading the text again gives the same circuit (OpenQASM 3 definitions come back expanded to equal unitaries).
 *
 * @throws UnsupportedGateError for gates given only as a matrix.
 */
export function toQasm(circuit: Circuit): string {
  const gates = circuit.operations.filter((operation): operation is GateOperation => operation.kind === 'gate');
  for (const { gate } of gates)
    if (gate === 'unitary')
      throw new UnsupportedGateError('A gate given as a matrix cannot be written as OpenQASM.', { gate });
  const plain2 =
    gates.every(
      ({ gate, controls }) =>
        controls.length === 0 && (qelib1Gates.has(gate) || gate === 'U' || gate === 'CX' || !gateTable.has(gate)),
    ) &&
    circuit.operations.every(
      (operation) => operation.kind === 'barrier' || isWholeRegister(circuit, operation.conditions),
    );
  return plain2 ? writeQasm2(circuit, gates) : writeQasm3(circuit, gates);
}

function isWholeRegister(circuit: Circuit, conditions: readonly Condition[] | undefined): boolean {
  if (conditions === undefined || conditions.length === 0) return true;
  return conditions.length === 1 && conditions[0]!.equal && registerOf(circuit, conditions[0]!) !== undefined;
}

function registerOf(circuit: Circuit, { bits }: Condition): Register | undefined {
  return circuit.bitRegisters.find(
    ({ start, size }) => size === bits.length && bits.every((bit, i) => bit === start + i),
  );
}

const nameOf = (registers: readonly Register[], index: number): string => {
  const register = registers.find(({ start, size }) => index >= start && index < start + size)!;
  return `${register.name}[${index - register.start}]`;
};

function opaqueLines(gates: readonly GateOperation[]): string[] {
  const unknown = new Map(gates.filter(({ gate }) => !gateTable.has(gate)).map((gate) => [gate.gate, gate]));
  return [...unknown.values()].map(({ gate, parameters, qubits }) => {
    const list = parameters.length > 0 ? `(${parameters.map((_, i) => `p${i}`).join(',')})` : '';
    return `opaque ${gate}${list} ${qubits.map((_, i) => `a${i}`).join(',')};`;
  });
}

function writeQasm2(circuit: Circuit, gates: readonly GateOperation[]): string {
  const lines = ['OPENQASM 2.0;', 'include "qelib1.inc";', ...opaqueLines(gates)];
  for (const { name, size } of circuit.qubitRegisters) lines.push(`qreg ${name}[${size}];`);
  for (const { name, size } of circuit.bitRegisters) lines.push(`creg ${name}[${size}];`);
  for (const operation of circuit.operations) {
    const condition = operation.kind === 'barrier' ? undefined : operation.conditions?.[0];
    const test = condition === undefined ? '' : `if(${registerOf(circuit, condition)!.name}==${condition.value}) `;
    lines.push(test + operationLine(circuit, operation, 2));
  }
  return `${lines.join('\n')}\n`;
}

function writeQasm3(circuit: Circuit, gates: readonly GateOperation[]): string {
  const used = new Set(gates.map(({ gate }) => gate));
  const lines = ['OPENQASM 3.0;', 'include "stdgates.inc";', ...opaqueLines(gates)];
  for (const name of used) {
    if (stdgates.has(name) || primitives3.has(name) || !gateTable.has(name)) continue;
    lines.push(definitions.get(name)!);
  }
  // Scalars are written as arrays of one, which broadcast the same way.
  for (const { name, size } of circuit.qubitRegisters) lines.push(`qubit[${size}] ${name};`);
  for (const { name, size } of circuit.bitRegisters) lines.push(`bit[${size}] ${name};`);
  for (const operation of circuit.operations) {
    const conditions = operation.kind === 'barrier' ? [] : (operation.conditions ?? []);
    const open = conditions.map((condition) => `if (${conditionText(circuit, condition)}) { `).join('');
    lines.push(open + operationLine(circuit, operation, 3) + ' }'.repeat(conditions.length));
  }
  return `${lines.join('\n')}\n`;
}

function conditionText(circuit: Circuit, condition: Condition): string {
  const register = registerOf(circuit, condition);
  const symbol = condition.equal ? '==' : '!=';
  if (register !== undefined) return `${register.name} ${symbol} ${condition.value}`;
  const first = circuit.bitRegisters.find(
    ({ start, size }) => condition.bits[0]! >= start && condition.bits[0]! < start + size,
  )!;
  const indices = condition.bits.map((bit) => bit - first.start);
  if (indices.length === 1) return `${first.name}[${indices[0]}] ${symbol} ${condition.value}`;
  return `${first.name}[{${indices.join(', ')}}] ${symbol} ${condition.value}`;
}

function operationLine(circuit: Circuit, operation: Operation, version: 2 | 3): string {
  const qubit = (index: number) => nameOf(circuit.qubitRegisters, index);
  const bit = (index: number) => nameOf(circuit.bitRegisters, index);
  switch (operation.kind) {
    case 'barrier':
      return `barrier ${operation.qubits.map(qubit).join(',')};`;
    case 'reset':
      return `reset ${qubit(operation.qubit)};`;
    case 'measure':
      return version === 2
        ? `measure ${qubit(operation.qubit)} -> ${bit(operation.bit)};`
        : `${bit(operation.bit)} = measure ${qubit(operation.qubit)};`;
    default: {
      const parameters = operation.parameters.length > 0 ? `(${operation.parameters.join(',')})` : '';
      const count = operation.controls.length;
      const modifier = count === 0 ? '' : count === 1 ? 'ctrl @ ' : `ctrl(${count}) @ `;
      const qubits = [...operation.controls, ...operation.qubits].map(qubit).join(',');
      return `${modifier}${operation.gate}${parameters}${qubits === '' ? '' : ` ${qubits}`};`;
    }
  }
}
