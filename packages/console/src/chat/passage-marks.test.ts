import { expect, test } from 'vitest';
import { markPassage } from './passage-marks.ts';

const context = 'before PASSAGE with a quote inside after';
const at = (words: string) => ({
  start: 100 + context.indexOf(words),
  end: 100 + context.indexOf(words) + words.length,
});

test('the quote is marked inside its passage, at the place in the document', () => {
  const stretches = markPassage(context, 100, at('PASSAGE with a quote inside'), at('a quote'));
  expect(stretches.map(({ kind }) => kind)).toEqual(['around', 'passage', 'quote', 'passage', 'around']);
  expect(stretches.find(({ kind }) => kind === 'quote')?.text).toBe('a quote');
});

test('nothing of the context is lost', () => {
  const stretches = markPassage(context, 100, at('PASSAGE'), null);
  expect(stretches.map(({ text }) => text).join('')).toBe(context);
});

test('a quote that reaches out of the context is cut to it', () => {
  const stretches = markPassage(context, 100, { start: 0, end: 10_000 }, { start: 90, end: 106 });
  expect(stretches[0]).toEqual({ text: 'before', kind: 'quote' });
});
