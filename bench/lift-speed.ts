/**
 * Speed and size: one pass over 1,000,000 apps (bar: ≤ 1 s on one core), bytes per app and KPI (≤ 250), events per
 * second into a unit ledger, rows per second of the analyser, and the 16-way split against a single pass (≤ 1e−12).
 * Run: node bench/lift-speed.ts
 */
import { writeFileSync } from 'node:fs';
import {
  aggregateOf,
  createAnalysis,
  createCsvParser,
  createMoments,
  createUnitLedger,
  expose,
  fnv1a32,
  judgePortfolio,
  mergeAggregates,
  normalSampler,
  parseKpiOption,
  record,
  seededRandom,
} from '@myriad/lift';

const apps = 1_000_000;
const random = seededRandom(7);
const normal = normalSampler(random);
const column = (f: (i: number) => number) => Float64Array.from({ length: apps }, (_, i) => f(i));
const columns = {
  controlN: column(() => 200 + Math.floor(4000 * random())),
  controlMean: column(() => 1 + 0.03 * normal()),
  controlM2: column(() => 2000 * (0.5 + random())),
  treatmentN: column(() => 200 + Math.floor(4000 * random())),
  treatmentMean: column((i) => 1 + 0.03 * normal() + (i % 50 === 0 ? 0.3 : 0)),
  treatmentM2: column(() => 2000 * (0.5 + random())),
  family: Int32Array.from({ length: apps }, (_, i) => i % 100),
};
const times: number[] = [];
let selected = 0;
for (let i = 0; i < 5; i++) {
  const start = performance.now();
  selected = judgePortfolio(columns).selected.length;
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
console.log(
  `1,000,000 apps judged: median ${times[2]?.toFixed(0)} ms, worst ${times[4]?.toFixed(0)} ms; ${selected} selected`,
);

const bytes = {
  mean: 2 * createMoments(1).byteLength,
  cupedOrRatio: 2 * createMoments(2).byteLength,
  cupedRatio: 2 * createMoments(4).byteLength,
};
console.log('bytes per app and KPI, two arms', bytes);

const definition = { shape: { metric: 'mean', covariate: true }, arms: 2, origin: [20_000, 1e6] } as const;
const single = createUnitLedger(definition);
const shards = Array.from({ length: 16 }, () => createUnitLedger(definition));
for (let u = 0; u < 20_000; u++) {
  const exposure = { unit: `u${u}`, arm: u % 2, covariate: [1e6 + normal()] };
  expose(single, exposure);
  expose(shards[fnv1a32(exposure.unit) % 16]!, exposure);
}
const events = Array.from({ length: 400_000 }, (_, i) => ({
  id: `e${i}`,
  unit: `u${Math.floor(20_000 * random())}`,
  value: 1e3 + Math.exp(2 * normal()),
}));
const start = performance.now();
for (const event of events) record(single, event);
const eventsPerSecond = Math.round(events.length / ((performance.now() - start) / 1000));
for (const event of events) record(shards[fnv1a32(event.unit) % 16]!, event);
const whole = aggregateOf(single).arms;
const merged = mergeAggregates(shards.map((shard) => aggregateOf(shard))).arms;
let split = 0;
for (const [i, arm] of whole.entries()) {
  for (const [j, value] of arm.entries()) {
    split = Math.max(split, Math.abs(value - merged[i]![j]!) / Math.max(1, Math.abs(value)));
  }
}
console.log(
  `ledger ${eventsPerSecond} events/s in memory; 16-way split against single pass: ${split.toExponential(1)}`,
);

let analysis: ReturnType<typeof createAnalysis> | undefined;
const parser = createCsvParser(
  (fields, line) => {
    if (analysis) analysis.addRow(fields, line);
    else
      analysis = createAnalysis({
        header: fields,
        variant: 'v',
        control: 'a',
        kpis: ['y:mean:covariate=x', 'c:proportion'].map(parseKpiOption),
      });
  },
  (line, reason) => analysis?.addBroken(line, reason),
);
const line = (i: number) => `${i % 2 ? 'a' : 'b'},${(i * 37) % 101},${i % 7},${i % 3 ? 0 : 1}\n`;
const chunk = Array.from({ length: 10_000 }, (_, i) => line(i)).join('');
const begun = performance.now();
parser.write('v,y,x,c\n');
for (let i = 0; i < 200; i++) parser.write(chunk);
parser.end();
const rowsPerSecond = Math.round(analysis!.result().rows.read / ((performance.now() - begun) / 1000));
console.log(`analyser ${rowsPerSecond} rows/s`);

const result = {
  bench: 'lift-speed',
  millionAppsMs: { median: times[2], worst: times[4] },
  bytes,
  eventsPerSecond,
  splitError: split,
  rowsPerSecond,
};
writeFileSync(new URL('./results/lift-speed.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
