/** Kills a writing process again and again at random moments, and counts what it had acknowledged and what is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Random, type Store, systemClock } from '@myriad/contracts';
import { openStore } from '../open-store.ts';

const writer = join(import.meta.dirname, 'write-until-killed.exam.ts');

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: { readonly runs: number; readonly events: number; readonly audit: number };
  readonly missing: readonly string[];
  readonly runsThere: number;
  readonly spentMicros: number;
  readonly heldMicrosOfTheDead: number;
  readonly auditBrokenAt: number | null;
}

/** Lets one writer live for a while and returns the lines it acknowledged. */
async function oneLife(data: string, database: string, life: number, liveMs: number): Promise<readonly string[]> {
  const acknowledged = `${data}.acknowledged-${life}`;
  await mkdir(dirname(acknowledged), { recursive: true });
  const child = spawn(process.execPath, [writer, data, database, String(life), acknowledged], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([once(child.stdout, 'data'), exit]);
  const killer = setTimeout(() => child.kill('SIGKILL'), liveMs);
  const [code, signal] = await exit;
  clearTimeout(killer);
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself, with ${code}.`);
  const text = await readFile(acknowledged, 'utf8');
  await rm(acknowledged);
  // The last line may be cut: it was not acknowledged whole.
  return text.split('\n').slice(0, -1);
}

export async function killLives(options: {
  readonly data: string;
  readonly database: string;
  readonly kills: number;
  readonly longestMs: number;
  readonly random: Pick<Random, 'next'>;
}): Promise<KillReport> {
  const { data, database, kills, longestMs, random } = options;
  const lines: string[] = [];
  for (let life = 0; life < kills; life += 1) {
    lines.push(...(await oneLife(data, database, life, 1 + random.next() * longestMs)));
  }
  const store = await openStore({ data, database, clock: systemClock });
  try {
    return await countWhatIsThere(store, lines, kills);
  } finally {
    await store.close();
  }
}

async function countWhatIsThere(store: Store, lines: readonly string[], kills: number): Promise<KillReport> {
  const said = (kind: string) =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  const missing: string[] = [];
  const runs = said('run');
  for (const id of runs) if (!(await store.ledger.run(id))) missing.push(id);
  const events = said('event');
  for (let start = 0; start < events.length; start += 500) {
    // Sending them again answers which were there, each by its id.
    const some = events.slice(start, start + 500);
    const { duplicates } = await store.kpi.append(
      some.map((id) => ({ tenant: 't', id, kpi: 'k', unit: 'u', value: 1, time: 1, receivedAt: 1, source: 's' })),
    );
    const there = new Set(duplicates);
    missing.push(...some.filter((id) => !there.has(id)));
  }
  const chain = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.audit.list>> = await store.audit.list({ limit: 500, cursor });
    for (const { hash } of page.items) chain.add(hash);
    cursor = page.nextCursor;
  } while (cursor);
  missing.push(...said('audit').filter((hash) => !chain.has(hash)));

  for (const hold of await store.ledger.staleHolds([])) {
    const lost = { ...hold.run, id: hold.runId, status: 'lost' as const, errorCode: null, firstTokenAt: null };
    const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
    const run = {
      ...lost,
      finishedAt: hold.createdAt,
      usage: { ...usage, source: 'estimated' as const },
      costMicros: 0,
      pricedMicros: 0,
      currency: 'USD',
      model: null,
      calls: [],
      steps: [],
    };
    await store.ledger.settle({ run, exposure: null, charges: [], holdId: hold.id });
  }
  const state = await store.ledger.budgetState('app:app_crash', 0);
  const settled = await countRuns(store);
  return {
    kills,
    acknowledged: { runs: runs.length, events: events.length, audit: said('audit').length },
    missing,
    runsThere: settled,
    spentMicros: state?.spentMicros ?? 0,
    heldMicrosOfTheDead: state?.heldMicros ?? 0,
    auditBrokenAt: (await store.audit.verify()).brokenAt,
  };
}

async function countRuns(store: Store): Promise<number> {
  let runs = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.ledger.runs>> = await store.ledger.runs({
      appId: 'app_crash',
      status: 'ok',
      limit: 500,
      cursor,
    });
    runs += page.items.length;
    cursor = page.nextCursor;
  } while (cursor);
  return runs;
}
