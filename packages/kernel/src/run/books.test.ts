import { expect, test } from 'vitest';
import { checkBooks } from '../testbed/check-books.ts';

test('[K90] in 1,000 runs, 64 at once, with aborts, retries, cuts, lies and fallbacks, no budget is overspent and the books agree', async () => {
  let runs = 0;
  let refused = 0;
  let fallbacks = 0;
  for (let seed = 1; seed <= 10; seed += 1) {
    const books = await checkBooks({ seed, runs: 100, parallel: 64 });
    expect(books.faults).toEqual([]);
    runs += books.runs;
    refused += books.refused;
    fallbacks += books.fallbacks;
  }
  expect(runs).toBe(1_000);
  expect(refused).toBeGreaterThan(50);
  expect(fallbacks).toBeGreaterThan(20);
}, 60_000);
