/**
 * Durable writes on SQLite (`synchronous = full`): KPI events, settlements, and 100 kills at random moments.
 * `node bench/store-writes.ts [kills]`
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@myriad/contracts';
import { openStore } from '@myriad/store';
import { killLives } from '@myriad/store/exam-kills';
import { sampleHold, sampleRun } from '@myriad/store/exam-samples';

const kills = Number(process.argv[2] ?? 100);
const data = mkdtempSync(join(tmpdir(), 'myriad-bench-writes-'));
const result: Record<string, unknown> = {};
const store = await openStore({ data: join(data, 'node'), database: 'sqlite', clock: systemClock });

async function perSecond(lanes: number, ms: number, work: (lane: number, round: number) => Promise<number>) {
  const cpu = process.cpuUsage();
  const from = performance.now();
  const end = from + ms;
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let round = 0; performance.now() < end; round += 1) done += await work(lane, round);
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - from) / 1_000;
  const cpuSeconds = (user + system) / 1e6;
  return {
    perSecond: Math.round(done / seconds),
    perCpuSecond: Math.round(done / cpuSeconds),
    cpuMicrosEach: Math.round((cpuSeconds / done) * 1e7) / 10,
  };
}

const time = systemClock.now();
for (const size of [500, 2_000]) {
  result[`kpiEventsInBatchesOf${size}`] = await perSecond(4, 4_000, async (lane, round) => {
    const events = Array.from({ length: size }, (_, index) => ({
      tenant: 'default',
      id: `${size}-${lane}-${String(round).padStart(6, '0')}-${index}`,
      kpi: 'conversion',
      unit: `shop-${index}`,
      value: index,
      time: time + round,
      receivedAt: time,
      source: 'key_1',
    }));
    await store.kpi.append(events);
    return size;
  });
}
for (const lanes of [1, 64]) {
  result[`settlementsInParallel${lanes}`] = await perSecond(lanes, 4_000, async (lane, round) => {
    const run = sampleRun({ id: `run_${lanes}_${lane}_${round}`, startedAt: time + round });
    const hold = sampleHold(run, 1_000, { id: `hold_${lanes}_${lane}_${round}` });
    const held = store.ledger.hold(hold);
    const charges = [{ scope: 'org', periodStart: 0, currency: 'USD', micros: 700 }];
    await store.ledger.settle({ run, exposure: null, charges, holdId: hold.id });
    await held;
    return 1;
  });
}
await store.close();
result.loadAverage = loadavg()[0];
console.error(JSON.stringify(result, null, 2));
const report = await killLives({
  data: join(data, 'kills'),
  database: 'sqlite',
  kills,
  longestMs: 400,
  random: systemRandom,
});
result.kills = {
  ...report,
  missing: report.missing.length,
  budgetExact: report.spentMicros === 3 * report.runsThere,
};
rmSync(data, { recursive: true });
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'store-writes.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
