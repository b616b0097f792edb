import { expect, test } from 'vitest';
import { mendTail, splitBlocks } from './split-blocks.ts';

test('blocks are cut at blank lines, and joined again give the text', () => {
  const text = 'One.\n\nTwo\nlines.\n\n## Three';
  expect(splitBlocks(text)).toHaveLength(3);
  expect(splitBlocks(text).join('\n')).toBe(text);
});

test('a blank line inside a fence is no cut, and a shorter fence inside does not end it', () => {
  expect(splitBlocks('````md\n```\n\n```\n\nx\n````')).toHaveLength(1);
});

test('a blank line inside display maths is no cut', () => {
  expect(splitBlocks('$$\na\n\nb\n$$')).toHaveLength(1);
});

test('a loose list stays one block, so that its numbers go on', () => {
  expect(splitBlocks('1. a\n\n2. b\n\n   more of b')).toHaveLength(1);
});

test('text with reference definitions stays whole', () => {
  expect(splitBlocks('See [x].\n\nMore.\n\n[x]: https://example.com')).toHaveLength(1);
});

test('earlier blocks never change while the text grows', () => {
  const text = 'Intro **bold**.\n\n- a\n- b\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\nThe end.';
  let before: readonly string[] = [];
  for (let length = 1; length <= text.length; length += 1) {
    const blocks = splitBlocks(text.slice(0, length));
    expect(blocks.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    before = blocks;
  }
});

test('unfinished emphasis and code are closed, so that their marks are never read', () => {
  expect(mendTail('This is **bo')).toBe('This is **bo**');
  expect(mendTail('This is **')).toBe('This is ');
  expect(mendTail('Call `fe')).toBe('Call `fe`');
});

test('an unfinished link, formula and table head wait', () => {
  expect(mendTail('See [the docs](https://exa')).toBe('See ');
  expect(mendTail('So $$\\frac{1')).toBe('So ');
  expect(mendTail('Text\n| a | b')).toBe('Text');
  expect(mendTail('Text\n| a | b |\n| - | - |')).toContain('| a | b |');
});

test('a finished citation mark at the end stays', () => {
  expect(mendTail('Not returned [1]')).toBe('Not returned [1]');
});
