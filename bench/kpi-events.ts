/**
 * Durable KPI events a second on one node (SQLite, `synchronous = full`): over HTTP into a node of its own process, and
 * into the store alone. Every event counted was answered for, so it is on disk. The same ids are sent once more to show
 * that nothing is counted twice. On a machine that does other work too, CPU time an event says more than events a second.
 * `npm run bench -- kpi-events [seconds]`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KpiEventsAnswer, systemClock } from '@myriad/contracts';
import { openStore } from '@myriad/store';
import { Pool } from 'undici';
import { writeResult } from './support/write-result.ts';

const ms = Number(process.argv[2] ?? 8) * 1_000;
const size = 5_000;
const lanes = 4;
const folder = mkdtempSync(join(tmpdir(), 'myriad-bench-kpi-'));
const now = Date.now();
const batch = (lane: number, round: number) =>
  Array.from({ length: size }, (_, index) => ({
    id: `order-${lane}-${round}-${index}`,
    kpi: 'bench_orders',
    unit: `user-${(index * 7_919 + round) % 100_000}`,
    value: index / 8,
    time: now - 60_000 + round * 10 + lane,
  }));

/** Rounds of each lane that are sent before anything is measured: code is compiled, the file has its first pages. */
const warmRounds = 6;
const mostRounds = 60;

/** Bodies are made before, so that the sender's own work is not measured. */
async function perSecond<Body>(
  bodies: readonly (readonly Body[])[],
  send: (body: Body) => Promise<number>,
  cpuMicros: () => number,
) {
  const lane = async (at: number, first: number, last: number, until: number) => {
    let events = 0;
    for (const round of bodies.slice(first, last)) {
      if (performance.now() > until) break;
      events += await send(round[at] as Body);
    }
    return events;
  };
  const all = (first: number, last: number, until: number) =>
    Promise.all(Array.from({ length: lanes }, (_, at) => lane(at, first, last, until)));
  await all(0, warmRounds, Number.POSITIVE_INFINITY);
  const cpu = cpuMicros();
  const from = performance.now();
  const events = (await all(warmRounds, mostRounds, from + ms)).reduce((sum, each) => sum + each, 0);
  const seconds = (performance.now() - from) / 1_000;
  return {
    ...{ events, seconds, perSecond: Math.round(events / seconds) },
    cpuMicrosEach: Math.round(((cpuMicros() - cpu) / events) * 100) / 100,
  };
}

const rounds = <Body>(make: (lane: number, round: number) => Body) =>
  Array.from({ length: mostRounds }, (_, round) => Array.from({ length: lanes }, (__, lane) => make(lane, round)));

async function storeAlone() {
  const store = await openStore({ data: join(folder, 'store'), database: 'sqlite', clock: systemClock });
  const figures = await perSecond(
    rounds(batch),
    async (events) => {
      const taken = await store.kpi.take({ tenant: 'main', receivedAt: now, source: 'bench', events });
      return size - taken.duplicates.length;
    },
    () => {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
  );
  await store.close();
  return figures;
}

/** CPU time of a process so far, in microseconds (Linux counts in hundredths of a second). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function overHttp() {
  const data = join(folder, 'node');
  const cli = join(import.meta.dirname, '../packages/cli/bin/myriad.js');
  const node = spawn(process.execPath, [cli, 'up', '--data', data, '--port', '0', '--log', 'error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    let url = '';
    while (url === '') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      try {
        url = (JSON.parse(readFileSync(join(data, 'node.json'), 'utf8')) as { url: string }).url;
      } catch {}
    }
    const token = readFileSync(join(data, 'operator.token'), 'utf8');
    const pool = new Pool(url, { connections: lanes });
    const send = async (body: string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await pool.request({ method: 'POST', path: '/v1/kpi/events', headers, body });
      if (answer.statusCode !== 200) throw new Error(await answer.body.text());
      return (await answer.body.json()) as KpiEventsAnswer;
    };
    const bodies = rounds((lane, round) => JSON.stringify(batch(lane, round)));
    const measured = await perSecond(
      bodies,
      async (body) => (await send(body)).accepted,
      () => cpuOf(node.pid as number),
    );
    const again = await send(bodies[0]?.[0] as string);
    await pool.close();
    return { ...measured, sentAgain: { accepted: again.accepted, duplicates: again.duplicates } };
  } finally {
    node.kill('SIGTERM');
    await new Promise((resolve) => node.once('exit', resolve));
  }
}

const figures = {
  eventsInARequest: size,
  lanes,
  cores: cpus().length,
  store: await storeAlone(),
  http: await overHttp(),
};
rmSync(folder, { recursive: true, force: true });
writeResult('kpi-events', `npm run bench -- kpi-events ${ms / 1_000}`, figures);
console.log(JSON.stringify(figures, null, 2));
