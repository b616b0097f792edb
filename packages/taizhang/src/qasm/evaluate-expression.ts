import { ParseError } from '../errors.ts';
import { nearestWord } from '../ir/nearest-word.ts';
import { shown, type TokenCursor } from './token-cursor.ts';
import type { Token } from './tokenize.ts';

/** Values of names in an expression. */
export interface NumberScope {
  readonly lookup: (name: string) => number | undefined;
  readonly names: () => Iterable<string>;
}

const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['π', Math.PI],
  ['tau', 2 * Math.PI],
  ['τ', 2 * Math.PI],
  ['euler', Math.E],
  ['ℇ', Math.E],
  ['true', 1],
  ['false', 0],
]);

const functions: ReadonlyMap<string, readonly [arity: number, apply: (...values: number[]) => number]> = new Map<
  string,
  readonly [number, (...values: number[]) => number]
>([
  ['sin', [1, Math.sin]],
  ['cos', [1, Math.cos]],
  ['tan', [1, Math.tan]],
  ['exp', [1, Math.exp]],
  ['ln', [1, Math.log]],
  ['log', [1, Math.log]],
  ['sqrt', [1, Math.sqrt]],
  ['arcsin', [1, Math.asin]],
  ['arccos', [1, Math.acos]],
  ['arctan', [1, Math.atan]],
  ['asin', [1, Math.asin]],
  ['acos', [1, Math.acos]],
  ['atan', [1, Math.atan]],
  ['floor', [1, Math.floor]],
  ['ceiling', [1, Math.ceil]],
  ['abs', [1, Math.abs]],
  ['mod', [2, (a, b) => a - b * Math.floor(a / b)]],
  ['pow', [2, (a, b) => a ** b]],
  ['int', [1, Math.trunc]],
  ['uint', [1, Math.trunc]],
  ['float', [1, (a) => a]],
  ['angle', [1, (a) => a]],
  ['bool', [1, (a) => (a === 0 ? 0 : 1)]],
]);

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
const deepest = 120;

/**
 * Reads an expression at the cursor and gives its value. `^` and `**` are powers (OpenQASM 2 and 3), binding to the right.
 *
 * @param only `sums` stops before comparisons and logic.
 * @throws ParseError for unknown names and functions, and for nesting deeper than 120.
 */
export function evaluateExpression(cursor: TokenCursor, scope: NumberScope, only: 'all' | 'sums' = 'all'): number {
  let depth = 0;
  const guard = <T>(token: Token, inner: () => T): T => {
    if (++depth > deepest) throw new ParseError(`an expression nested deeper than ${deepest}`, token);
    const out = inner();
    depth--;
    return out;
  };
  const level = (i: number): number => {
    if (i === levels.length) return unary();
    let value = level(i + 1);
    for (;;) {
      const token = cursor.peek();
      if (token.kind !== 'symbol' || !levels[i]!.includes(token.text)) return value;
      cursor.take();
      value = combine(token.text, value, level(i + 1));
    }
  };
  const unary = (): number => {
    const token = cursor.peek();
    if (cursor.accept('-')) return guard(token, () => -unary());
    if (cursor.accept('+')) return guard(token, unary);
    if (cursor.accept('!')) return guard(token, () => (unary() === 0 ? 1 : 0));
    return raised();
  };
  const raised = (): number => {
    const base = atom();
    const token = cursor.peek();
    if (cursor.accept('^') || cursor.accept('**')) return guard(token, () => base ** unary());
    return base;
  };
  const atom = (): number => {
    const token = cursor.take();
    if (token.kind === 'integer') return Number(token.text.replaceAll('_', '').toLowerCase());
    if (token.kind === 'real') return Number(token.text.replaceAll('_', ''));
    if (token.kind === 'symbol' && token.text === '(')
      return guard(token, () => {
        const value = level(0);
        cursor.expect(')');
        return value;
      });
    if (token.kind !== 'identifier')
      throw new ParseError(`unexpected ${shown(token)}`, token, { expected: ['a number', 'a name', '"("'] });
    const known = functions.get(token.text);
    // Casts may carry a width: int[32](x).
    if (known !== undefined && cursor.peek().text === '[')
      while (cursor.take().text !== ']' && cursor.peek().kind !== 'end');
    if (cursor.peek().text === '(') return call(token, known);
    const value = scope.lookup(token.text) ?? constants.get(token.text);
    if (value === undefined)
      throw new ParseError(`unknown name "${token.text}"`, token, {
        suggestion: nearestWord(token.text, [...scope.names(), ...constants.keys()]),
      });
    return value;
  };
  const call = (name: Token, known: readonly [number, (...values: number[]) => number] | undefined): number =>
    guard(name, () => {
      cursor.expect('(');
      const values = [level(0)];
      while (cursor.accept(',')) values.push(level(0));
      cursor.expect(')');
      if (known === undefined)
        throw new ParseError(`unknown function "${name.text}"`, name, {
          suggestion: nearestWord(name.text, functions.keys()),
        });
      if (values.length !== known[0])
        throw new ParseError(`function "${name.text}" takes ${known[0]} values, not ${values.length}`, name);
      return known[1](...values);
    });
  return level(only === 'sums' ? 4 : 0);
}

function combine(symbol: string, a: number, b: number): number {
  switch (symbol) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '&&':
      return a !== 0 && b !== 0 ? 1 : 0;
    default:
      return a !== 0 || b !== 0 ? 1 : 0;
  }
}
