import { expect, test } from 'vitest';
import { convertMoney } from './money.ts';
import { addUsage, costOf, noUsage } from './usage.ts';

const exchange = { base: 'CNY', rates: { USD: 7.1, EUR: 7.7 } };

test('money is converted by the operator’s rates, rounded up, and not at all when a rate is missing', () => {
  expect(convertMoney({ micros: 10, currency: 'USD' }, 'CNY', exchange)).toEqual({ micros: 71, currency: 'CNY' });
  expect(convertMoney({ micros: 1, currency: 'CNY' }, 'USD', exchange)).toEqual({ micros: 1, currency: 'USD' });
  expect(convertMoney({ micros: 77, currency: 'EUR' }, 'USD', exchange)).toEqual({ micros: 84, currency: 'USD' });
  expect(convertMoney({ micros: 5, currency: 'JPY' }, 'USD', exchange)).toBeNull();
});

test('each class of token has its own price; the sum is rounded up once; unpriced is not free', () => {
  const price = {
    currency: 'USD',
    inputMicrosPerMillion: 3_000_000,
    outputMicrosPerMillion: 15_000_000,
    cachedInputMicrosPerMillion: 300_000,
    source: 's',
    date: '2026-01-01',
  };
  const usage = { ...noUsage, inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, reasoningTokens: 4 };
  expect(costOf(usage, price)).toEqual({ micros: 60 * 3 + 12 + 150, currency: 'USD' });
  expect(costOf({ ...noUsage, inputTokens: 1 }, { ...price, inputMicrosPerMillion: 1 })).toEqual({
    micros: 1,
    currency: 'USD',
  });
  expect(costOf(usage, null)).toBeNull();
});

test('usage adds up, and one estimate makes the sum an estimate', () => {
  const sum = addUsage(
    { ...noUsage, inputTokens: 3, outputTokens: 1 },
    { ...noUsage, inputTokens: 4, source: 'estimated' },
  );
  expect(sum).toMatchObject({ inputTokens: 7, outputTokens: 1, source: 'estimated' });
});
