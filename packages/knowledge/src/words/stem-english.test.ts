import { expect, test } from 'vitest';
import { stemEnglish } from './stem-english.ts';

// Pairs from the sample vocabulary published with the algorithm.
const pairs: readonly (readonly [string, string])[] = [
  ['consign', 'consign'],
  ['consigned', 'consign'],
  ['consistency', 'consist'],
  ['consolation', 'consol'],
  ['consolingly', 'consol'],
  ['knackeries', 'knackeri'],
  ['knightly', 'knight'],
  ['knives', 'knive'],
  ['generously', 'generous'],
  ['generic', 'generic'],
  ['communication', 'communic'],
  ['happy', 'happi'],
  ['by', 'by'],
  ['say', 'say'],
  ['cried', 'cri'],
  ['ties', 'tie'],
  ['gas', 'gas'],
  ['gaps', 'gap'],
  ['hopping', 'hop'],
  ['hoped', 'hope'],
  ['luxuriated', 'luxuri'],
  ['falling', 'fall'],
  ['agreed', 'agre'],
  ['relational', 'relat'],
  ['conditional', 'condit'],
  ['sensibility', 'sensibl'],
  ['analogies', 'analog'],
  ['hopefulness', 'hope'],
  ['adoption', 'adopt'],
  ['replacement', 'replac'],
  ['controlling', 'control'],
  ['rate', 'rate'],
  ['youth', 'youth'],
  ['boy', 'boy'],
  ['exceeding', 'exceed'],
  ['dying', 'die'],
];

test.each(pairs)('[W1] the stem of %s is %s', (word, stem) => {
  expect(stemEnglish(word)).toBe(stem);
});

test('[W1] forms that a question and a document use differently meet in one stem', () => {
  for (const group of [
    ['refund', 'refunds', 'refunded', 'refunding'],
    ['policy', 'policies'],
    ['employ', 'employed', 'employing'],
  ]) {
    expect(new Set(group.map(stemEnglish)).size).toBe(1);
  }
});

test('[W1] codes and words of other scripts are left alone', () => {
  expect(stemEnglish('e1042s')).toBe('e1042s');
  expect(stemEnglish('straße')).toBe('straße');
});
