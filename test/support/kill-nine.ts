/** A node under load, killed again and again at random moments, and its books checked after each start. */

import { call, createKey } from './operator.ts';
import { emptyFolder, type RunningNode, startNode } from './start-node.ts';
import { startUpstream } from './upstream.ts';

export interface KillNineFigures {
  readonly kills: number;
  readonly acknowledgedRuns: number;
  readonly acknowledgedEvents: number;
  readonly lostRuns: number;
  readonly doubledRuns: number;
  readonly lostEvents: number;
  readonly leakedHolds: number;
  /** Spent by the budget's books less the sum of its runs' costs. */
  readonly budgetErrorMicros: number;
  /** Runs that were in flight at a kill and were booked as lost. */
  readonly bookedAsLost: number;
  readonly restartMs: number;
}

const manifest = `kind: App
name: killed-desk
description: Is killed often.
instructions: Answer in one word.
model: {capabilities: [generate]}
access: {use: [everyone]}
expose: [api]
budget: {amount: 1000 USD, period: total, on_exceed: refuse}
`;

interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly costMicros: number | null;
}

export async function runKillNine(options: {
  readonly kills: number;
  readonly seed: number;
  readonly onKill?: (done: number, acknowledged: number) => void;
}): Promise<KillNineFigures> {
  const random = mulberry(options.seed);
  const upstream = await startUpstream();
  const data = emptyFolder('kill-nine');
  let node = await startNode({ data, environment: { MYRIAD_LOG: 'silent' } });
  const key = await createKey(node);
  await mustSucceed(
    call(node, 'POST /api/models', {
      body: {
        provider: 'vllm',
        model: 'scripted',
        name: 'scripted',
        baseUrl: `${upstream.url}/v1`,
        capabilities: ['chat', 'generate'],
        concurrency: 64,
        price: {
          currency: 'USD',
          inputMicrosPerMillion: 1_000_000,
          outputMicrosPerMillion: 2_000_000,
          source: 'test',
          date: '2026-01-01',
        },
      },
    }),
  );
  const app = await mustSucceed(call<{ app: { id: string } }>(node, 'POST /api/apps', { body: { source: manifest } }));
  await mustSucceed(call(node, 'POST /api/apps/killed-desk/publish', { body: {} }));
  const runs = new Set<string>();
  const events = new Set<string>();
  const restarts: number[] = [];
  for (let kill = 0; kill < options.kills; kill += 1) {
    const stopLoad = startLoad(node, key, kill, runs, events);
    // At a random moment of a load that is under way, however slow the machine is to get it there.
    const before = runs.size;
    for (let waited = 0; runs.size < before + 4 && waited < 3_000; waited += 1)
      await new Promise((wake) => setTimeout(wake, 10));
    await new Promise((wake) => setTimeout(wake, random() * 500));
    await node.kill();
    await stopLoad();
    const begun = performance.now();
    node = await startNode({ data, environment: { MYRIAD_LOG: 'silent' } });
    restarts.push(performance.now() - begun);
    options.onKill?.(kill + 1, runs.size + events.size);
  }
  const booked = await allRuns(node);
  const ids = booked.map(({ id }) => id);
  const spent = booked.reduce((sum, run) => sum + (run.costMicros ?? 0), 0);
  const detail = await call<{ budgetState: { spentMicros: number; heldMicros: number } | null }>(
    node,
    `GET /api/apps/${app.app.id}`,
  );
  const present = await eventIds(node, events);
  await node.stop();
  await upstream.close();
  return {
    kills: options.kills,
    acknowledgedRuns: runs.size,
    acknowledgedEvents: events.size,
    lostRuns: [...runs].filter((id) => !ids.includes(id)).length,
    doubledRuns: ids.length - new Set(ids).size,
    lostEvents: events.size - present,
    leakedHolds: detail.body.budgetState?.heldMicros ?? 0,
    budgetErrorMicros: Math.abs((detail.body.budgetState?.spentMicros ?? 0) - spent),
    bookedAsLost: booked.filter(({ status }) => status === 'lost').length,
    restartMs: Math.round(restarts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, restarts.length)),
  };
}

/** Six callers in a closed loop, streamed and plain, and one that sends KPI events. Only what was answered whole counts. */
function startLoad(
  node: RunningNode,
  key: string,
  round: number,
  runs: Set<string>,
  events: Set<string>,
): () => Promise<void> {
  let running = true;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const caller = async (stream: boolean) => {
    while (running) {
      try {
        const response = await fetch(`${node.url}/v1/chat/completions`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ model: 'app:killed-desk', stream, messages: [{ role: 'user', content: 'go' }] }),
        });
        const text = await response.text();
        const whole = response.ok && (!stream || text.includes('[DONE]'));
        const id = /"run_id":"(\w+)"/.exec(text)?.[1];
        if (whole && id) runs.add(id);
      } catch {
        return;
      }
    }
  };
  const sender = async () => {
    for (let batch = 0; running; batch += 1) {
      const sent = Array.from({ length: 50 }, (_, index) => ({
        id: `e-${round}-${batch}-${index}`,
        kpi: 'csat',
        unit: `u${index}`,
        value: 1,
        time: Date.now(),
      }));
      try {
        const response = await fetch(`${node.url}/v1/kpi/events`, {
          method: 'POST',
          headers,
          body: JSON.stringify(sent),
        });
        if (response.ok && (await response.json())) for (const { id } of sent) events.add(id);
      } catch {
        return;
      }
    }
  };
  const all = [caller(true), caller(true), caller(true), caller(false), caller(false), caller(false), sender()];
  return async () => {
    running = false;
    await Promise.all(all);
  };
}

async function allRuns(node: RunningNode): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await call<{ items: RunRow[]; nextCursor: string | null }>(
      node,
      `GET /api/runs?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    rows.push(...body.items);
    if (!body.nextCursor) return rows;
    cursor = body.nextCursor;
  }
}

/** How many of the events are there: sending them again must call each a duplicate. */
async function eventIds(node: RunningNode, events: ReadonlySet<string>): Promise<number> {
  let present = 0;
  const ids = [...events];
  for (let at = 0; at < ids.length; at += 5_000) {
    const { body } = await call<{ duplicates: number }>(node, 'POST /v1/kpi/events', {
      body: ids.slice(at, at + 5_000).map((id) => ({ id, kpi: 'csat', unit: 'again', value: 1, time: Date.now() })),
    });
    present += body.duplicates;
  }
  return present;
}

async function mustSucceed<T>(answer: Promise<{ readonly status: number; readonly body: T }>): Promise<T> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
