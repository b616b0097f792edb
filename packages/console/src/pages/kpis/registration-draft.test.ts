import { expect, test } from 'vitest';
import { draftOf, registrationOf } from './registration-draft.ts';

const typed = { ...draftOf(null, 'CNY', 'finance'), name: 'orders', titleEn: 'Orders', unit: 'orders' };

test('an empty field is sent as none, and a typed zero as zero', () => {
  expect(registrationOf(typed)).toMatchObject({ valueMicrosPerUnit: null, currency: null, cap: null, historyMs: null });
  expect(registrationOf({ ...typed, worth: '0', cap: '0' })).toMatchObject({
    valueMicrosPerUnit: 0,
    currency: 'CNY',
    cap: 0,
  });
});

test('money is sent in whole micros and times in milliseconds', () => {
  expect(registrationOf({ ...typed, worth: '1.3', windowDays: '14', historyDays: '30' })).toMatchObject({
    valueMicrosPerUnit: 1_300_000,
    windowMs: 14 * 86_400_000,
    historyMs: 30 * 86_400_000,
  });
});

test('a title in one language stands for both, and only a ratio has a denominator', () => {
  expect(registrationOf({ ...typed, denominator: 'visits' })).toMatchObject({
    title: { en: 'Orders', zh: 'Orders' },
    denominator: null,
  });
  expect(registrationOf({ ...typed, type: 'ratio', denominator: 'visits' }).denominator).toBe('visits');
});

test('a quantile is sent with its share and without worth or history, which it cannot have', () => {
  const draft = { ...typed, quantile: '0.95', worth: '2', historyDays: '7' };
  expect(registrationOf({ ...draft, type: 'quantile' })).toMatchObject({
    type: 'quantile',
    quantile: 0.95,
    valueMicrosPerUnit: null,
    currency: null,
    historyMs: null,
  });
  expect(registrationOf(draft)).toMatchObject({ quantile: null, valueMicrosPerUnit: 2_000_000 });
});
