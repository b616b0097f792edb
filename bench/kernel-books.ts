/**
 * Random runs against endpoints that fail, cut, lie and stall, 64 at once under nested budgets: counts how often a budget
 * was overspent or two books disagreed. The promise is never.
 *
 *   node bench/kernel-books.ts [runs, 10,000 unless said]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBooks } from '../packages/kernel/src/testbed/check-books.ts';

const wanted = Number(process.argv[2] ?? 10_000);
const runsPerBook = 100;
const startedAt = performance.now();
let runs = 0;
let refused = 0;
let fallbacks = 0;
const faults: string[] = [];
for (let seed = 1; runs < wanted; seed += 1) {
  const books = await checkBooks({ seed, runs: runsPerBook, parallel: 64 });
  runs += books.runs;
  refused += books.refused;
  fallbacks += books.fallbacks;
  for (const fault of books.faults) faults.push(`seed ${seed}: ${fault}`);
}
const result = {
  node: process.version,
  runs,
  refusedForMoney: refused,
  servedByFallbackOrRetry: fallbacks,
  faults: faults.length,
  tookS: Math.round((performance.now() - startedAt) / 1_000),
};
console.log(result);
for (const fault of faults.slice(0, 20)) console.log(fault);
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'kernel-books.json'), `${JSON.stringify(result, null, 2)}\n`);
if (faults.length > 0) process.exitCode = 1;
