import { expect, test } from 'vitest';
import { parseDiff } from './parse-diff.ts';

const diff = '--- a\n+++ b\n@@ -3,3 +3,4 @@\n same\n-old\n+new\n+newer\n-- list item\n\\ No newline at end of file\n';

test('lines carry their numbers in both texts', () => {
  expect(parseDiff(diff).map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ['place', null, null],
    ['same', 3, 3],
    ['removed', 4, null],
    ['added', null, 4],
    ['added', null, 5],
    ['removed', 5, null],
  ]);
});

test('a removed line that begins with a hyphen keeps it', () => {
  expect(parseDiff(diff).at(-1)?.text).toBe('- list item');
});

test('an added line that looks like a file header is still an added line', () => {
  expect(parseDiff('@@ -1 +1 @@\n+++ x\n').at(-1)).toMatchObject({ kind: 'added', text: '++ x' });
});

test('an empty diff has no lines', () => {
  expect(parseDiff('')).toEqual([]);
});
