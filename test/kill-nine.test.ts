import { expect, test } from 'vitest';
import { runKillNine } from './support/kill-nine.ts';

test('kill −9 under load, eight times: every acknowledged run and event is there once, no hold leaks, the books agree', async () => {
  const figures = await runKillNine({ kills: 8, seed: 20261124 });
  expect(figures.acknowledgedRuns).toBeGreaterThan(20);
  expect(figures.acknowledgedEvents).toBeGreaterThan(100);
  expect(figures).toMatchObject({ lostRuns: 0, doubledRuns: 0, lostEvents: 0, leakedHolds: 0, budgetErrorMicros: 0 });
}, 300_000);
