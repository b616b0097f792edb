import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Store, systemClock } from '@myriad/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../exam/postgres-server.exam.ts';
import {
  sampleApp,
  sampleCollection,
  sampleDocument,
  sampleHold,
  samplePassage,
  samplePerson,
  sampleRun,
  sampleVersion,
} from '../exam/samples.exam.ts';
import { migrations } from '../migrations/index.ts';
import { openStore } from '../open-store.ts';
import { restoreBackup, unfinishedRestore, verifyBackup } from './restore-backup.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-backup-'));
const server = await startPostgres();

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

const run = sampleRun();
const app = sampleApp({ titleZh: '合同审查' });
const collection = sampleCollection();
const document = sampleDocument(collection.id, { status: 'ready', passages: 1 });

async function fill(store: Store): Promise<void> {
  await store.apps.create(app, null);
  const version = sampleVersion(app.id, 1);
  await store.apps.publish(version, { ...app, currentVersion: version.hash, versionNumber: 1 }, null);
  await store.ledger.hold(sampleHold(run, 5));
  await store.ledger.settle({ run, exposure: null, charges: [], holdId: null });
  await store.org.savePerson(samplePerson({ groups: ['finance'] }));
  await store.models.saveSecret('sealed', new Uint8Array([0, 255, 7]));
  await store.knowledge.saveCollection(collection);
  await store.knowledge.saveDocument(document);
  await store.knowledge.index(document, '全文 "quoted"\nline', [0], [samplePassage(0, ['文库', 'x'])]);
  for (let index = 0; index < 5; index += 1) {
    await store.audit.append({ time: 1, actor: 'a', action: 'b', object: `c${index}`, detail: { index } });
  }
  await store.blobs.put(Buffer.from('a blob'));
}

async function expectWhole(store: Store): Promise<void> {
  expect(await store.ledger.run(run.id)).toEqual(run);
  expect(await store.ledger.staleHolds([])).toHaveLength(1);
  expect((await store.apps.list({ tenant: 'default', search: '审查', principals: ['everyone'] })).items).toHaveLength(
    1,
  );
  expect(await store.apps.versionByNumber(app.id, 1)).toMatchObject({ number: 1, manifest: { name: 'helper' } });
  expect(await store.models.secret('sealed')).toEqual(new Uint8Array([0, 255, 7]));
  const hits = await store.knowledge.search({ terms: ['文库'], collectionIds: [collection.id], limit: 3 });
  expect(hits.map(({ documentId }) => documentId)).toEqual([document.id]);
  expect(await store.knowledge.text(document.id)).toEqual({ text: '全文 "quoted"\nline', pageStarts: [0] });
  expect(await store.audit.verify()).toEqual({ entries: 5, brokenAt: null });
  const { hash } = await store.blobs.put(Buffer.from('a blob'));
  expect(Buffer.from(await store.blobs.get(hash)).toString()).toBe('a blob');
  // The numbers of new rows go on after those restored.
  await store.apps.create(sampleApp({ tenant: 'after' }), null);
  expect(await store.apps.count('after')).toBe(1);
}

