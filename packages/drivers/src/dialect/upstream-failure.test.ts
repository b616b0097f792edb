import { expect, test } from 'vitest';
import { retryAfterOf, upstreamFailure } from './upstream-failure.ts';

const context = { provider: 'exam', model: 'm', apiKey: null, codes: { '1302': 'upstream_rate_limited' as const } };
const refusal = (status: number, message = '', codes: readonly string[] = []) =>
  upstreamFailure({ status, codes, message, requestId: null }, context).code;

test.each([
  [400, 'upstream_rejected'],
  [401, 'upstream_auth'],
  [402, 'upstream_auth'],
  [403, 'upstream_auth'],
  [404, 'upstream_rejected'],
  [408, 'upstream_timeout'],
  [422, 'upstream_rejected'],
  [429, 'upstream_rate_limited'],
  [500, 'upstream_error'],
  [502, 'upstream_error'],
  [503, 'upstream_overloaded'],
  [504, 'upstream_timeout'],
  [529, 'upstream_overloaded'],
])('status %i without words is %s', (status, code) => {
  expect(refusal(status)).toBe(code);
});

test('a known code counts more than the status, and words only where no code is known', () => {
  expect(refusal(400, '', ['1302'])).toBe('upstream_rate_limited');
  expect(refusal(400, "This model's maximum context length is 8192 tokens.")).toBe('context_too_long');
  expect(refusal(400, '输入内容包含敏感信息')).toBe('content_filtered');
  expect(refusal(403, 'Your input was flagged as unsafe')).toBe('content_filtered');
  expect(refusal(429, 'You exceeded your current quota, please check your plan and billing details.')).toBe(
    'upstream_auth',
  );
});

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': 'Tue, 24 Nov 2026 00:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Tue, 24 Nov 2020 00:00:10 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-3' }, undefined],
  [{}, undefined],
])('%j waits %s ms', (headers, waitMs) => {
  expect(retryAfterOf(headers as Record<string, string>, Date.parse('2026-11-24T00:00:00Z'))).toBe(waitMs);
});
