/** Splits a `<think>…</think>` block at the start of the content from the answer after it, however it is cut up. */

export interface Split {
  readonly kind: 'reasoning' | 'text';
  readonly text: string;
}

const opening = '<think>';
const closing = '</think>';

export interface ThinkSplitter {
  push(text: string): readonly Split[];
  /** What was held back, at the end. */
  flush(): readonly Split[];
}

export function splitThinking(): ThinkSplitter {
  let state: 'before' | 'inside' | 'after' = 'before';
  let held = '';
  /** Line breaks right after a tag belong to the tag. */
  let trims = false;
  return {
    push(text) {
      if (state === 'after' && held === '' && !trims) return text === '' ? [] : [{ kind: 'text', text }];
      held += text;
      const splits: Split[] = [];
      if (state === 'before') {
        const start = held.trimStart();
        if (start.length < opening.length && opening.startsWith(start)) return [];
        if (start.startsWith(opening)) {
          state = 'inside';
          held = start.slice(opening.length);
          trims = true;
        } else state = 'after';
      }
      if (state === 'inside') {
        trim();
        const end = held.indexOf(closing);
        if (end >= 0) {
          if (end > 0) splits.push({ kind: 'reasoning', text: held.slice(0, end) });
          held = held.slice(end + closing.length);
          trims = true;
          state = 'after';
        } else {
          const keep = overlap(held, closing);
          const ready = held.slice(0, held.length - keep);
          held = held.slice(held.length - keep);
          if (ready !== '') splits.push({ kind: 'reasoning', text: ready });
        }
      }
      if (state === 'after') trim();
      if (state === 'after' && held !== '') {
        splits.push({ kind: 'text', text: held });
        held = '';
      }
      return splits;
    },
    flush() {
      if (held === '') return [];
      const rest: Split = { kind: state === 'inside' ? 'reasoning' : 'text', text: held };
      held = '';
      return [rest];
    },
  };

  function trim(): void {
    if (!trims || held === '') return;
    held = held.replace(/^\n+/, '');
    if (held !== '') trims = false;
  }
}

/** Length of the longest end of `text` that begins `word`. */
function overlap(text: string, word: string): number {
  for (let length = Math.min(text.length, word.length - 1); length > 0; length -= 1)
    if (text.endsWith(word.slice(0, length))) return length;
  return 0;
}
