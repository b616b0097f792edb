import { ParseError } from '../errors.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import type { QasmScope } from './qasm-scope.ts';
import { shown, type TokenCursor } from './token-cursor.ts';
import type { Token } from './tokenize.ts';

/** Qubits or bits that an argument names; `array` says that it broadcasts. */
export interface Operand {
  readonly indices: readonly number[];
  readonly array: boolean;
  readonly token: Token;
}

/**
 * Reads `q`, `q[i]`, `q[a:b]`, `q[a:step:b]` or `q[{i, j}]`; negative indices count from the end.
 *
 * @throws ParseError for an unknown name, the wrong kind, or an index outside of the register.
 */
export function readOperand(cursor: TokenCursor, scope: QasmScope, kind: 'qubits' | 'bits'): Operand {
  const token = cursor.identifier(kind === 'qubits' ? 'a qubit' : 'a bit');
  const binding = scope.find(token.text);
  const what = kind === 'qubits' ? 'qubit' : 'bit';
  if (binding === undefined) throw scope.unknown(token, what);
  if (binding.kind !== kind) throw new ParseError(`"${token.text}" is not a ${what}`, token);
  if (!cursor.accept('[')) return { indices: binding.indices, array: binding.array, token };
  const all = binding.indices;
  const at = (index: number, place: Token): number => {
    const from = index < 0 ? index + all.length : index;
    if (!Number.isInteger(from) || from < 0 || from >= all.length)
      throw new ParseError(`index ${index} is outside of "${token.text}"`, place, {
        expected: [`0 to ${all.length - 1}`],
      });
    return from;
  };
  const number = () => {
    const place = cursor.peek();
    return { value: evaluateExpression(cursor, scope), place };
  };
  const done = (indices: readonly number[], array: boolean): Operand => {
    cursor.expect(']');
    return { indices, array, token };
  };
  if (cursor.accept('{')) {
    const indices: number[] = [];
    do {
      const { value, place } = number();
      indices.push(all[at(value, place)]!);
    } while (cursor.accept(','));
    cursor.expect('}');
    return done(indices, true);
  }
  const first = cursor.peek().text === ':' ? { value: 0, place: cursor.peek() } : number();
  if (!cursor.accept(':')) return done([all[at(first.value, first.place)]!], false);
  let last = cursor.peek().text === ']' ? { value: -1, place: cursor.peek() } : number();
  let step = 1;
  if (cursor.accept(':')) {
    step = last.value;
    last = number();
  }
  if (!Number.isInteger(step) || step === 0) throw new ParseError(`a range with step ${shown(last.place)}`, last.place);
  const indices: number[] = [];
  const [from, to] = [at(first.value, first.place), at(last.value, last.place)];
  for (let i = from; step > 0 ? i <= to : i >= to; i += step) indices.push(all[i]!);
  if (indices.length === 0) throw new ParseError('an empty range', first.place);
  return done(indices, true);
}
