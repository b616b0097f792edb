import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@myriad/contracts';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { sampleRun } from '../exam/samples.exam.ts';
import { openStore } from '../open-store.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-faults-'));
const holder = join(import.meta.dirname, '../crash/hold-folder.exam.ts');
chmodSync(root, 0o755);

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const folder = (name: string) => join(root, name);
const openAt = (data: string, more: { readonly maxDatabaseBytes?: number } = {}) =>
  openStore({ data, database: 'sqlite', clock: systemClock, ...more });

/** Starts a process that opens the folder and says how that went. */
async function startHolder(data: string, uid?: number): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [holder, data], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  return { child, said: chunk.toString('utf8').trim() };
}

test('[L1] a second process on the same data folder is refused and told who has it', async () => {
  const data = folder('l1');
  const { child, said } = await startHolder(data);
  expect(said).toBe('open');
  await expect(openAt(data)).rejects.toMatchObject({ code: 'storage_locked', facts: { pid: child.pid } });
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('[L2] the lock of a process that was killed is gone with it', async () => {
  const data = folder('l2');
  const { child } = await startHolder(data);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = await openAt(data);
  expect(existsSync(join(data, 'lock.pid'))).toBe(true);
  await store.close();
  await (await openAt(data)).close();
});

test('[L3] a second store in the same process is refused too', async () => {
  const store = await openAt(folder('l3'));
  await expect(openAt(folder('l3'))).rejects.toMatchObject({ code: 'storage_locked', facts: { pid: process.pid } });
  await store.settings.set('still', 'works');
  await store.close();
});

test('[F1] a full disk refuses the write whole, and reads and smaller work go on', async () => {
  const store = await openAt(folder('f1'), { maxDatabaseBytes: 2_000_000 });
  const before = sampleRun();
  await store.ledger.settle({ run: before, exposure: null, charges: [], holdId: null });
  const big = sampleRun({ steps: [{ ...(before.steps[0] as (typeof before.steps)[number]), name: 'x'.repeat(3e6) }] });
  const charges = [{ scope: 'app:f1', periodStart: 0, currency: 'USD', micros: 5 }];
  const small = sampleRun();
  const [failed, kept] = await Promise.allSettled([
    store.ledger.settle({ run: big, exposure: null, charges, holdId: null }),
    store.ledger.settle({ run: small, exposure: null, charges, holdId: null }),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'storage_full' } });
  // The small one came in the same group: it must not be taken along.
  expect(kept.status).toBe('fulfilled');
  expect(await store.ledger.run(big.id)).toBeNull();
  expect((await store.ledger.budgetState('app:f1', 0))?.spentMicros).toBe(5);
  expect(await store.ledger.run(before.id)).toEqual(before);
  await store.settings.set('after', 1);
  await store.close();
});

test('[F2] a folder that cannot be written says so', async () => {
  const data = folder('f2');
  mkdirSync(data);
  const asRoot = process.getuid?.() === 0;
  chmodSync(data, 0o555);
  if (asRoot) {
    // Root writes everywhere: another user must try.
    const { child, said } = await startHolder(data, 65_534);
    child.kill('SIGKILL');
    expect(said).toContain('storage_read_only');
  } else {
    await expect(openAt(data)).rejects.toMatchObject({ code: 'storage_read_only' });
  }
  chmodSync(data, 0o755);
});

test('[F3] a damaged database file says so, at the start or when the damage is read', async () => {
  const data = folder('f3');
  const store = await openAt(data);
  for (let index = 0; index < 200; index += 1) {
    await store.settings.set(`key-${String(index).padStart(4, '0')}`, 'x'.repeat(2_000));
  }
  await store.close();
  const file = await open(join(data, 'myriad.db'), 'r+');
  const { size } = await file.stat();
  for (let page = 80; page * 4_096 < size; page += 1)
    await file.write(Buffer.alloc(4_096, 0xab), 0, 4_096, page * 4_096);
  await file.close();
  const read = async () => {
    const damaged = await openAt(data);
    try {
      await damaged.settings.entries('key-');
    } finally {
      await damaged.close();
    }
  };
  await expect(read()).rejects.toMatchObject({ code: 'storage_corrupt' });
});

test('[F4] a file that is no database, and a database that is not ours, are refused and left alone', async () => {
  mkdirSync(folder('f4'));
  writeFileSync(join(folder('f4'), 'myriad.db'), 'my shopping list, which is longer than any header is');
  await expect(openAt(folder('f4'))).rejects.toMatchObject({ code: 'storage_corrupt' });
  expect(await readFile(join(folder('f4'), 'myriad.db'), 'utf8')).toContain('shopping');
  mkdirSync(folder('f4b'));
  const foreign = new BetterSqlite3(join(folder('f4b'), 'myriad.db'));
  foreign.exec('create table theirs (a)');
  foreign.close();
  await expect(openAt(folder('f4b'))).rejects.toMatchObject({ code: 'storage_corrupt' });
});

test('[F5] a database it does not know is a fault of the configuration', async () => {
  const wrong = openStore({ data: folder('f5'), database: 'mysql://x', clock: systemClock });
  await expect(wrong).rejects.toMatchObject({ code: 'config_invalid' });
  const nobody = 'postgres://nobody:secret-word@127.0.0.1:1/none';
  const refused = openStore({ data: folder('f5'), database: nobody, clock: systemClock }).catch((error) => error);
  expect(await refused).toMatchObject({ code: 'config_invalid', facts: { cause: 'ECONNREFUSED' } });
  expect((await refused).message).not.toContain('secret-word');
});

test('[D6] a blob whose bytes rotted is refused, not served', async () => {
  const data = folder('d6');
  const store = await openAt(data);
  const { hash } = await store.blobs.put(Buffer.from('what was written'));
  writeFileSync(join(data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash), 'what was writtem');
  await expect(store.blobs.get(hash)).rejects.toMatchObject({ code: 'storage_corrupt' });
  const stream = async () => {
    for await (const _part of store.blobs.stream(hash));
  };
  await expect(stream()).rejects.toMatchObject({ code: 'storage_corrupt' });
  await store.close();
});
