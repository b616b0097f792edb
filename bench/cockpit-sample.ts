/**
 * How often the sample company's intervals hold its true effects: the six apps simulated with 100 seeds, all the way
 * through the engine. Three rates of missing, bar 5 % for the first two: at the end; at any look, against the effect on
 * what people had done so far; and, for honesty, at any look against the effect of whole windows, which a look in the
 * first days cannot know yet (people are still inside theirs), so it is no promise.
 * Run: node bench/cockpit-sample.ts [seeds]
 */
import type { LoggedEvent, LoggedExposure, Store } from '@myriad/contracts';
import { compareBook } from '../packages/cockpit/src/measure/compare-book.ts';
import { createEngine } from '../packages/cockpit/src/measure/create-engine.ts';
import {
  sampleApps,
  sampleExperiment,
  sampleKpis,
  sampleTruth,
} from '../packages/cockpit/src/sample/sample-company.ts';
import { simulateSample } from '../packages/cockpit/src/sample/simulate-sample.ts';
import { upperRate } from '../packages/lift/src/simulation/simulate-looks.ts';
import { writeResult } from './support/write-result.ts';

const seeds = Number(process.argv[2] ?? 100);
const days = 42;
const end = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;
const kpis = sampleKpis('USD');

/** One app's life as a log, read by the engine as the house reads it. */
async function run(index: number, seed: number) {
  const sample = sampleApps[index] as (typeof sampleApps)[number];
  const exposures: LoggedExposure[] = [];
  const events: LoggedEvent[] = [];
  for (const day of simulateSample(sample, { days, end, seed })) {
    for (const exposure of day.exposures)
      exposures.push({
        ...exposure,
        appId: 'app',
        version: 'v1',
        runId: 'run',
        sequence: exposures.length + 1,
        afterEvent: events.length,
      });
    for (const event of day.events) events.push({ ...event, tenant: 'main', sequence: events.length + 1 });
  }
  const definition = kpis[sample.kpi];
  if (!definition) throw new Error(`no KPI ${sample.kpi}`);
  const experiment = {
    unit: 'user',
    holdoutRatio: sample.holdoutRatio,
    windowMs: 7 * dayMs,
    guardrails: [],
    baseline: 'none',
  };
  const kpi = { metric: sample.kpi, direction: definition.direction, goalRatio: 0.05, experiment };
  const store = {
    apps: {
      byId: async () => ({ id: 'app', name: sample.name, tenant: 'main', titleEn: '', titleZh: '' }),
      version: async () => ({ manifest: { name: sample.name, kpi } }),
    },
    log: {
      events: async ({ after, limit }: { after: number; limit: number }) => events.slice(after, after + limit),
      exposures: async ({ after, limit }: { after: number; limit: number }) => exposures.slice(after, after + limit),
    },
  } as unknown as Store;
  const engine = createEngine({
    store,
    definitionOf: async (_tenant, name, at) => ({
      ...definition,
      ...{ name, version: 1, frozenAt: at, startsAt: 0, changedAt: at, changedBy: 'bench' },
      ...{ source: 'registered', sample: false },
    }),
  });
  await engine.advance();
  const book = engine.books.get(sampleExperiment(sample));
  if (!book) throw new Error('no book');
  const truth = sampleTruth(sample);
  const inside = (low: number | null, high: number | null, at = truth) =>
    (low ?? -1e300) <= at && at <= (high ?? 1e300);
  /** Expected difference of what both arms did until a moment: acts come evenly over 4.9 days after a minute. */
  const soFar = (time: number) => {
    const done = [0, 0];
    const units = [0, 0];
    for (const { time: met, arm } of book.exposed.values()) {
      if (met > time) continue;
      units[arm] = (units[arm] ?? 0) + 1;
      done[arm] = (done[arm] ?? 0) + Math.min(1, Math.max(0, (time - met - 60_000) / (4.9 * dayMs)));
    }
    const part = (arm: number) => (done[arm] ?? 0) / (units[arm] ?? 1);
    return part(1) * (sample.baseline + sample.effect) - part(0) * (sample.baseline + sample.leak * sample.effect);
  };
  const last = compareBook(book.goal);
  return {
    app: sample.name,
    last: last ? inside(...last.interval) : null,
    everyLook: book.looks.every(({ effect, time }) => inside(effect.low, effect.high, soFar(time))),
    whole: book.looks.every(({ effect }) => inside(effect.low, effect.high)),
  };
}

const rows: {
  app: string;
  missedAtEnd: number;
  missedAtSomeLook: number;
  missedWholeWindowAtSomeLook: number;
}[] = [];
for (const [index, sample] of sampleApps.entries()) {
  let missedLast = 0;
  let missedSomewhere = 0;
  let missedWhole = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const outcome = await run(index, 1_000 + seed * 10 + index);
    if (outcome.last === false) missedLast += 1;
    if (!outcome.everyLook) missedSomewhere += 1;
    if (!outcome.whole) missedWhole += 1;
  }
  rows.push({
    app: sample.name,
    missedAtEnd: missedLast / seeds,
    missedAtSomeLook: missedSomewhere / seeds,
    missedWholeWindowAtSomeLook: missedWhole / seeds,
  });
  console.log(sample.name, rows.at(-1));
}
const mean = (pick: (row: (typeof rows)[number]) => number) =>
  rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
const result = {
  seeds,
  intervals: seeds * rows.length,
  coverageAtEnd: 1 - mean((row) => row.missedAtEnd),
  coverageAtEveryLook: 1 - mean((row) => row.missedAtSomeLook),
  wholeWindowCoverageAtEveryLook: 1 - mean((row) => row.missedWholeWindowAtSomeLook),
  missUpperLimit: upperRate(
    mean((row) => row.missedAtSomeLook),
    seeds * rows.length,
  ),
  rows,
};
console.log(result);
writeResult('cockpit-sample', 'node bench/cockpit-sample.ts', result);
