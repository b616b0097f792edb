import type { ConversationMessage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { leafUnder, pathTo } from './message-tree.ts';

let time = 0;
function message(id: string, parentId: string | null, role: 'user' | 'assistant'): ConversationMessage {
  time += 1;
  return {
    id,
    conversationId: 'conv_1',
    parentId,
    role,
    text: id,
    reasoning: null,
    citations: [],
    attachments: [],
    toolCalls: [],
    runId: null,
    model: null,
    status: 'ok',
    errorCode: null,
    errorText: null,
    costMicros: null,
    currency: null,
    tookMs: null,
    feedback: null,
    createdAt: time,
  };
}

/** q1 → a1, a1b (regenerated); a1 → q2 → a2; q1b (edited) → a3. */
const tree = [
  message('q1', null, 'user'),
  message('a1', 'q1', 'assistant'),
  message('a1b', 'q1', 'assistant'),
  message('q2', 'a1', 'user'),
  message('a2', 'q2', 'assistant'),
  message('q1b', null, 'user'),
  message('a3', 'q1b', 'assistant'),
];
const ids = (leaf: string | null) => pathTo(tree, leaf).map(({ message: { id } }) => id);

test('the way to a leaf is read from the first message', () => {
  expect(ids('a2')).toEqual(['q1', 'a1', 'q2', 'a2']);
});

test('a regenerated answer is the second of two at its place', () => {
  const step = pathTo(tree, 'a1b').at(-1);
  expect([step?.at, step?.siblings]).toEqual([1, ['a1', 'a1b']]);
});

test('an edited first message is a sibling although it has no parent', () => {
  expect(pathTo(tree, 'a3')[0]).toMatchObject({ at: 1, siblings: ['q1', 'q1b'] });
});

test('without a leaf, or with one that was deleted, the newest is read', () => {
  expect(ids(null)).toEqual(['q1b', 'a3']);
  expect(ids('gone')).toEqual(['q1b', 'a3']);
});

test('a message in the middle ends the way there, so that the next one branches', () => {
  expect(ids('a1')).toEqual(['q1', 'a1']);
});

test('switching to a sibling leads to the newest leaf below it', () => {
  expect(leafUnder(tree, 'a1')).toBe('a2');
  expect(leafUnder(tree, 'a1b')).toBe('a1b');
});

test('a message whose parent is missing still shows, as a first message', () => {
  expect(pathTo([message('x', 'lost', 'user')], 'x')).toHaveLength(1);
});

test('a circle in the data ends the walk', () => {
  const circle = [message('c1', 'c2', 'user'), message('c2', 'c1', 'assistant')];
  expect(pathTo(circle, 'c1').length).toBeLessThanOrEqual(2);
  expect(leafUnder(circle, 'c1')).toBeTypeOf('string');
});
