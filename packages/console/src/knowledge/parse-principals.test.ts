import { expect, test } from 'vitest';
import { parsePrincipals } from './parse-principals.ts';

test('commas, spaces and their Chinese forms separate, doubles are dropped', () => {
  expect(parsePrincipals('group:staff， group:legal;group:staff、everyone')).toEqual([
    'group:staff',
    'group:legal',
    'everyone',
  ]);
  expect(parsePrincipals('  ')).toEqual([]);
});
