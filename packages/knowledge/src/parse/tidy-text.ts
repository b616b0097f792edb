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

/** Joins two lines of one paragraph: nothing between Chinese characters, a space between words, hyphenation undone. */
export function joinLines(first: string, second: string): string {
  if (first === '') return second;
  if (second === '') return first;
  const last = first.at(-1)!;
  const next = String.fromCodePoint(second.codePointAt(0)!);
  if (/\p{Ll}[-\u2010]$/u.test(first) && /^\p{Ll}/u.test(second)) return first.slice(0, -1) + second;
  if (isWide(last) || isWide(next)) return isWide(last) && isWide(next) ? first + second : joinMixed(first, second);
  return `${first} ${second}`;
}

/** Between Chinese and a Latin word a broken line carried a space at most; one is kept only after Western marks. */
function joinMixed(first: string, second: string): string {
  return /[,.;:!?)\]]$/.test(first) ? `${first} ${second}` : first + second;
}
