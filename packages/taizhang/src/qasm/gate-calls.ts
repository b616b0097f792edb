import { ParseError, UnsupportedGateError } from '../errors.ts';
import { type GateOperation, gateOperation } from '../ir/circuit.ts';
import { controlGates, gatePower, invertGates } from '../ir/gate-algebra.ts';
import { gateTable } from '../ir/gate-table.ts';
import { nearestWord } from '../ir/nearest-word.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import type { Binding, QasmScope } from './qasm-scope.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './tokenize.ts';

/** A gate that the source may call: one of the table, or a body of its own at a place in the tokens. */
export interface KnownGate {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly qubits: readonly string[];
  readonly body: 'table' | 'opaque' | { readonly cursor: TokenCursor; readonly start: number };
}

export interface Modifier {
  readonly kind: 'ctrl' | 'negctrl' | 'inv' | 'pow';
  readonly value: number;
  readonly token: Token;
}

export interface GateCalls {
  readonly gates: Map<string, KnownGate>;
  readonly modifiers: (cursor: TokenCursor) => Modifier[];
  /** The known gate of a name. @throws ParseError with the nearest name. */
  readonly find: (token: Token) => KnownGate;
  /** Reads `(a, b)` if it is there. */
  readonly parameterList: (cursor: TokenCursor) => number[];
  /** Reads a `{ … }` body of gate calls over the names in scope. */
  readonly body: (cursor: TokenCursor) => GateOperation[];
  /** The gates that a call with modifiers stands for. */
  readonly expand: (call: {
    token: Token;
    gate: KnownGate;
    parameters: readonly number[];
    modifiers: readonly Modifier[];
    qubits: readonly number[];
  }) => GateOperation[];
}

/** A gate of the table as a known gate. */
export function tableGate(name: string): KnownGate {
  const definition = gateTable.get(name)!;
  const names = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  return { name, parameters: names(definition.parameters), qubits: names(definition.qubits), body: 'table' };
}

