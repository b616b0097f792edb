import { expect, test } from 'vitest';
import { roundMoney, roundNumber, roundPercent, roundWait } from './round-figures.ts';

test('money is said to three figures, in millions in English and in 万 in Chinese', () => {
  expect(roundMoney(1_841_234e6, 'CNY', 'en')).toBe('¥1.84 million');
  expect(roundMoney(212_345e6, 'CNY', 'en')).toBe('¥212,000');
  expect(roundMoney(-18_020e6, 'CNY', 'en')).toBe('−¥18,000');
  expect(roundMoney(1_841_234e6, 'CNY', 'zh')).toBe('¥184万');
  expect(roundMoney(9_400_000, 'CNY', 'en')).toBe('¥9.4');
});

test('what rounds up to a million is called a million', () => {
  expect(roundMoney(999_700e6, 'USD', 'en')).toBe('$1 million');
  expect(roundMoney(999_400e6, 'USD', 'en')).toBe('$999,000');
});

test('a difference carries its sign, and nothing has none', () => {
  expect(roundNumber(0.2512, 'en', true)).toBe('+0.251');
  expect(roundNumber(-6, 'zh', true)).toBe('−6');
  expect(roundNumber(0, 'en', true)).toBe('0');
  expect(roundPercent(-0.142, 'en')).toBe('−14.2%');
});

test('a wait is said in days up to two weeks, then in weeks, then in months', () => {
  const day = 86_400_000;
  expect(roundWait(3 * 3_600_000)).toEqual({ count: 1, unit: 'day' });
  expect(roundWait(13 * day)).toEqual({ count: 13, unit: 'day' });
  expect(roundWait(21 * day)).toEqual({ count: 3, unit: 'week' });
  expect(roundWait(91 * day)).toEqual({ count: 3, unit: 'month' });
  expect(roundWait(null)).toBeNull();
  expect(roundWait(Number.POSITIVE_INFINITY)).toBeNull();
});
