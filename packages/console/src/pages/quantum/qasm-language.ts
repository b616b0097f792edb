import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const words =
  /^(OPENQASM|include|qreg|creg|qubit|bit|gate|opaque|measure|reset|barrier|if|else|for|in|input|const|let|def|ctrl|negctrl|inv|pow|int|uint|float|angle|bool)\b/;

/** Colours for OpenQASM 2 and 3; faults come from the parser, not from here. */
export const qasm = StreamLanguage.define<{ comment: boolean }>({
  name: 'qasm',
  startState: () => ({ comment: false }),
  token(stream, state) {
    if (state.comment) {
      state.comment = !stream.match(/^.*?\*\//);
      if (state.comment) stream.skipToEnd();
      return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\/.*/)) return 'comment';
    if (stream.match('/*')) {
      state.comment = true;
      return 'comment';
    }
    if (stream.match(words)) return 'keyword';
    if (stream.match(/^"[^"]*"?/)) return 'string';
    if (stream.match(/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i)) return 'number';
    if (stream.match(/^(pi|tau|euler|π)\b/)) return 'number';
    if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) return 'variableName';
    stream.next();
    return 'punctuation';
  },
  languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } } },
});

export const qasmColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--data)' },
    { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
    { tag: [tags.number, tags.string], color: 'var(--good)' },
    { tag: tags.variableName, color: 'var(--ink)' },
    { tag: tags.punctuation, color: 'var(--soft)' },
  ]),
);
