import { foldText } from './fold-text.ts';
import { loadJieba } from './load-jieba.ts';
import { stemEnglish } from './stem-english.ts';

/**
 * Words of a text as they are indexed and searched: folded, Chinese cut by dictionary (long words also into the words
 * inside them), English stemmed, numbers and codes kept whole. Order is kept; repeats are kept; stop words too.
 */
export function segmentWords(text: string): string[] {
  const words: string[] = [];
  if (isAscii(text)) {
    for (const run of text.toLowerCase().match(asciiRuns) ?? []) pushLatin(run, words);
    return words;
  }
  for (const run of foldText(text).match(runs) ?? []) {
    if (startsHan.test(run)) pushHan(run, words);
    else if (startsJoined.test(run)) pushPairs(run, words);
    else pushLatin(run, words);
  }
  return words;
}

/** Without the general expression below, English is cut three times as fast. */
const isAscii = (text: string): boolean => !/[^\t-~]/.test(text);

const asciiRuns = /\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?(?![\d,])|[a-z0-9]+(?:['._\-/:@][a-z0-9]+)*(?:\+\+|#|%)?/g;

/** Grouped numbers, Han, scripts written without spaces, and everything else that has letters or digits. */
const runs =
  /\d{1,3}(?:,\d{3}){1,6}(?:\.\d+)?(?![\d,])|\p{sc=Han}+|[\p{sc=Hiragana}\p{sc=Katakana}ー\p{sc=Hangul}\p{sc=Thai}]+|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]]+(?:['’._\-\/:@][[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]]+)*(?:\+\+|#|%)?/gv;
const startsHan = /^\p{sc=Han}/u;
const startsJoined = /^[\p{sc=Hiragana}\p{sc=Katakana}ー\p{sc=Hangul}\p{sc=Thai}]/u;

const stems = new Map<string, string>();

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = stemEnglish(word);
  // Bounded, so that a file of random letters cannot fill the memory.
  if (stems.size > 50_000) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** In characters; what is longer is cut. */
const longestWord = 64;

function pushLatin(run: string, words: string[]): void {
  if (run.length > longestWord) {
    // Encoded data or a chain of names: no one asks for it whole.
    for (const part of run.split(/[^\p{L}\p{N}\p{M}]+/u)) if (part !== '') words.push(part.slice(0, longestWord));
    return;
  }
  if (/^[a-z]+$/.test(run)) {
    words.push(stemOf(run));
    return;
  }
  if (/^\d+$/.test(run)) {
    words.push(run);
    return;
  }
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(run)) {
    words.push(run.replaceAll(',', ''));
    return;
  }
  const plain = run.replaceAll('’', "'").replace(/'s$/, '');
  if (/^[a-z']+$/.test(plain)) {
    words.push(stemOf(plain.replaceAll("'", '')));
    return;
  }
  const parts = plain.split(/[._\-/:@']/);
  // `e-1042`, `node.js`, `2026-05-01` are found whole and by their parts; `3.5` and `c++` only whole.
  const isDecimal = /^\d+\.\d+%?$/.test(plain);
  if (parts.length === 1 || isDecimal || /\d/.test(plain) || /[.@_]/.test(plain)) words.push(plain);
  if (/%$/.test(plain)) words.push(plain.slice(0, -1));
  if (parts.length === 1 || isDecimal) return;
  for (const part of parts) if (part !== '') words.push(stemOf(part));
}

/** Longest run handed to the cutter at once; its cost grows with the run. */
const longestCut = 2_000;

function pushHan(run: string, words: string[]): void {
  if (run.length === 1) {
    words.push(run);
    return;
  }
  const jieba = loadJieba();
  for (let at = 0; at < run.length; at += longestCut) {
    for (const word of jieba.cutForSearch(run.slice(at, at + longestCut), true)) words.push(word);
  }
}

/** Scripts without spaces and without a dictionary here: overlapping pairs of characters. */
function pushPairs(run: string, words: string[]): void {
  const characters = [...run];
  if (characters.length === 1) words.push(run);
  for (let at = 0; at + 1 < characters.length; at += 1) words.push(`${characters[at]}${characters[at + 1]}`);
}
