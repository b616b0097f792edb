import { expect, test } from 'vitest';
import { segmentWords } from './segment-words.ts';
import { splitSentences } from './split-sentences.ts';
import { isStopWord } from './stop-words.ts';

const sentences = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

test('[W2] full-width letters, case and thousands separators are folded', () => {
  expect(segmentWords('ＡＢＣ Abc 1,250,000')).toEqual(['abc', 'abc', '1250000']);
});

test('[W2] Chinese is cut into words, long words also into those inside', () => {
  expect(segmentWords('中华人民共和国')).toEqual(['中华', '华人', '人民', '共和', '共和国', '中华人民共和国']);
  expect(segmentWords('退货期限')).toEqual(['退货', '期限']);
});

test('[W2] a mixed sentence keeps both languages', () => {
  expect(segmentWords('使用 Wi-Fi 连接NAS设备')).toEqual(['使用', 'wi', 'fi', '连接', 'nas', '设备']);
});

test('[W2] codes are found whole and by their parts, decimals only whole', () => {
  expect(segmentWords('error E-1042')).toEqual(['error', 'e-1042', 'e', '1042']);
  expect(segmentWords('3.5%')).toEqual(['3.5%', '3.5']);
  expect(segmentWords('C++ and C#')).toEqual(['c++', 'and', 'c#']);
});

test("[W2] a possessive is the word, and don't is one word", () => {
  expect(segmentWords("the company’s don't")).toEqual(['the', 'compani', 'dont']);
});

test('[W2] Japanese and Korean are indexed by pairs of characters', () => {
  expect(segmentWords('サポート')).toEqual(['サポ', 'ポー', 'ート']);
});

test('[W3] question words of both languages carry no weight, nouns do', () => {
  for (const word of ['what', 'who', '什么', '哪些', '多少', '如何', 'doe', 'pleas'])
    expect(isStopWord(word)).toBe(true);
  for (const word of ['refund', '年假', 'e-1042', '30']) expect(isStopWord(word)).toBe(false);
});

test('[W4] English sentences survive abbreviations, initials, decimals and numbering', () => {
  expect(
    sentences(
      'Dr. Smith paid $3.50 to J. K. Rowling at 5 p.m. The shop was closed. See e.g. section 4.2 for No. 5. Done!',
    ),
  ).toEqual([
    'Dr. Smith paid $3.50 to J. K. Rowling at 5 p.m.',
    'The shop was closed.',
    'See e.g. section 4.2 for No. 5.',
    'Done!',
  ]);
  expect(sentences('3. Returns are free.\nb. Keep the box.')).toEqual(['3. Returns are free.', 'b. Keep the box.']);
});

test('[W4] Chinese sentences end at full-width marks with the closing quote', () => {
  expect(sentences('他说：“可以退货。”然后离开了！价格是3.5元；免运费。')).toEqual([
    '他说：“可以退货。”',
    '然后离开了！',
    '价格是3.5元；',
    '免运费。',
  ]);
});

test('[W4] rows of a table and items of a list are sentences of their own', () => {
  expect(sentences('Plan | Price\nBasic | 10\n- first\n- second')).toEqual([
    'Plan | Price',
    'Basic | 10',
    '- first',
    '- second',
  ]);
});
