import { expect, test } from 'vitest';
import { rankMatches } from './rank-matches.ts';

const rank = (query: string, ...things: string[]) => rankMatches(things, query, (thing) => thing);

test('a beginning comes before a word inside, and that before scattered letters', () => {
  expect(rank('run', 'A return unit', 'All runs', 'Runs')).toEqual(['Runs', 'All runs', 'A return unit']);
});

test('two letters must stand together', () => {
  expect(rank('re', 'Your settings', 'Refund desk')).toEqual(['Refund desk']);
});

test('Chinese is found by a stretch inside', () => {
  expect(rank('助手', '退款助手', '模型')).toEqual(['退款助手']);
});
