import type { Conversation } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { groupConversations } from './group-conversations.ts';

const noon = new Date(2026, 10, 24, 12).getTime();
const hour = 3_600_000;
const talk = (id: string, updatedAt: number, pinned = false): Conversation => ({
  id,
  ownerId: 'per_1',
  appId: 'app_1',
  title: id,
  activeLeaf: null,
  createdAt: updatedAt,
  updatedAt,
  pinned,
});

test("groups follow the reader's own midnight, not 24 hours", () => {
  const groups = groupConversations([talk('a', noon - 11 * hour), talk('b', noon - 13 * hour)], noon);
  expect(groups.map(([name, items]) => [name, items.map(({ id }) => id)])).toEqual([
    ['today', ['a']],
    ['yesterday', ['b']],
  ]);
});

test('a pinned conversation stands first however old it is, and only there', () => {
  const groups = groupConversations([talk('new', noon), talk('old', noon - 400 * 24 * hour, true)], noon);
  expect(groups.map(([name]) => name)).toEqual(['pinned', 'today']);
});
