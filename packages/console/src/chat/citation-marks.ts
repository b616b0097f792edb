import { findAndReplace } from 'mdast-util-find-and-replace';

type Tree = Parameters<typeof findAndReplace>[0];

/** `[3]`, `[1, 2]` and their full-width forms. */
const mark = /[[【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]/g;

/**
 * A remark plugin that turns `[n]` in running text into citation chips, only for numbers that the answer does cite: a
 * bracketed number that cites nothing stays text. Code and links are left alone.
 */
export function citationMarks(known: ReadonlySet<number>) {
  return () => (tree: Tree) => {
    if (known.size === 0) return;
    findAndReplace(
      tree,
      [
        mark,
        (_whole: string, list: string) => {
          const numbers = list.split(/[,，、]/).map((part) => Number(part.trim()));
          if (!numbers.every((number) => known.has(number))) return false;
          return numbers.map((number) => ({
            type: 'emphasis',
            children: [{ type: 'text', value: String(number) }],
            data: { hName: 'cite-mark', hProperties: { number } },
          }));
        },
      ],
      { ignore: ['link', 'linkReference', 'inlineMath', 'math'] as never },
    );
  };
}
