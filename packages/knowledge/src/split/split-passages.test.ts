import { expect, test } from 'vitest';
import type { Block } from '../parse/blocks.ts';
import { layOutText } from '../parse/lay-out-text.ts';
import { detectLanguage } from './detect-language.ts';
import { passageId, passageWords } from './passage-words.ts';
import { splitPassages } from './split-passages.ts';

const split = (blocks: readonly Block[]) => {
  const laidOut = layOutText(blocks);
  return splitPassages(laidOut).map((passage) => ({
    ...passage,
    text: laidOut.text.slice(passage.start, passage.end),
  }));
};
const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const heading = (level: number, text: string): Block => ({ kind: 'heading', level, text });
const sentence = 'The committee meets in the first week of each quarter and publishes its minutes. ';

test('[S1] a heading begins a passage, and passages carry the path of headings above them', () => {
  const passages = split([
    heading(1, 'Rules'),
    heading(2, 'Leave'),
    paragraph('Ten days.'),
    heading(2, 'Pay'),
    paragraph('Monthly.'),
  ]);
  expect(passages.map(({ text, headings }) => [text, headings])).toEqual([
    ['Rules\n\nLeave\n\nTen days.', ['Rules', 'Leave']],
    ['Pay\n\nMonthly.', ['Rules', 'Pay']],
  ]);
});

test('[S1] a heading that nothing follows is not lost', () => {
  const passages = split([heading(2, 'Reserved'), heading(2, 'Long'), paragraph(sentence.repeat(30).trim())]);
  expect(passages[0]).toMatchObject({ text: 'Reserved', headings: ['Reserved'] });
  expect(passages[1]?.headings).toEqual(['Long']);
});

test('[S2] no passage crosses a page', () => {
  const passages = split([
    { kind: 'page' },
    paragraph('One.'),
    { kind: 'page' },
    { kind: 'page' },
    paragraph('Three.'),
  ]);
  expect(passages.map(({ page, text }) => [page, text])).toEqual([
    [1, 'One.'],
    [3, 'Three.'],
  ]);
});

test('[S3] a long paragraph is cut at the ends of sentences, none longer than 1,200 characters', () => {
  const passages = split([paragraph(sentence.repeat(60).trim())]);
  expect(passages.length).toBeGreaterThan(3);
  for (const { text } of passages) {
    expect(text.length).toBeLessThanOrEqual(1_200);
    expect(text).toMatch(/^The committee.*minutes\.$/);
  }
});

test('[S3] text without any sentence is cut hard, and no character in two', () => {
  const passages = split([paragraph('😀'.repeat(3_000))]);
  for (const { text } of passages) {
    expect(text.length).toBeLessThanOrEqual(1_200);
    expect(text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
  }
});

test('[S4] a table stays whole; a long one is cut between rows and each part knows the header', () => {
  const rows = (count: number) => [
    ['Town', 'Inhabitants'],
    ...Array.from({ length: count }, (_, index) => [`Town ${index}`, `${index * 37}`]),
  ];
  const small = split([heading(1, 'Towns'), { kind: 'table', header: true, rows: rows(20) }]);
  expect(small).toHaveLength(1);
  const long = split([heading(1, 'Towns'), { kind: 'table', header: true, rows: rows(400) }]);
  expect(long.length).toBeGreaterThan(4);
  for (const { text, headings } of long) {
    expect(text).toMatch(/^Town( \d+)? \| (\d+|Inhabitants)/);
    expect(text).toMatch(/ \| \d+$/);
    expect(headings).toEqual(['Towns', 'Town | Inhabitants']);
  }
});

test('[S5] every character of a text but white space is in exactly one passage', () => {
  const blocks = [
    paragraph(sentence.repeat(20)),
    paragraph('Short.'),
    paragraph(sentence.repeat(3)),
    heading(1, 'End'),
    paragraph('End text.'),
  ];
  const laidOut = layOutText(blocks);
  const covered = splitPassages(laidOut);
  let at = 0;
  for (const { start, end } of covered) {
    expect(laidOut.text.slice(at, start).trim()).toBe('');
    at = end;
  }
  expect(laidOut.text.slice(at).trim()).toBe('');
});

test('[S6] a passage keeps its id when read again, and equal texts in one document have different ones', () => {
  expect(passageId('doc_1', 'same', 0)).toBe(passageId('doc_1', 'same', 0));
  expect(
    new Set([passageId('doc_1', 'same', 0), passageId('doc_1', 'same', 1), passageId('doc_2', 'same', 0)]).size,
  ).toBe(3);
  expect(passageId('doc_1', 'same', 0)).toMatch(/^psg_[0-9a-hjkmnp-tv-z]{26}$/);
});

test('[S7] a passage is found by its headings and the name of its document too', () => {
  expect(passageWords('30 days.', ['Refunds'], 'shop-rules.pdf')).toEqual(['30', 'day', 'refund', 'shop', 'rule']);
});

test('[S8] the language is told by scripts and common words', () => {
  expect(detectLanguage('员工每年享有十天年假，使用 OA 系统申请。')).toBe('zh');
  expect(detectLanguage('The employees have ten days of leave in each year.')).toBe('en');
  expect(detectLanguage('これは日本語の文章です。')).toBe('ja');
  expect(detectLanguage('Der Vertrag endet ohne Kündigung nach zwei Jahren.')).toBeNull();
  expect(detectLanguage('12345 67890')).toBeNull();
});
