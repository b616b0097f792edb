import { MyriadError, type ToolDefinition } from '@myriad/contracts';
import { said, type Tool } from './tool.ts';

type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name' | 'sign'; readonly text: string };

const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const functions: Readonly<Record<string, (...args: number[]) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log: Math.log10,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  floor: Math.floor,
  ceil: Math.ceil,
  round: (value, digits = 0) => Number(value.toFixed(Math.min(12, Math.max(0, digits)))),
  min: Math.min,
  max: Math.max,
  sum: (...values) => values.reduce((sum, value) => sum + value, 0),
  avg: (...values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};
const maxCharacters = 1_000;
const maxDepth = 100;

const wrong = (message: string) => new MyriadError('invalid_request', message);

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const pattern = /\s+|(\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)|([a-z][a-z0-9]*)|(\*\*|[-+*/%^(),!])/iy;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw wrong(`There is no meaning for "${text[at]}" at place ${at + 1}.`);
    if (match[1]) found.push({ kind: 'number', value: Number(match[1]) });
    else if (match[2]) found.push({ kind: 'name', text: match[2].toLowerCase() });
    else if (match[3]) found.push({ kind: 'sign', text: match[3] === '**' ? '^' : match[3] });
  }
  return found;
}

/**
 * Value of an arithmetic expression: + − × ÷ % ^ !, brackets, percentages after a number (`15%`), constants and the usual
 * functions. A parser of its own: nothing is evaluated as code.
 *
 * @throws MyriadError `invalid_request` that says where it stops making sense.
 */
export function calculate(expression: string): number {
  if (expression.length > maxCharacters) throw wrong(`The expression has more than ${maxCharacters} characters.`);
  const list = tokens(
    expression
      .normalize('NFKC')
      .replaceAll('×', '*')
      .replaceAll('÷', '/')
      .replaceAll('−', '-')
      .replace(/(\d),(?=\d{3}(?!\d))/g, '$1'),
  );
  let at = 0;
  let depth = 0;
  const peek = () => {
    const token = list[at];
    return token && token.kind !== 'number' ? token.text : null;
  };
  const take = (sign: string) => {
    if (list[at]?.kind !== 'sign' || peek() !== sign) return false;
    at += 1;
    return true;
  };
  const expect = (sign: string) => {
    if (!take(sign)) throw wrong(`A "${sign}" is missing after part ${at}.`);
  };

  function sum(): number {
    let value = product();
    for (;;) {
      if (take('+')) value += product();
      else if (take('-')) value -= product();
      else return value;
    }
  }
  function product(): number {
    let value = signed();
    for (;;) {
      if (take('*')) value *= signed();
      else if (take('/')) {
        const by = signed();
        if (by === 0) throw wrong('It divides by zero.');
        value /= by;
      } else if (take('%')) value %= signed();
      else return value;
    }
  }
  function signed(): number {
    depth += 1;
    if (depth > maxDepth) throw wrong(`It is nested deeper than ${maxDepth} levels.`);
    const value = take('-') ? -signed() : take('+') ? signed() : power();
    depth -= 1;
    return value;
  }
  function power(): number {
    const base = suffixed();
    return take('^') ? base ** signed() : base;
  }
  function suffixed(): number {
    let value = single();
    for (;;) {
      if (take('!')) value = factorial(value);
      else if (peek() === '%' && !startsOperand(list[at + 1])) {
        at += 1;
        value /= 100;
      } else return value;
    }
  }
  function single(): number {
    const token = list[at];
    at += 1;
    if (!token) throw wrong('The expression ends too early.');
    if (token.kind === 'number') return token.value;
    if (token.kind === 'sign') {
      if (token.text !== '(') throw wrong(`"${token.text}" stands where a number should be.`);
      const value = sum();
      expect(')');
      return value;
    }
    if (Object.hasOwn(constants, token.text)) return constants[token.text] as number;
    if (!Object.hasOwn(functions, token.text)) throw wrong(`There is no function "${token.text}".`);
    expect('(');
    const args = [sum()];
    while (take(',')) args.push(sum());
    expect(')');
    return (functions[token.text] as (...values: number[]) => number)(...args);
  }

  const value = sum();
  if (at < list.length) throw wrong(`It does not make sense after part ${at}.`);
  if (!Number.isFinite(value)) throw wrong('The result is not a finite number.');
  return value;
}

const startsOperand = (token: Token | undefined) =>
  token !== undefined && (token.kind !== 'sign' || token.text === '(');

function factorial(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 170)
    throw wrong('A factorial needs a whole number from 0 to 170.');
  let product = 1;
  for (let factor = 2; factor <= value; factor += 1) product *= factor;
  return product;
}

/** Made once: a schema is compiled once for as long as its object lives. */
const definition: ToolDefinition = {
  name: 'calculator',
  description:
    'Works out an arithmetic expression exactly as written, for example "(1299 - 15%*1299) * 3" or "sqrt(2)". Use it for every sum instead of reckoning yourself.',
  parameters: {
    type: 'object',
    properties: { expression: { type: 'string', description: 'The expression.', maxLength: maxCharacters } },
    required: ['expression'],
    additionalProperties: false,
  },
};

/** `calculator`: sums that models get wrong. */
export function calculatorTool(approval: Tool['approval']): Tool {
  return {
    approval,
    definition,
    call: async ({ expression }) => said(String(Number(calculate(String(expression)).toPrecision(15)))),
  };
}
