import { ParseError } from '../errors.ts';
import type { Token } from './tokenize.ts';

/** A place in a list of tokens that can be moved and set back. */
export interface TokenCursor {
  readonly peek: (ahead?: number) => Token;
  readonly take: () => Token;
  /** Takes the next token if it is this symbol or word. */
  readonly accept: (text: string) => boolean;
  /** @throws ParseError when the next token is another one. */
  readonly expect: (text: string) => Token;
  readonly identifier: (what: string) => Token;
  readonly position: () => number;
  readonly moveTo: (position: number) => void;
  /** Skips a `{ … }` block that starts here. */
  readonly skipBlock: () => void;
}

export function tokenCursor(tokens: readonly Token[]): TokenCursor {
  let at = 0;
  const last = tokens.length - 1;
  const peek = (ahead = 0) => tokens[Math.min(at + ahead, last)]!;
  const take = () => {
    const token = peek();
    if (at < last) at++;
    return token;
  };
  const is = (text: string) => peek().text === text && peek().kind !== 'string' && peek().kind !== 'end';
  const accept = (text: string) => {
    if (!is(text)) return false;
    take();
    return true;
  };
  const expect = (text: string) => {
    if (!is(text)) throw new ParseError(`unexpected ${shown(peek())}`, peek(), { expected: [`"${text}"`] });
    return take();
  };
  return {
    peek,
    take,
    accept,
    expect,
    identifier: (what) => {
      if (peek().kind !== 'identifier')
        throw new ParseError(`unexpected ${shown(peek())}`, peek(), { expected: [what] });
      return take();
    },
    position: () => at,
    moveTo: (position) => {
      at = position;
    },
    skipBlock: () => {
      const open = expect('{');
      for (let depth = 1; depth > 0; ) {
        const token = take();
        if (token.kind === 'end') throw new ParseError('a block that never ends', open, { expected: ['"}"'] });
        if (token.kind === 'symbol' && token.text === '{') depth++;
        if (token.kind === 'symbol' && token.text === '}') depth--;
      }
    },
  };
}

export function shown(token: Token): string {
  return token.kind === 'end' ? token.text : token.kind === 'string' ? token.text : `"${token.text}"`;
}
