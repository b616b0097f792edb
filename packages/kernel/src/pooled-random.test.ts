import { expect, test } from 'vitest';
import { pooledRandom } from './pooled-random.ts';
import { createSeededRandom } from './testbed/virtual-clock.ts';

test('[K92] pooled bytes are the bytes of the source, each given once', () => {
  const pooled = pooledRandom(createSeededRandom(9));
  const drawn = Array.from({ length: 300 }, () => pooled.bytes(16));
  const source = createSeededRandom(9);
  const expected = [source.bytes(4_096), source.bytes(4_096)].flatMap((bytes) => [...bytes]);
  expect(drawn.flatMap((bytes) => [...bytes])).toEqual(expected.slice(0, 4_800));
  expect(pooled.bytes(5_000)).toHaveLength(5_000);
});
