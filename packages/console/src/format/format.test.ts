import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';
import { formatAgo, formatBytes, formatCompact, formatDuration, formatMoney } from './format.ts';

test('a small cost is told from nothing, and nothing is told as nothing', () => {
  expect(formatMoney(6_200, 'CNY', 'en')).toBe('¥0.0062');
  expect(formatMoney(0, 'CNY', 'en')).toBe('¥0.00');
  expect(formatMoney(1_234_567_890, 'CNY', 'zh')).toBe('¥1,234.57');
});

test('a currency that is no ISO code still shows with its name', () => {
  expect(formatMoney(1_500_000, 'POINTS', 'en')).toBe('1.50 POINTS');
});

test('durations choose their unit', () => {
  expect([240, 1_400, 59_999, 200_000, 7_380_000].map((ms) => formatDuration(ms, 'en'))).toEqual([
    '240 ms',
    '1.4 s',
    '60 s',
    '3 min 20 s',
    '2 h 3 min',
  ]);
});

test('sizes and counts are short, Chinese ones in ten thousands', () => {
  expect(formatBytes(48_200_000, 'en')).toBe('48.2 MB');
  expect(formatCompact(9_999, 'en')).toBe('9,999');
  expect(formatCompact(123_456, 'zh')).toBe('12.3万');
});

test('times ago and to come are in words', () => {
  expect(formatAgo(0, 3 * 60_000, 'en')).toBe('3 minutes ago');
  expect(formatAgo(2 * 86_400_000, 0, 'en')).toBe('in 2 days');
  expect(formatAgo(0, 3 * 60_000, 'zh')).toBe('3分钟前');
});

test('a cell of CSV cannot become a formula, a column or a row', () => {
  expect(
    toCsv(
      ['name', 'micros'],
      [
        ['=HYPERLINK("x")', 5],
        ['a, "b"\nc', null],
      ],
    ),
  ).toBe('name,micros\r\n"\'=HYPERLINK(""x"")",5\r\n"a, ""b""\nc",');
});
