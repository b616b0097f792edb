/**
 * Words of the registry's search, for any language without a dictionary: letters and digits between spaces and marks are
 * a word; Chinese, Japanese and Korean runs are cut into overlapping pairs, and their last character stands alone, so that
 * a single character finds every pair that begins with it.
 */
import type { AppRecord } from '@myriad/contracts';
import type { QueryWord } from '../database/database.ts';

const runs =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[\p{L}\p{N}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[^\p{L}\p{N}]|$)/gu;
const eastAsian = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const longestWord = 64;

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

function* pieces(text: string): Generator<{ readonly text: string; readonly eastAsian: boolean }> {
  for (const [piece] of folded(text).matchAll(runs)) yield { text: piece, eastAsian: eastAsian.test(piece) };
}

/** Words under which an app is found: of its name, titles and descriptions. */
export function wordsOfApp(
  app: Pick<AppRecord, 'name' | 'titleEn' | 'titleZh' | 'descriptionEn' | 'descriptionZh'>,
): readonly string[] {
  const words = new Set<string>();
  for (const field of [app.name, app.titleEn, app.titleZh, app.descriptionEn, app.descriptionZh]) {
    for (const piece of pieces(field)) {
      if (!piece.eastAsian) {
        words.add(piece.text.slice(0, longestWord));
        continue;
      }
      const characters = [...piece.text];
      for (let place = 0; place + 1 < characters.length; place += 1) {
        words.add(`${characters[place]}${characters[place + 1]}`);
      }
      words.add(characters.at(-1) as string);
    }
  }
  return [...words];
}

/** Words that an app must all have to be found; the last one may still be being typed. */
export function wordsOfQuery(search: string): readonly QueryWord[] {
  const words: QueryWord[] = [];
  for (const piece of pieces(search)) {
    if (!piece.eastAsian) {
      words.push({ text: piece.text.slice(0, longestWord), open: false });
      continue;
    }
    const characters = [...piece.text];
    if (characters.length === 1) words.push({ text: piece.text, open: true });
    for (let place = 0; place + 1 < characters.length; place += 1) {
      words.push({ text: `${characters[place]}${characters[place + 1]}`, open: false });
    }
  }
  const last = words.at(-1);
  if (last && !eastAsian.test(last.text)) words[words.length - 1] = { ...last, open: true };
  return words;
}
