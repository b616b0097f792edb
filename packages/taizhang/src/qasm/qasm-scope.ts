import { ParseError } from '../errors.ts';
import { nearestWord } from '../ir/nearest-word.ts';
import type { NumberScope } from './evaluate-expression.ts';
import type { Token } from './tokenize.ts';

/** What a name stands for. */
export type Binding =
  | { readonly kind: 'qubits'; readonly indices: readonly number[]; readonly array: boolean }
  | { readonly kind: 'bits'; readonly indices: readonly number[]; readonly array: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly constant: boolean };

/** Names in nested scopes; the innermost wins. */
export interface QasmScope extends NumberScope {
  readonly find: (name: string) => Binding | undefined;
  /** @throws ParseError when this scope has the name already. */
  readonly declare: (token: Token, binding: Binding) => void;
  readonly assign: (name: string, binding: Binding) => void;
  readonly push: (bindings?: ReadonlyMap<string, Binding>) => void;
  readonly pop: () => void;
  /** Hides all scopes while a gate body is read. */
  readonly isolated: <T>(bindings: ReadonlyMap<string, Binding>, inner: () => T) => T;
  readonly unknown: (token: Token, what: string) => ParseError;
}

export function qasmScope(): QasmScope {
  let scopes: Map<string, Binding>[] = [new Map()];
  const find = (name: string) => {
    for (let i = scopes.length - 1; i >= 0; i--) {
      const binding = scopes[i]!.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  };
  const names = () => scopes.flatMap((scope) => [...scope.keys()]);
  return {
    find,
    names,
    lookup: (name) => {
      const binding = find(name);
      return binding?.kind === 'number' ? binding.value : undefined;
    },
    declare: (token, binding) => {
      const scope = scopes.at(-1)!;
      if (scope.has(token.text)) throw new ParseError(`"${token.text}" is declared twice`, token);
      scope.set(token.text, binding);
    },
    assign: (name, binding) => {
      scopes.findLast((scope) => scope.has(name))?.set(name, binding);
    },
    push: (bindings) => {
      scopes.push(new Map(bindings));
    },
    pop: () => {
      scopes.pop();
    },
    isolated: (bindings, inner) => {
      const outer = scopes;
      // Constants of the outermost scope stay visible in a gate body, as OpenQASM 3 allows.
      const visible = new Map([...outer[0]!].filter(([, b]) => b.kind === 'number' && b.constant));
      scopes = [visible, new Map(bindings)];
      try {
        return inner();
      } finally {
        scopes = outer;
      }
    },
    unknown: (token, what) =>
      new ParseError(`unknown ${what} "${token.text}"`, token, { suggestion: nearestWord(token.text, names()) }),
  };
}
