import { expect, test } from 'vitest';
import { redact } from './redact.ts';

const key = 'bce-v3/ALTAK-6nJq2XbZ9/0f1e2d3c4b5a69788796a5b4c3d2e1f0';

test.each([
  ['the key itself', `Bad key ${key}.`],
  ['the start of the key', `Bad key ${key.slice(0, 12)}…`],
  ['the end of the key', `Bad key ending in ${key.slice(-10)}`],
  ['a masked form', 'Incorrect API key provided: sk-ab****************wxyz.'],
  ['another key of a known shape', 'Use sk-proj-abcdEFGH12345678 instead.'],
  ['a bearer token', `Header was: Bearer ${key}`],
])('%s is taken out of the sentence', (_, sentence) => {
  const shown = redact(sentence, key);
  expect(shown).toContain('[key]');
  for (let from = 0; from + 8 <= key.length; from += 1) expect(shown).not.toContain(key.slice(from, from + 8));
  expect(shown).not.toMatch(/abcdEFGH|wxyz/);
});

test('ordinary words, model names and codes stay', () => {
  const sentence = 'Rate limit reached for deepseek-v4-pro in organization: requests_per_minute exceeded.';
  expect(redact(sentence, key)).toBe(sentence);
  expect(redact(sentence, null)).toBe(sentence);
});

test('a long sentence is cut at 300 characters, and line breaks go', () => {
  expect(redact(`a\n${'b '.repeat(400)}`, null)).toHaveLength(301);
  expect(redact('two\nlines', null)).toBe('two lines');
});
