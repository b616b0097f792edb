import { expect, test } from 'vitest';
import { calculate, calculatorTool } from './calculator.ts';
import { timeIn } from './current-time.ts';

const signal = new AbortController().signal;

test('[T8] arithmetic as people write it, in the order that mathematics has', () => {
  const cases: [string, number][] = [
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ** -1', 0.5],
    ['10 % 4', 2],
    ['15% * 200', 30],
    ['200 * (1 - 15%)', 170],
    ['7 - -3', 10],
    ['5!', 120],
    ['1,299.50 × 3', 3_898.5],
    ['１０ ÷ ４', 2.5],
    ['max(1, 2, sqrt(16))', 4],
    ['round(2.345, 2)', 2.35],
    ['avg(1, 2, 3, 4)', 2.5],
    ['ln(e) + log(1000) + log2(8)', 7],
    ['cos(pi)', -1],
    ['1e3 + .5', 1_000.5],
  ];
  for (const [expression, value] of cases) expect(calculate(expression), expression).toBeCloseTo(value, 10);
});

test('[T8] the shown result has no float dust', async () => {
  const outcome = await calculatorTool('never').call({ expression: '0.1 + 0.2' }, signal);
  expect(outcome.text).toBe('0.3');
});

test('[T8] what is no arithmetic is refused, and nothing is ever run as code', () => {
  for (const expression of [
    '',
    '1 +',
    '1 2',
    '(1',
    '1 / 0',
    'process.exit()',
    'constructor(1)',
    'toString(1)',
    '__proto__',
    'x',
    'sqrt',
    '2; 3',
    '0 ^ -1',
    '171!',
    '(-1)!',
    'sqrt(-1)',
    '9 ^ 9 ^ 9',
    '`1`',
    '-'.repeat(500),
    '('.repeat(500),
    '1'.repeat(2_000),
  ]) {
    expect(() => calculate(expression), expression).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  }
});

test('[T8] the time is said in the zone asked for, and an unknown zone is refused', () => {
  const now = Date.UTC(2026, 5, 1, 22, 30);
  expect(timeIn('Asia/Shanghai', now)).toMatch(/Tuesday.*2 June 2026.*06:30/);
  expect(timeIn('UTC', now)).toContain('2026-06-01T22:30:00.000Z');
  expect(() => timeIn('Mars/Base', now)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
