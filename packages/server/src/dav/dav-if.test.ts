import { expect, test } from 'vitest';
import { ifHolds } from './dav-if.ts';

const state = (path: string) =>
  path === '/files/a' ? { tokens: ['opaquelocktoken:1'], etag: '"x"' } : { tokens: [], etag: null };
const holds = (header: string) => ifHolds(header, '/files/a', state);

test('one list must hold, with all its conditions, Not turned over', () => {
  expect(holds('(<opaquelocktoken:1>)')).toBe(true);
  expect(holds('(<opaquelocktoken:2>)')).toBe(false);
  expect(holds('(<opaquelocktoken:1> ["x"])')).toBe(true);
  expect(holds('(<opaquelocktoken:1> ["y"])')).toBe(false);
  expect(holds('(<opaquelocktoken:2>) (Not <DAV:no-lock>)')).toBe(true);
  expect(holds('(<opaquelocktoken:1> Not ["x"])')).toBe(false);
  expect(holds('')).toBe(false);
});

test('a list after the address of another resource is about that one', () => {
  expect(ifHolds('<http://h/dav/files/a> (<opaquelocktoken:1>)', '/files/b', state)).toBe(true);
  expect(ifHolds('<http://h/dav/files/b> (<opaquelocktoken:1>)', '/files/a', state)).toBe(false);
});
