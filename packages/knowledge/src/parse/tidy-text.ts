/** Characters that show nothing and only break words: control, zero-width, soft hyphen, private use. */
const invisible = /(?![\t\n\v\f\r])[\p{Cc}\p{Cf}]|\p{Co}|[\ufffe\uffff]/gu;

/** Nothing to do for printable ASCII with single spaces, which is most lines of English. */
const isPlain = (text: string): boolean => !/[^ -~]| {2}/.test(text);

/** One line of text: white space of any kind becomes one space, invisible characters go. */
export function tidyLine(text: string): string {
  const shown = isPlain(text) ? text : text.replace(invisible, '').replace(/\s+/g, ' ');
  return shown.trim();
}

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Whether a character belongs to a script that is written without spaces between words. */
export function isWide(character: string): boolean {
  return wide.test(character);
}

/** Lines of one paragraph as one: nothing between Chinese characters, a space between words, hyphenation undone. */
export function joinLines(lines: readonly string[]): string {
  const parts: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    const before = parts.at(-1);
    if (before !== undefined) {
      const end = before.slice(-2);
      const next = String.fromCodePoint(line.codePointAt(0)!);
      if (/^\p{Ll}[-\u2010]$/u.test(end) && /^\p{Ll}/u.test(next)) parts[parts.length - 1] = before.slice(0, -1);
      else if (needsSpace(end.slice(-1), next)) parts.push(' ');
    }
    parts.push(line);
  }
  return parts.join('');
}

/** Between Chinese and a Latin word a broken line carried a space at most; one is kept only after Western marks. */
function needsSpace(last: string, next: string): boolean {
  if (isWide(last) && isWide(next)) return false;
  return isWide(last) || isWide(next) ? /[,.;:!?)\]]/.test(last) : true;
}
