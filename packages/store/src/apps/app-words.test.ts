import { expect, test } from 'vitest';
import { wordsOfApp, wordsOfQuery } from './app-words.ts';

const words = (titleZh: string) => wordsOfApp({ name: '', titleEn: '', titleZh, descriptionEn: '', descriptionZh: '' });

test('[A5] Chinese is cut into pairs and a last character, words of other scripts stay whole', () => {
  expect(words('合同审查 v2.5')).toEqual(['合同', '同审', '审查', '查', 'v2', '5']);
  expect(words('用AI写report')).toEqual(['用', 'ai', '写', 'report']);
  expect(words('Ünïcode Ωmega naïve')).toEqual(['ünïcode', 'ωmega', 'naïve']);
  expect(words('ＦＵＬＬ　ｗｉｄｔｈ ① ㍿')).toEqual(['full', 'width', '1', '株式', '式会', '会社', '社']);
  expect(words('𠮷野家')).toEqual(['𠮷野', '野家', '家']);
  expect(words(' -–— !🎉 ')).toEqual([]);
});

test('[A5] only the last word of a query may go on, and single Chinese characters', () => {
  expect(wordsOfQuery('sales repo')).toEqual([
    { text: 'sales', open: false },
    { text: 'repo', open: true },
  ]);
  expect(wordsOfQuery('sales 网')).toEqual([
    { text: 'sales', open: false },
    { text: '网', open: true },
  ]);
  expect(wordsOfQuery('网 sales')).toEqual([
    { text: '网', open: true },
    { text: 'sales', open: true },
  ]);
  expect(wordsOfQuery('合同审')).toEqual([
    { text: '合同', open: false },
    { text: '同审', open: false },
  ]);
});
