import { expect, test } from 'vitest';
import { estimateRequestTokens, estimateTokens } from './estimate-tokens.ts';

/** Counts by the o200k_base tokenizer, made once with gpt-tokenizer 3. */
const counted: readonly (readonly [string, number])[] = [
  ['The quick brown fox jumps over the lazy dog near the river bank.', 14],
  [
    'An AI-native application is defined by a manifest; every run is metered and judged by the indicators the business lives by.',
    25,
  ],
  ['员工请年假须提前三个工作日在系统中提出申请，由直接主管审批。', 18],
  ['量子比特在测量之前可以同时处于零和一的叠加态。', 21],
  ['{"city":"Paris","temperature":21.5,"unit":"celsius","tags":["sunny","warm"]}', 24],
  ['export function holdBudget(state: BudgetState, estimateMicros: number): Hold {', 17],
  ['百度 Qianfan 的 ERNIE-5.1 支持 128K 上下文，可用 OpenAI SDK 调用。', 28],
  ['2026-11-24T03:00:00Z 1,234,567.89 USD', 22],
];

test.each(counted)('the estimate of %j lies within a third of the %i tokens counted', (text, tokens) => {
  expect(Math.abs(estimateTokens(text) - tokens) / tokens).toBeLessThanOrEqual(0.34);
});

test('nothing is 0 tokens, and anything else at least 1', () => {
  expect(estimateTokens('')).toBe(0);
  expect(estimateTokens(' ')).toBe(1);
});

test('a million characters are counted in well under a second', () => {
  const from = performance.now();
  estimateTokens('量子 computing is, 2026: fast. '.repeat(40_000));
  expect(performance.now() - from).toBeLessThan(1000);
});

test('a request counts its messages, tools, schema and images', () => {
  const message = { role: 'user' as const, content: [{ type: 'text' as const, text: 'What is the weather?' }] };
  const bare = estimateRequestTokens({ messages: [message] });
  const tools = [{ name: 'get_weather', description: 'Weather of a city', parameters: { type: 'object' } }];
  expect(estimateRequestTokens({ messages: [message, message] })).toBeGreaterThan(bare + 4);
  expect(estimateRequestTokens({ messages: [message], tools })).toBeGreaterThan(bare + 8);
  const image = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://example.com/a.png' } };
  expect(estimateRequestTokens({ messages: [{ role: 'user', content: [image] }] })).toBeGreaterThan(500);
});
