import { expect, test } from 'vitest';
import { newId } from './ids.ts';
import { systemClock, systemRandom } from './system-clock.ts';

test('a hundred thousand identifiers are all different, and sort by the time they were made', () => {
  const ids = Array.from({ length: 100_000 }, () => newId('run', systemClock, systemRandom));
  expect(new Set(ids).size).toBe(ids.length);
  expect(newId('run', { now: () => 1_000 }, systemRandom) < newId('run', { now: () => 2_000 }, systemRandom)).toBe(
    true,
  );
});

test('bytes that were handed out never change, and large requests are whole', () => {
  const first = systemRandom.bytes(16);
  const kept = [...first];
  for (let at = 0; at < 2_000; at += 1) systemRandom.bytes(16);
  expect([...first]).toEqual(kept);
  const large = systemRandom.bytes(100_000);
  expect(large.length).toBe(100_000);
  expect(new Set(large).size).toBe(256);
});

test('next is uniform in [0, 1): mean and variance within five standard errors', () => {
  const size = 100_000;
  const values = Array.from({ length: size }, () => systemRandom.next());
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / size));
});

test('a sleep ends at its time, or at once when the signal fires', async () => {
  const begun = systemClock.monotonicMs();
  await systemClock.sleep(20);
  expect(systemClock.monotonicMs() - begun).toBeGreaterThanOrEqual(18);
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  abort.abort();
  await expect(sleeping).rejects.toMatchObject({ code: 'aborted' });
});
