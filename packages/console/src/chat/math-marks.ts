const codeSpans = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/;

/**
 * Brings the ways in which models write formulas to one: `\(x\)`, `\[x\]` and `$x$` become `$$x$$`. A single dollar counts
 * only where it cannot be money: no space inside the marks, no digit right after the closing one, and not a bare amount.
 * Code is left alone.
 */
export function unifyMath(text: string): string {
  if (!/\$|\\[([]/.test(text)) return text;
  return text
    .split(codeSpans)
    .map((part, index) => (index % 2 === 1 ? part : unifyPart(part)))
    .join('');
}

function unifyPart(text: string): string {
  return text
    .replace(/\\\[([\s\S]+?)\\\]/g, (_, inner: string) => `\n$$$$\n${inner.trim()}\n$$$$\n`)
    .replace(/\\\(([^\n]+?)\\\)/g, (_, inner: string) => `$$$$${inner.trim()}$$$$`)
    .replace(/(?<![\\$\w])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$(?![\d$])/g, (whole, inner: string) =>
      /^[\d.,]+\s*(?:[A-Za-z]{0,3}|\D{0,3})$/.test(inner) && !/[\\^_=]/.test(inner) ? whole : `$$$$${inner}$$$$`,
    );
}

export const holdsMath = (text: string): boolean => /\$\$|\\[([]|(?<![\\$\w])\$(?![\s$])/.test(text);
