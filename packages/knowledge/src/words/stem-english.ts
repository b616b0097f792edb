/**
 * Stem of a lower-case English word, by the Snowball English algorithm ("Porter2", M. F. Porter,
 * snowballstem.org/algorithms/english/stemmer.html). Words of other scripts, of one or two letters, or with digits are
 * returned as they are.
 */
export function stemEnglish(word: string): string {
  if (word.length < 3 || !/^[a-z']+$/.test(word)) return word;
  const exceptional = exceptions.get(word);
  if (exceptional !== undefined) return exceptional;
  // A consonant y is written Y while the steps look for vowels.
  const marked = word.replace(/^'/, '').replace(/^y|([aeiouy])y/g, (_, vowel) => `${vowel ?? ''}Y`);
  const regions = regionsOf(marked);
  let stem = step1a(step0(marked));
  if (exceptionsAfter1a.has(stem)) return stem;
  stem = step1b(stem, regions.r1);
  stem = stem.replace(/(.[^aeiouy])[yY]$/, '$1i');
  stem = replaceInRegion(stem, step2, regions.r1);
  stem = step3(stem, regions);
  stem = step4(stem, regions.r2);
  return step5(stem, regions).replaceAll('Y', 'y');
}

interface Regions {
  /** First index after the first consonant that follows a vowel. */
  readonly r1: number;
  /** The same rule applied again inside R1. */
  readonly r2: number;
}

const afterVowelConsonant = /[aeiouy][^aeiouy]/;
const doubles = /(bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;

function regionsOf(word: string): Regions {
  const prefix = /^(gener|commun|arsen)/.exec(word);
  const first = afterVowelConsonant.exec(word);
  const r1 = prefix ? prefix[0].length : first ? first.index + 2 : word.length;
  const second = afterVowelConsonant.exec(word.slice(r1));
  return { r1, r2: second ? r1 + second.index + 2 : word.length };
}

const endsInShortSyllable = (stem: string): boolean =>
  /[^aeiouy][aeiouy][^aeiouywxY]$/.test(stem) || /^[aeiouy][^aeiouy]$/.test(stem);

const isShort = (stem: string, r1: number): boolean => endsInShortSyllable(stem) && r1 >= stem.length;

const step0 = (word: string): string => word.replace(/('s'|'s|')$/, '');

function step1a(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (/(ied|ies)$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1);
  if (/(us|ss)$/.test(word) || !word.endsWith('s')) return word;
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word;
}

function step1b(word: string, r1: number): string {
  const eed = /(eedly|eed)$/.exec(word);
  if (eed) return eed.index >= r1 ? `${word.slice(0, eed.index)}ee` : word;
  const suffix = /(ingly|edly|ing|ed)$/.exec(word);
  if (!suffix || !/[aeiouy]/.test(word.slice(0, suffix.index))) return word;
  const stem = word.slice(0, suffix.index);
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (doubles.test(stem)) return stem.slice(0, -1);
  return isShort(stem, r1) ? `${stem}e` : stem;
}

type Rules = readonly (readonly [suffix: string, replacement: string, before?: RegExp])[];

/** Longest suffix first; replaced when it lies in the region (and follows what `before` asks for). */
function replaceInRegion(word: string, rules: Rules, region: number): string {
  for (const [suffix, replacement, before] of rules) {
    if (!word.endsWith(suffix)) continue;
    const at = word.length - suffix.length;
    if (at < region || (before && !before.test(word.slice(0, at)))) return word;
    return word.slice(0, at) + replacement;
  }
  return word;
}

const step2: Rules = [
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['iveness', 'ive'],
  ['ization', 'ize'],
  ['ousness', 'ous'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['tional', 'tion'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ation', 'ate'],
  ['entli', 'ent'],
  ['fulli', 'ful'],
  ['iviti', 'ive'],
  ['ousli', 'ous'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['anci', 'ance'],
  ['ator', 'ate'],
  ['enci', 'ence'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['ogi', 'og', /l$/],
  ['li', '', /[cdeghkmnrt]$/],
];

function step3(word: string, { r1, r2 }: Regions): string {
  if (word.endsWith('ative')) return word.length - 5 >= r2 ? word.slice(0, -5) : word;
  return replaceInRegion(
    word,
    [
      ['ational', 'ate'],
      ['tional', 'tion'],
      ['alize', 'al'],
      ['icate', 'ic'],
      ['iciti', 'ic'],
      ['ical', 'ic'],
      ['ness', ''],
      ['ful', ''],
    ],
    r1,
  );
}

const step4Suffixes = /(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|ion|al|er|ic)$/;

function step4(word: string, r2: number): string {
  const suffix = step4Suffixes.exec(word);
  if (!suffix || suffix.index < r2) return word;
  const stem = word.slice(0, suffix.index);
  return suffix[0] === 'ion' && !/[st]$/.test(stem) ? word : stem;
}

function step5(word: string, { r1, r2 }: Regions): string {
  const at = word.length - 1;
  if (word.endsWith('e')) {
    const stem = word.slice(0, at);
    return at >= r2 || (at >= r1 && !endsInShortSyllable(stem)) ? stem : word;
  }
  return word.endsWith('ll') && at >= r2 ? word.slice(0, at) : word;
}

const exceptions = new Map(
  Object.entries({
    skis: 'ski',
    skies: 'sky',
    dying: 'die',
    lying: 'lie',
    tying: 'tie',
    idly: 'idl',
    gently: 'gentl',
    ugly: 'ugli',
    early: 'earli',
    only: 'onli',
    singly: 'singl',
    sky: 'sky',
    news: 'news',
    howe: 'howe',
    atlas: 'atlas',
    cosmos: 'cosmos',
    bias: 'bias',
    andes: 'andes',
  }),
);

const exceptionsAfter1a = new Set('inning outing canning herring earring proceed exceed succeed'.split(' '));