/** @param work Counts one piece of work at a token, and throws when there is too much of it. */
export function gateCalls(scope: QasmScope, work: (token: Token, amount?: number) => void): GateCalls {
  const gates = new Map<string, KnownGate>();
  let depth = 0;

  const find = (token: Token): KnownGate => {
    const gate = gates.get(token.text);
    if (gate !== undefined) return gate;
    const missing = gateTable.has(token.text) ? ' (is its include missing?)' : '';
    throw new ParseError(`unknown gate "${token.text}"${missing}`, token, {
      suggestion: nearestWord(token.text, gates.keys()),
    });
  };
  const parameterList = (cursor: TokenCursor): number[] => {
    const values: number[] = [];
    if (!cursor.accept('(')) return values;
    if (cursor.accept(')')) return values;
    do {
      const token = cursor.peek();
      const value = evaluateExpression(cursor, scope);
      if (!Number.isFinite(value)) throw new ParseError('a parameter that is not a finite number', token);
      values.push(value);
    } while (cursor.accept(','));
    cursor.expect(')');
    return values;
  };
  const modifiers = (cursor: TokenCursor): Modifier[] => {
    const out: Modifier[] = [];
    for (;;) {
      const token = cursor.peek();
      const kind = (['ctrl', 'negctrl', 'inv', 'pow'] as const).find((name) => name === token.text);
      const next = cursor.peek(1).text;
      if (kind === undefined || token.kind !== 'identifier' || (next !== '@' && next !== '(')) return out;
      cursor.take();
      let value = 1;
      if (cursor.accept('(')) {
        value = evaluateExpression(cursor, scope);
        cursor.expect(')');
      } else if (kind === 'pow') throw new ParseError('a power without an exponent', token, { expected: ['"("'] });
      if (kind.endsWith('ctrl') && (!Number.isInteger(value) || value < 1 || value > 64))
        throw new ParseError(`${value} controls`, token, { expected: ['1 to 64'] });
      if (!Number.isFinite(value)) throw new ParseError('an exponent that is not a finite number', token);
      cursor.expect('@');
      out.push({ kind, value, token });
    }
  };
  const body = (cursor: TokenCursor): GateOperation[] => {
    const out: GateOperation[] = [];
    cursor.expect('{');
    while (!cursor.accept('}')) {
      const token = cursor.peek();
      if (token.kind === 'end') throw new ParseError('a gate body that never ends', token, { expected: ['"}"'] });
      if (cursor.accept(';')) continue;
      work(token);
      if (cursor.accept('barrier')) {
        while (!cursor.accept(';')) {
          const skipped = cursor.take();
          if (skipped.kind === 'end') throw new ParseError('a barrier that never ends', token, { expected: ['";"'] });
        }
        continue;
      }
      const mods = modifiers(cursor);
      const name = cursor.identifier('a gate');
      const gate = find(name);
      const parameters = parameterList(cursor);
      const qubits: number[] = [];
      if (cursor.peek().text !== ';')
        do {
          const qubit = cursor.identifier('a qubit of the gate');
          const binding = scope.find(qubit.text);
          if (binding?.kind !== 'qubits') throw scope.unknown(qubit, 'qubit');
          qubits.push(binding.indices[0]!);
        } while (cursor.accept(','));
      cursor.expect(';');
      out.push(...expand({ token: name, gate, parameters, modifiers: mods, qubits }));
    }
    return out;
  };
  const applyBody = (gate: KnownGate, token: Token, parameters: readonly number[], qubits: readonly number[]) => {
    if (gate.body === 'table') return [gateOperation(gate.name, qubits, parameters)];
    if (gate.body === 'opaque') return [gateOperation(gate.name, qubits, parameters)];
    const bindings = new Map<string, Binding>();
    gate.parameters.forEach((name, i) => {
      bindings.set(name, { kind: 'number', value: parameters[i]!, constant: false });
    });
    gate.qubits.forEach((name, i) => {
      bindings.set(name, { kind: 'qubits', indices: [qubits[i]!], array: false });
    });
    const { cursor, start } = gate.body;
    const back = cursor.position();
    if (++depth > 200) throw new ParseError('gates nested deeper than 200', token);
    cursor.moveTo(start);
    try {
      return scope.isolated(bindings, () => body(cursor));
    } finally {
      cursor.moveTo(back);
      depth--;
    }
  };
  const expand: GateCalls['expand'] = ({ token, gate, parameters, modifiers: mods, qubits }) => {
    if (parameters.length !== gate.parameters.length)
      throw new ParseError(
        `gate "${gate.name}" takes ${gate.parameters.length} parameters, not ${parameters.length}`,
        token,
      );
    const controlCount = mods.reduce((sum, { kind, value }) => sum + (kind.endsWith('ctrl') ? value : 0), 0);
    const wanted = controlCount + gate.qubits.length;
    if (qubits.length !== wanted)
      throw new ParseError(`gate "${gate.name}" acts on ${wanted} qubits here, not ${qubits.length}`, token);
    if (new Set(qubits).size !== qubits.length) throw new ParseError('a qubit stands twice in one gate', token);
    let out = applyBody(gate, token, parameters, qubits.slice(controlCount));
    work(token, out.length);
    if (mods.length > 0 && gate.body === 'opaque')
      throw new ParseError(`the opaque gate "${gate.name}" takes no modifiers`, token);
    // The innermost modifier stands last; its controls are the last of the control qubits.
    let end = controlCount;
    for (const { kind, value, token: at } of mods.toReversed()) {
      if (kind === 'inv') out = invertGates(out);
      else if (kind === 'pow') out = power(out, value, at, work);
      else {
        const controls = qubits.slice(end - value, end);
        end -= value;
        out = controlGates(out, controls);
        if (kind === 'negctrl') {
          const flips = controls.map((control) => gateOperation('x', [control]));
          out = [...flips, ...out, ...flips];
        }
      }
      work(at, out.length);
    }
    return out;
  };
  return { gates, modifiers, find, parameterList, body, expand };
}

function power(
  gates: readonly GateOperation[],
  exponent: number,
  token: Token,
  work: (token: Token, amount?: number) => void,
): GateOperation[] {
  if (gates.length === 1)
    try {
      return gatePower(gates[0]!, exponent);
    } catch (error) {
      if (error instanceof UnsupportedGateError) throw new ParseError(error.message, token);
      throw error;
    }
  if (!Number.isInteger(exponent))
    throw new ParseError(`the power ${exponent} of a gate made of ${gates.length} gates`, token, {
      expected: ['a whole number'],
    });
  work(token, Math.abs(exponent) * gates.length);
  const once = exponent < 0 ? invertGates(gates) : gates;
  return Array.from({ length: Math.abs(exponent) }, () => once).flat();
}
