/**
 * Denied phrases, all looked for in one pass (Aho and Corasick 1975). The state of the automaton is the longest end of
 * the text that begins some phrase: just what a stream has to hold back.
 */

interface State {
  readonly next: Map<number, State>;
  readonly depth: number;
  fallback: State | null;
  isEnd: boolean;
}

const foldedCharacters = new Map<string, string>();

/** Case, width and compatibility forms fold; marks without width vanish, and blanks of any kind are one. */
function fold(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code < 128) return code <= 32 ? ' ' : character.toLowerCase();
  let folded = foldedCharacters.get(character);
  if (folded === undefined) {
    folded = /\p{Cf}|\p{Variation_Selector}/u.test(character)
      ? ''
      : /\s/u.test(character)
        ? ' '
        : character.normalize('NFKC').toLowerCase();
    if (foldedCharacters.size < 20_000) foldedCharacters.set(character, folded);
  }
  return folded;
}

const newState = (depth: number): State => ({ next: new Map(), depth, fallback: null, isEnd: false });

export type PhraseTree = State;

export function compilePhrases(phrases: readonly string[]): PhraseTree {
  const root = newState(0);
  for (const phrase of phrases) {
    let state = root;
    let last = '';
    for (const character of phrase.trim()) {
      const folded = fold(character);
      if (folded === ' ' && last === ' ') continue;
      last = folded;
      for (let at = 0; at < folded.length; at += 1) {
        const code = folded.charCodeAt(at);
        let next = state.next.get(code);
        if (!next) {
          next = newState(state.depth + 1);
          state.next.set(code, next);
        }
        state = next;
      }
    }
    if (state !== root) state.isEnd = true;
  }
  const queue = [...root.next.values()];
  for (const state of queue) state.fallback = root;
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] as State;
    for (const [code, next] of state.next) {
      let from = state.fallback;
      while (from && !from.next.has(code)) from = from.fallback;
      next.fallback = from?.next.get(code) ?? root;
      next.isEnd ||= next.fallback.isEnd;
      queue.push(next);
    }
  }
  return root;
}

export interface PhraseReader {
  /** @returns Whether a phrase has ended within the text so far. */
  push(text: string): boolean;
  /** Characters at the end of what was pushed that may begin a phrase. */
  readonly heldCharacters: number;
}

export function readPhrases(root: PhraseTree): PhraseReader {
  let state = root;
  let isBlank = false;
  /** Length in the text of each folded character that the state stands for. */
  let lengths: number[] = [];
  return {
    push(text) {
      for (const character of text) {
        const folded = fold(character);
        const skipped = folded === '' || (folded === ' ' && isBlank);
        isBlank = folded === '' ? isBlank : folded === ' ';
        if (skipped) {
          if (lengths.length > 0) lengths[lengths.length - 1] = (lengths.at(-1) as number) + character.length;
          continue;
        }
        for (let at = 0; at < folded.length; at += 1) {
          const code = folded.charCodeAt(at);
          let from: State | null = state;
          while (from && !from.next.has(code)) from = from.fallback;
          state = from?.next.get(code) ?? root;
          lengths.push(at === 0 ? character.length : 0);
          if (state.isEnd) return true;
        }
        if (lengths.length > state.depth) lengths = state.depth === 0 ? [] : lengths.slice(-state.depth);
      }
      return false;
    },
    get heldCharacters() {
      return lengths.reduce((sum, length) => sum + length, 0);
    },
  };
}
