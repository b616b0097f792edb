const codeSpans = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/;

/**
 * Brings the ways in which models write formulas to one: `\(x\)`, `\[x\]` and `$x$` become `$$x$$`. A single dollar counts
 * only where it cannot be money: no space inside the marks and no digit right after the closing one. Code is left alone.
 */
export function unifyMath(text: string): string {
  if (!/\$|\\[([]/.test(text)) return text;
  return text
    .split(codeSpans)
    .map((part, index) => (index % 2 === 1 ? part : unifyPart(part)))
    .join('');
}

const mark = '$$';
const inline = (_: string, inner: string) => mark + inner.trim() + mark;
const display = (_: string, inner: string) => `\n${mark}\n${inner.trim()}\n${mark}\n`;

function unifyPart(text: string): string {
  return text
    .replace(/\\\[([\s\S]+?)\\\]/g, display)
    .replace(/\\\(([^\n]+?)\\\)/g, inline)
    .replace(/(?<![\\$\w])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$(?![\d$])/g, inline);
}

export const holdsMath = (text: string): boolean => /\$\$|\\[([]|(?<![\\$\w])\$(?![\s$])/.test(text);
