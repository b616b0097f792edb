import { ParseError, type SourcePosition } from '../errors.ts';

export interface Token extends SourcePosition {
  readonly kind: 'identifier' | 'integer' | 'real' | 'string' | 'symbol' | 'end';
  readonly text: string;
}

/** Longest source that is read, in characters. */
export const maxSourceLength = 8_000_000;

const pattern =
  /(?<space>(?<![^\n])[ \t]*(?:#?pragma\b|@[A-Za-z_])[^\n]*|[ \t\r\n\f\v\u00a0\ufeff]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<real>(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+)|(?<integer>0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*)|(?<identifier>[A-Za-z_\u0370-\u03ff\u2100-\u214f][A-Za-z0-9_\u0370-\u03ff\u2100-\u214f]*)|(?<string>"[^"\n]*"|'[^'\n]*')|(?<symbol>->|==|!=|<=|>=|&&|\|\||\*\*|\+\+|\+=|-=|\*=|\/=|[-+*/%^(){}[\];,:=<>!@#~&|.])/uy;

/**
 * Cuts OpenQASM text into tokens; comments, spaces, and lines of pragmas and annotations fall away. The last token is of kind `end`.
 *
 * @throws ParseError at a character that starts no token, an open comment or an open string.
 */
export function tokenize(text: string): Token[] {
  if (text.length > maxSourceLength)
    throw new ParseError(
      `a text of ${text.length} characters`,
      { line: 1, column: 1 },
      {
        expected: [`at most ${maxSourceLength}`],
      },
    );
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    const here = { line, column: at - lineStart + 1 };
    if (match === null || match[0] === '/') {
      if (match !== null && text[at + 1] !== '*') {
        tokens.push({ kind: 'symbol', text: '/', ...here });
        at++;
        continue;
      }
      const char = String.fromCodePoint(text.codePointAt(at)!);
      if (text.startsWith('/*', at)) throw new ParseError('a comment that never ends', here, { expected: ['*/'] });
      if (char === '"' || char === "'") throw new ParseError('a string that never ends', here, { expected: [char] });
      throw new ParseError(`unexpected character "${char}"`, here);
    }
    const word = match[0];
    const groups = match.groups as Record<string, string | undefined>;
    if (groups.space === undefined) {
      const kind = (['real', 'integer', 'identifier', 'string', 'symbol'] as const).find(
        (k) => groups[k] !== undefined,
      )!;
      tokens.push({ kind, text: word, ...here });
    } else
      for (let i = word.indexOf('\n'); i >= 0; i = word.indexOf('\n', i + 1)) {
        line++;
        lineStart = at + i + 1;
      }
    at += word.length;
  }
  tokens.push({ kind: 'end', text: 'end of text', line, column: at - lineStart + 1 });
  return tokens;
}
