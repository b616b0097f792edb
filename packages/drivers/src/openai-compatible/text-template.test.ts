import { expect, test } from 'vitest';
import { textTemplate } from './text-template.ts';

const chunk = (content: string, more: object = {}) =>
  JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }], usage: null, ...more });

test('a chunk that differs from the learned one in its text alone gives that text', () => {
  const template = textTemplate();
  expect(template.read(chunk('one'))).toBeNull();
  template.learn(chunk('one'), 'one');
  for (const text of ['two', '', '第三 🙂', 'a, b: {c}']) expect(template.read(chunk(text))).toBe(text);
});

test('text that needs unescaping, or a chunk that differs elsewhere, is left to the parser', () => {
  const template = textTemplate();
  template.learn(chunk('one'), 'one');
  for (const text of ['line\n', 'say "x"', 'back\\slash']) expect(template.read(chunk(text))).toBeNull();
  expect(template.read(chunk('one', { usage: { prompt_tokens: 1 } }))).toBeNull();
  expect(template.read(chunk('one').replace('"index":0', '"index":1'))).toBeNull();
  expect(template.read('{"error":{"message":"x"}}')).toBeNull();
});

test('another field beside the text never passes for text', () => {
  const template = textTemplate();
  template.learn(chunk('one'), 'one');
  const two =
    '{"id":"c","choices":[{"index":0,"delta":{"content":"a","refusal":"b"},"finish_reason":null}],"usage":null}';
  expect(template.read(two)).toBeNull();
});

test('a text that stands twice in its chunk teaches nothing', () => {
  const template = textTemplate();
  template.learn(chunk('c'), 'c');
  expect(template.read(chunk('d'))).toBeNull();
});
