import { expect, test } from 'vitest';
import { keepListed, moveSelection, nothingSelected, selectAll, selectAt } from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const plain = { shift: false, toggle: false };
const shift = { shift: true, toggle: false };
const toggle = { shift: false, toggle: true };
const ids = ({ ids: set }: { ids: ReadonlySet<string> }) => [...set].sort().join('');

test('a click selects one; with Ctrl it adds and takes away; with Shift it reaches from where it began, both ways', () => {
  const one = selectAt(nothingSelected, order, 'c', plain);
  expect(ids(one)).toBe('c');
  const two = selectAt(one, order, 'a', toggle);
  expect(ids(two)).toBe('ac');
  expect(ids(selectAt(two, order, 'a', toggle))).toBe('c');
  const down = selectAt(one, order, 'e', shift);
  expect(ids(down)).toBe('cde');
  expect(ids(selectAt(down, order, 'b', shift))).toBe('bc');
});

test('arrows move, stop at the ends, reach with Shift, and go alone with Ctrl', () => {
  const first = moveSelection(nothingSelected, order, 1, plain);
  expect([ids(first), first.active]).toEqual(['a', 'a']);
  expect(moveSelection(first, order, -1, plain).active).toBe('a');
  const reached = moveSelection(moveSelection(first, order, 1, shift), order, 1, shift);
  expect([ids(reached), reached.active]).toEqual(['abc', 'c']);
  const alone = moveSelection(first, order, 3, toggle);
  expect([ids(alone), alone.active]).toEqual(['a', 'd']);
  expect(moveSelection(first, order, 99, plain).active).toBe('e');
  expect(moveSelection(nothingSelected, order, 5, plain).active).toBe('e');
  expect(moveSelection(nothingSelected, order, -5, plain).active).toBe('a');
  expect(moveSelection(nothingSelected, [], 1, plain)).toBe(nothingSelected);
});

test('what left the list leaves the selection', () => {
  const all = selectAll(order, nothingSelected);
  expect(ids(keepListed(all, ['a', 'c']))).toBe('ac');
  expect(keepListed(all, order)).toBe(all);
});