describe('sqlite', () => {
  const data = join(root, 'data');
  const backup = join(root, 'backup');
  const open = (folder: string) => openStore({ data: folder, database: 'sqlite', clock: systemClock });
  let checksum = '';

  beforeAll(async () => {
    const store = await open(data);
    await fill(store);
    mkdirSync(join(data, 'keys'));
    writeFileSync(join(data, 'keys', 'secret.key'), 'sealing key');
    const ratios: number[] = [];
    // Writing goes on while the copy is made.
    let writing = true;
    const writer = (async () => {
      for (let index = 0; writing; index += 1) await store.settings.set(`busy-${index}`, index);
      return true;
    })();
    const receipt = await store.backup(backup, (ratio) => ratios.push(ratio));
    writing = false;
    expect(await writer).toBe(true);
    checksum = receipt.checksum;
    expect(receipt).toMatchObject({ path: backup, files: 3, schemaVersion: migrations.at(-1)?.version });
    expect(ratios[0]).toBe(0);
    expect(ratios.at(-1)).toBe(1);
    await expect(store.backup(backup)).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.backup(join(data, 'inside'))).rejects.toMatchObject({ code: 'invalid_request' });
    await store.close();
  });

  test('[U1] a backup made while writing goes on restores to a whole node, keys and blobs too', async () => {
    const target = join(root, 'u1');
    const receipt = await restoreBackup(backup, target);
    expect(receipt).toMatchObject({ kind: 'sqlite', checksum, auditEntries: 5, path: target });
    expect(receipt.rows).toMatchObject({ app: 1, run: 1, audit: 5, passage: 1 });
    expect(readFileSync(join(target, 'keys', 'secret.key'), 'utf8')).toBe('sealing key');
    const store = await open(target);
    await expectWhole(store);
    await store.close();
  });

  test('[U2] a changed, missing or added byte is found before anything is touched', async () => {
    const harm: Readonly<Record<string, (path: string) => void>> = {
      'a changed database': (path) => appendFileSync(join(path, 'myriad.db'), 'x'),
      'a missing file': (path) => rmSync(join(path, 'keys', 'secret.key')),
      'a changed key': (path) => writeFileSync(join(path, 'keys', 'secret.key'), 'sealing kez'),
      'a manifest without one of its files': (path) => {
        const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
        manifest.files.pop();
        writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
      },
      'a manifest that is cut': (path) => writeFileSync(join(path, 'manifest.json'), '{"format":1'),
    };
    for (const [name, change] of Object.entries(harm)) {
      const copy = join(root, 'harmed');
      cpSync(backup, copy, { recursive: true });
      change(copy);
      const target = join(root, 'u2');
      await expect(restoreBackup(copy, target), name).rejects.toMatchObject({ code: 'storage_corrupt' });
      expect(existsSync(target), name).toBe(false);
      rmSync(copy, { recursive: true });
    }
    await expect(restoreBackup(join(root, 'nothing'), join(root, 'u2'))).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[U3] a folder that holds something is left alone unless forced, and then holds the backup only', async () => {
    const target = join(root, 'u3');
    const old = await open(target);
    await old.settings.set('old', 1);
    await old.close();
    writeFileSync(join(target, 'note.txt'), 'mine');
    await expect(restoreBackup(backup, target)).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(target, 'note.txt'), 'utf8')).toBe('mine');
    await restoreBackup(backup, target, { force: true });
    const store = await open(target);
    expect(await store.settings.get('old')).toBeNull();
    await expectWhole(store);
    await store.close();
    expect(readdirSync(target)).not.toContain('note.txt');
  });

  test('[U4] a folder in use is not restored into, and one whose restore was cut off is not opened', async () => {
    const target = join(root, 'u4');
    const store = await open(target);
    await expect(restoreBackup(backup, target, { force: true })).rejects.toMatchObject({ code: 'storage_locked' });
    await store.close();
    mkdirSync(join(target, unfinishedRestore));
    await expect(open(target)).rejects.toMatchObject({ code: 'storage_corrupt' });
    await restoreBackup(backup, target, { force: true });
    await (await open(target)).close();
  });

  test('[U5] a backup that names a file outside itself is refused, whatever its checksum says', async () => {
    const copy = join(root, 'escaping');
    cpSync(backup, copy, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'));
    const { manifestChecksum } = await import('./backup-manifest.ts');
    manifest.files.push({ path: '../data/myriad.db', sizeBytes: 1, sha256: '0'.repeat(64) });
    manifest.checksum = manifestChecksum(manifest);
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest));
    await expect(verifyBackup(copy)).rejects.toThrow(/outside itself/);
  });
});

describe.skipIf(!server)('postgres', () => {
  test('[U6] a backup of a PostgreSQL node restores into an empty database, which it proves', async () => {
    const from = (await server?.freshDatabase()) as string;
    const into = (await server?.freshDatabase()) as string;
    const backup = join(root, 'pg-backup');
    const store = await openStore({ data: join(root, 'pg'), database: from, clock: systemClock });
    await fill(store);
    const receipt = await store.backup(backup);
    await store.close();
    await expect(restoreBackup(backup, join(root, 'pg-none'))).rejects.toMatchObject({ code: 'unsupported' });
    const restored = await restoreBackup(backup, join(root, 'pg-to'), { database: into });
    expect(restored).toMatchObject({ kind: 'postgres', checksum: receipt.checksum, auditEntries: 5 });
    const again = await openStore({ data: join(root, 'pg-to'), database: into, clock: systemClock });
    await expectWhole(again);
    await again.close();
    const taken = restoreBackup(backup, join(root, 'pg-to2'), { database: into });
    await expect(taken).rejects.toMatchObject({ code: 'conflict' });
    await restoreBackup(backup, join(root, 'pg-to3'), { database: into, force: true });
  });
});
