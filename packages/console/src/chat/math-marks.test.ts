import { expect, test } from 'vitest';
import { holdsMath, unifyMath } from './math-marks.ts';

test('the three ways of writing a formula become one', () => {
  expect(unifyMath('a \\(x^2\\) b')).toBe('a $$x^2$$ b');
  expect(unifyMath('with $n = 400$, yes')).toBe('with $$n = 400$$, yes');
  expect(unifyMath('\\[y\\]')).toBe('\n$$\ny\n$$\n');
});

test('amounts of money stay as they are', () => {
  for (const text of ['from $5 to $10 a day', 'costs $5-$10', 'US$5 and US$6', 'a $ alone'])
    expect(unifyMath(text)).toBe(text);
});

test('code is left alone', () => {
  expect(unifyMath('`$a$` and ```\n$b$\n```')).toBe('`$a$` and ```\n$b$\n```');
});

test('display maths that is right already is not doubled', () => {
  expect(unifyMath('$$x$$')).toBe('$$x$$');
});

test('a text without any mark needs no formula setter', () => {
  expect(holdsMath('Twelve pages, 40 yuan.')).toBe(false);
});
