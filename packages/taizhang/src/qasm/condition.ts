import { ParseError } from '../errors.ts';
import type { Condition } from '../ir/circuit.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import { readOperand } from './operand.ts';
import type { QasmScope } from './qasm-scope.ts';
import { shown, type TokenCursor } from './token-cursor.ts';

/**
 * Reads the test of an `if`: comparisons of bits or whole registers with a number (`c == 3`, `c[0]`, `!c[1]`,
 * `c[0] == 0 && c[1]`), or an expression of numbers known now.
 *
 * @returns Conditions that must all hold at run time, or the outcome if it is known already.
 */
export function readCondition(cursor: TokenCursor, scope: QasmScope): readonly Condition[] | boolean {
  const out: Condition[] = [];
  do {
    let negated = false;
    let parens = 0;
    const mark = cursor.position();
    for (;;) {
      if (cursor.accept('!')) negated = !negated;
      else if (cursor.accept('(')) parens++;
      else break;
    }
    if (scope.find(cursor.peek().text)?.kind !== 'bits') {
      if (out.length > 0)
        throw new ParseError(`unexpected ${shown(cursor.peek())}`, cursor.peek(), { expected: ['a bit'] });
      cursor.moveTo(mark);
      return evaluateExpression(cursor, scope) !== 0;
    }
    const { indices: bits } = readOperand(cursor, scope, 'bits');
    let value = 1;
    let equal = true;
    const token = cursor.peek();
    if (cursor.accept('==') || cursor.accept('!=')) {
      equal = token.text === '==';
      value = readBitString(cursor, bits.length) ?? evaluateExpression(cursor, scope, 'sums');
      if (!Number.isSafeInteger(value) || value < 0)
        throw new ParseError(`bits compared with ${value}`, token, { expected: ['a whole number'] });
    } else if (bits.length > 1) {
      // A register by itself is true when it is not zero.
      value = 0;
      equal = false;
    }
    for (; parens > 0; parens--) cursor.expect(')');
    out.push({ bits, value, equal: equal !== negated });
  } while (cursor.accept('&&'));
  return out;
}

/** `"01"`: the highest bit stands first (OpenQASM 3 specification, "Bits"). */
function readBitString(cursor: TokenCursor, width: number): number | null {
  const token = cursor.peek();
  if (token.kind !== 'string') return null;
  const digits = token.text.slice(1, -1).replaceAll('_', '');
  if (!/^[01]+$/.test(digits) || digits.length !== width)
    throw new ParseError(`${width} bits compared with ${token.text}`, token, { expected: [`${width} of 0 and 1`] });
  cursor.take();
  return Number.parseInt(digits, 2);
}
