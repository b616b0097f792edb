import { expect, test } from 'vitest';
import { depthOf, filterCount, wishOf } from './search-wish.ts';

test('an empty address searches everything, balanced, without the web', () => {
  expect(wishOf({}, 0, 'per_1')).toEqual({ depth: 'balanced', scope: { collections: [], filter: {}, web: false } });
  expect(filterCount({ depth: 'quality', web: '1' })).toBe(0);
});

test('each filter of the address reaches the node, times as a moment', () => {
  const now = 1_000_000_000_000;
  const filters = { depth: 'quality', in: 'library:hr', kind: 'pdf', time: 'week', by: 'me', web: '1' };
  expect(wishOf(filters, now, 'per_1')).toEqual({
    depth: 'quality',
    scope: {
      collections: ['library:hr'],
      filter: { kinds: ['pdf'], from: now - 7 * 86_400_000, addedBy: 'per_1' },
      web: true,
    },
  });
  expect(filterCount(filters)).toBe(4);
});

test('values that nobody offered narrow nothing', () => {
  expect(depthOf({ depth: 'deepest' })).toBe('balanced');
  expect(wishOf({ kind: 'exe', time: 'ever', by: 'you' }, 5, 'p').scope?.filter).toEqual({});
});
