/**
 * A process for tests: writes runs with holds and charges, KPI events and audit entries as fast as it can, and names what
 * the store acknowledged in a file, one a line, until it is killed. A pipe would do less well: it fills up.
 */
import { openSync, writeSync } from 'node:fs';
import { systemClock } from '@myriad/contracts';
import { sampleHold, sampleRun } from '../exam/samples.exam.ts';
import { openStore } from '../open-store.ts';

const [data, database, life, acknowledged] = process.argv.slice(2) as [string, string, string, string];
const file = openSync(acknowledged, 'a');
const store = await openStore({ data, database, clock: systemClock });
const owner = `life-${life}`;
/** Written at once: what the system took is in the file when the process is dead. */
const acknowledge = (line: string) => writeSync(file, `${line}\n`);
let told = false;

async function writeRuns(lane: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const run = sampleRun({ id: `run_${life}_${lane}_${number}`, appId: 'app_crash' });
    const hold = sampleHold(run, 10, { id: `hold_${life}_${lane}_${number}`, owner });
    const held = store.ledger.hold(hold);
    const charges = [{ scope: 'app:app_crash', periodStart: 0, currency: 'USD', micros: 3 }];
    await store.ledger.settle({ run, exposure: null, charges, holdId: hold.id });
    await held;
    acknowledge(`run ${run.id}`);
    // From here on this life may end: it has something to lose.
    if (!told) process.stdout.write('ready\n');
    told = true;
  }
}

async function writeEvents(lane: number): Promise<never> {
  for (let number = 0; ; number += 1) {
    const ids = Array.from({ length: 20 }, (_, index) => `${life}-${lane}-${number}-${index}`);
    await store.kpi.append(
      ids.map((id) => ({ tenant: 't', id, kpi: 'k', unit: 'u', value: 1, time: 1, receivedAt: 1, source: 's' })),
    );
    for (const id of ids) acknowledge(`event ${id}`);
  }
}

async function writeAudit(): Promise<never> {
  for (let number = 0; ; number += 1) {
    const entry = { time: 1, actor: owner, action: 'crash', object: `${life}-${number}`, detail: {} };
    acknowledge(`audit ${(await store.audit.append(entry)).hash}`);
  }
}

await Promise.all([writeRuns(0), writeRuns(1), writeRuns(2), writeEvents(0), writeAudit()]);
