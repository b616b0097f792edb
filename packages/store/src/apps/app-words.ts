/**
 * Words of the registry's search, for any language without a dictionary: letters and digits between spaces and marks are
 * a word; Chinese, Japanese and Korean runs are cut into overlapping pairs, and their last character stands alone, so that
 * a single character finds every pair that begins with it.
 */
import type { AppRecord } from '@myriad/contracts';
import type { QueryWord } from '../database/database.ts';

const letter = /[\p{L}\p{N}\p{M}]/u;
const ascii = /^[\0-\x7f]*$/;
const longestWord = 64;

type Script = 'none' | 'letters' | 'eastAsian';

/** By ranges of code points, since a regular expression for each character costs more than the rest of the search. */
function scriptOf(point: number): Script {
  if (point < 0x80) {
    const isWord = (point >= 0x61 && point <= 0x7a) || (point >= 0x30 && point <= 0x39);
    return isWord ? 'letters' : 'none';
  }
  const isEastAsian =
    (point >= 0x3400 && point <= 0x9fff) || // Han
    (point >= 0x3041 && point <= 0x30ff && point !== 0x30fb) || // Hiragana, Katakana
    (point >= 0xac00 && point <= 0xd7a3) || // Hangul
    (point >= 0xf900 && point <= 0xfaff) || // Han, compatibility
    (point >= 0x20000 && point <= 0x3ffff); // Han, extensions
  if (isEastAsian || point === 0x3005 || point === 0x3007) return 'eastAsian';
  return letter.test(String.fromCodePoint(point)) ? 'letters' : 'none';
}

/** Calls back with each run of one script, folded to one width and to lower case. */
function eachRun(text: string, take: (run: string, eastAsian: boolean) => void): void {
  const folded = ascii.test(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase();
  let start = 0;
  let script: Script = 'none';
  for (let place = 0; place < folded.length; ) {
    const point = folded.codePointAt(place) as number;
    const next = scriptOf(point);
    if (next !== script) {
      if (script !== 'none') take(folded.slice(start, place), script === 'eastAsian');
      start = place;
      script = next;
    }
    place += point > 0xffff ? 2 : 1;
  }
  if (script !== 'none') take(folded.slice(start), script === 'eastAsian');
}

/** Overlapping pairs of the characters of a run. */
function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  const pairs: string[] = [];
  for (let place = 0; place + 1 < characters.length; place += 1) {
    pairs.push(`${characters[place]}${characters[place + 1]}`);
  }
  return pairs;
}

const lastCharacter = (run: string): string => Array.from(run).at(-1) as string;

/** Words under which an app is found: of its name, titles and descriptions. */
export function wordsOfApp(
  app: Pick<AppRecord, 'name' | 'titleEn' | 'titleZh' | 'descriptionEn' | 'descriptionZh'>,
): readonly string[] {
  return wordsOfTexts([app.name, app.titleEn, app.titleZh, app.descriptionEn, app.descriptionZh]);
}

/** Words under which anything with these texts is found. */
export function wordsOfTexts(texts: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const field of texts) {
    eachRun(field, (run, eastAsian) => {
      if (!eastAsian) {
        words.add(run.slice(0, longestWord));
        return;
      }
      for (const pair of pairsOf(run)) words.add(pair);
      words.add(lastCharacter(run));
    });
  }
  return [...words];
}

/** Words that an app must all have to be found; the last one may still be being typed. */
export function wordsOfQuery(search: string): readonly QueryWord[] {
  const words: QueryWord[] = [];
  let lastIsOpen = false;
  eachRun(search, (run, eastAsian) => {
    lastIsOpen = !eastAsian;
    if (!eastAsian) words.push({ text: run.slice(0, longestWord), open: false });
    else if (lastCharacter(run) === run) words.push({ text: run, open: true });
    else for (const pair of pairsOf(run)) words.push({ text: pair, open: false });
  });
  const last = words.at(-1);
  if (last && lastIsOpen) words[words.length - 1] = { ...last, open: true };
  return words;
}
