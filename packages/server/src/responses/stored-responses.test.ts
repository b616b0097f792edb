import { newId, systemRandom } from '@myriad/contracts';
import { beforeEach, expect, test } from 'vitest';
import { dropResponse, earlierItems, keepResponse, retentionDays, storedResponse } from './stored-responses.ts';

const dayMs = 86_400_000;
let now: number;
let kept: Map<string, unknown>;
let house: Parameters<typeof keepResponse>[0];

beforeEach(() => {
  now = Date.UTC(2026, 0, 1, 23, 59, 59, 900);
  kept = new Map();
  const settings = {
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: unknown) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
    entries: async (prefix: string) =>
      [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
  };
  house = { store: { settings }, clock: { now: () => now } } as unknown as typeof house;
});

async function keep(owner: string, text: string, previousId: string | null = null): Promise<string> {
  const id = newId('evt', house.clock, systemRandom).replace('evt_', 'resp_');
  // The answer is finished after midnight: the day is that of the id.
  now += 200;
  await keepResponse(house, id, { owner, previousId, input: [{ text }], response: { output: [{ answer: text }] } });
  return id;
}

test('a turn is found by its id alone, also when it was finished on the next day', async () => {
  const id = await keep('per_a', 'one');
  expect((await storedResponse(house, 'per_a', id)).input).toEqual([{ text: 'one' }]);
});

test('somebody else’s turn does not exist: not read, not continued, not dropped', async () => {
  const id = await keep('per_a', 'one');
  await expect(storedResponse(house, 'per_b', id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(earlierItems(house, 'per_b', id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(dropResponse(house, 'per_b', id)).rejects.toMatchObject({ code: 'not_found' });
  expect(kept.size).toBe(1);
});

test('a conversation is walked oldest first', async () => {
  const first = await keep('per_a', 'one');
  const second = await keep('per_a', 'two', first);
  expect(await earlierItems(house, 'per_a', second)).toEqual([
    { text: 'one' },
    { answer: 'one' },
    { text: 'two' },
    { answer: 'two' },
  ]);
});

test('on its last day a turn is there, after it not, and the next turn kept drops it from the disk', async () => {
  const id = await keep('per_a', 'one');
  now += retentionDays * dayMs - 1_000;
  await expect(storedResponse(house, 'per_a', id)).resolves.toBeDefined();
  now += 2_000;
  await expect(storedResponse(house, 'per_a', id)).rejects.toMatchObject({ code: 'not_found' });
  now += dayMs;
  await keep('per_a', 'two');
  expect(kept.size).toBe(1);
});

test.each(['', 'resp_nothing', 'response:2026-01-01:x', 'resp_zzzzzzzzzz0000000000000000', '../settings'])(
  'what is no id of ours is not found, and no other setting is read: %j',
  async (id) => {
    await expect(storedResponse(house, 'per_a', id)).rejects.toMatchObject({ code: 'not_found' });
  },
);
