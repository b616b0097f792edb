/**
 * CPU of the kernel alone on the governed path: hold, limits, queue, route, meter, settle, with a ledger and a driver in
 * memory that do next to nothing. What HTTP, JSON and the disk cost is not in it.
 *
 *   node bench/kernel-path.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelEvent, systemClock, systemRandom } from '@myriad/contracts';
import { createKernel } from '../packages/kernel/src/index.ts';
import { createMemoryLedger } from '../packages/kernel/src/testbed/memory-ledger.ts';
import { createScriptedSource, endpointOf, usageOf } from '../packages/kernel/src/testbed/scripted-endpoint.ts';

const finalUsage = usageOf(40, 64);

function tokens(count: number): ModelEvent[] {
  return [
    { type: 'start', model: 'm' },
    ...Array.from({ length: count }, () => ({ type: 'text', choice: 0, text: 'word ' }) as const),
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'usage', usage: finalUsage, provisional: false },
  ];
}

async function* replay(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}

function percentile(sorted: Float64Array, ratio: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))] as number;
}

async function measure(name: string, chunks: number, runs: number, governed: boolean) {
  const events = tokens(chunks);
  const source = createScriptedSource([
    { endpoint: endpointOf({ id: 'm1', concurrency: 64 }), chat: () => replay(events) },
  ]);
  const ledger = createMemoryLedger();
  const kernel = createKernel({
    ledger: {
      ...ledger,
      hold: () => Promise.resolve(),
      settle: () => Promise.resolve(),
    },
    endpoints: source,
    clock: systemClock,
    random: systemRandom,
    owner: 'bench',
    exchange: { base: 'USD', rates: {} },
    timeZone: 'UTC',
    limits: { queuePerApp: 64, queueMs: 60_000 },
  });
  const budget = { limitMicros: 1e15, currency: 'USD', period: 'day', onExceed: 'refuse' } as const;
  const budgets = governed
    ? ['org', 'team:a', 'app:one', 'person:p', 'key:k'].map((scope) => ({ scope, ...budget }))
    : [];
  const limits = governed
    ? { requestsPerMinute: 1e9, tokensPerMinute: 1e12, parallel: 1e6, deadlineMs: null }
    : { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null };
  const request = {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Say something short, please.' }] }],
    maxOutputTokens: 256,
  } as const;
  const one = async (number: number) => {
    const run = await kernel.begin({
      runId: `run_${number}`,
      appId: `app_${number % 1_000}`,
      appName: 'app',
      version: 'v1',
      tenant: 'home',
      surface: 'openai',
      personId: `per_${number % 50}`,
      keyId: null,
      assignment: { experiment: null, variant: 'treatment', reason: 'no_experiment', unit: null },
      delivered: 'treatment',
      conversationId: null,
      priority: 'standard',
      stream: true,
      budgets,
      limits,
      cache: { exact: false, ttlMs: 0 },
    });
    const signal = new AbortController().signal;
    for await (const _ of run.chat({
      request,
      need: { capabilities: ['chat'], optimize: 'balanced' },
      stream: true,
      signal,
    }));
    await run.settle({ status: 'ok', errorCode: null, steps: [] });
  };
  for (let number = 0; number < runs / 4; number += 1) await one(number);
  (source.requests as unknown[]).length = 0;
  const took = new Float64Array(runs);
  const cpu = process.cpuUsage();
  for (let number = 0; number < runs; number += 1) {
    const from = performance.now();
    await one(number);
    took[number] = (performance.now() - from) * 1_000;
  }
  const { user, system } = process.cpuUsage(cpu);
  took.sort();
  return {
    lane: name,
    chunks,
    runs,
    cpuMicrosPerRun: Math.round((user + system) / runs),
    p50Micros: Math.round(percentile(took, 0.5)),
    p99Micros: Math.round(percentile(took, 0.99)),
  };
}

/** The same events read from the driver with nothing between: what the measuring itself costs. */
async function bare(chunks: number, runs: number) {
  const events = tokens(chunks);
  const once = async () => {
    for await (const _ of replay(events));
  };
  for (let number = 0; number < runs / 4; number += 1) await once();
  const cpu = process.cpuUsage();
  for (let number = 0; number < runs; number += 1) await once();
  const { user, system } = process.cpuUsage(cpu);
  return Math.round(((user + system) / runs) * 10) / 10;
}

const rows = [
  await measure('ungoverned', 1, 20_000, false),
  await measure('governed: 5 budgets, 3 limits', 1, 20_000, true),
  await measure('governed, streamed', 256, 4_000, true),
];
const bareShort = await bare(1, 20_000);
const bareLong = await bare(256, 4_000);
const perChunk = ((rows[2]?.cpuMicrosPerRun ?? 0) - (rows[1]?.cpuMicrosPerRun ?? 0) - (bareLong - bareShort)) / 255;
const result = {
  node: process.version,
  rows,
  bareDriverMicros: { short: bareShort, streamed: bareLong },
  kernelMicrosPerChunk: Math.round(perChunk * 100) / 100,
};
console.table(rows);
console.log(`kernel: ${result.kernelMicrosPerChunk} µs a chunk beyond the driver's own ${bareLong} µs for 256`);
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'kernel-path.json'), `${JSON.stringify(result, null, 2)}\n`);
