/**
 * Durable KPI events a second on one node (SQLite, `synchronous = full`): over HTTP into a node of its own process, and
 * into the store alone. Every event counted was answered for, so it is on disk. The same ids are sent once more to show
 * that nothing is counted twice. `npm run bench -- kpi-events [seconds]`
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

async function perSecond(send: (lane: number, round: number) => Promise<number>) {
  const from = performance.now();
  let events = 0;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let round = 0; performance.now() - from < ms; round += 1) events += await send(lane, round);
    }),
  );
  const seconds = (performance.now() - from) / 1_000;
  return { events, seconds, perSecond: Math.round(events / seconds) };
}

async function storeAlone() {
  const store = await openStore({ data: join(folder, 'store'), database: 'sqlite', clock: systemClock });
  const cpu = process.cpuUsage();
  const figures = await perSecond(async (lane, round) => {
    const taken = await store.kpi.take({
      ...{ tenant: 'main', receivedAt: now, source: 'bench' },
      events: batch(lane, round),
    });
    return size - taken.duplicates.length;
  });
  const { user, system } = process.cpuUsage(cpu);
  await store.close();
  return { ...figures, cpuMicrosEach: Math.round(((user + system) / figures.events) * 100) / 100 };
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
    // Bodies are made before, so that the sender's own work is not measured.
    const bodies = Array.from({ length: 60 }, (_, round) =>
      Array.from({ length: lanes }, (__, lane) => JSON.stringify(batch(lane, round))),
    );
    const before = cpuOf(node.pid as number);
    const from = performance.now();
    let events = 0;
    let sent = 0;
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        for (const round of bodies) {
          if (performance.now() - from > ms) return;
          events += (await send(round[lane] as string)).accepted;
          sent += 1;
        }
      }),
    );
    const seconds = (performance.now() - from) / 1_000;
    const cpu = cpuOf(node.pid as number) - before;
    const again = await send(bodies[0]?.[0] as string);
    await pool.close();
    return {
      ...{ events, requests: sent, seconds, perSecond: Math.round(events / seconds) },
      cpuMicrosEach: Math.round((cpu / events) * 100) / 100,
      sentAgain: { accepted: again.accepted, duplicates: again.duplicates },
    };
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
