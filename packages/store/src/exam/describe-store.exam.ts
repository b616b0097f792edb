/** The exam that every store passes: each rule of SPEC.md that does not depend on the database. */
import type { Store } from '@myriad/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineApps } from './apps.exam.ts';
import { examineAudit } from './audit.exam.ts';
import { examineAuth } from './auth.exam.ts';
import { examineBatches } from './batches.exam.ts';
import { examineBlobs } from './blobs.exam.ts';
import { examineDocuments } from './documents.exam.ts';
import { examineDrive } from './drive.exam.ts';
import { examineKnowledge } from './knowledge.exam.ts';
import { examineKpi } from './kpi.exam.ts';
import { examineLedger } from './ledger.exam.ts';
import { examineLog } from './log.exam.ts';
import { examineOrg } from './org.exam.ts';
import { sampleApp, sampleId, samplePerson } from './samples.exam.ts';
import { examineWenku } from './wenku.exam.ts';

export { startPostgres, type TestPostgres } from './postgres-server.exam.ts';

/**
 * Runs the exam.
 *
 * @param open Opens a fresh, empty store. It is closed by the exam.
 */
export function describeStore(name: string, open: () => Promise<Store>): void {
  const parts = {
    apps: examineApps,
    ledger: examineLedger,
    kpi: examineKpi,
    log: examineLog,
    org: examineOrg,
    audit: examineAudit,
    knowledge: examineKnowledge,
    'models, conversations, settings': examineDocuments,
    'files and batches': examineBatches,
    drive: examineDrive,
    wenku: examineWenku,
    blobs: examineBlobs,
    'sign-in tables': examineAuth,
    pages: examinePages,
  };
  for (const [part, examine] of Object.entries(parts)) {
    describe(`${name}: ${part}`, () => {
      let store: Store | undefined;
      beforeAll(async () => {
        store = await open();
      });
      afterAll(async () => {
        await store?.close();
      });
      examine(() => store as Store);
    });
  }
}

function examinePages(open: () => Store): void {
  test('[W1] a page has 1 to 500 items, 50 unless said', async () => {
    const { apps } = open();
    for (let index = 0; index < 51; index += 1) await apps.create(sampleApp({ tenant: 'w1' }), null);
    expect((await apps.list({ tenant: 'w1' })).items).toHaveLength(50);
    expect((await apps.list({ tenant: 'w1', limit: 51 })).nextCursor).toBeNull();
    for (const limit of [0, 501, 1.5, Number.NaN]) {
      await expect(apps.list({ tenant: 'w1', limit })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  test('[W2] a cursor that the list did not give out is refused', async () => {
    const { apps, ledger } = open();
    const foreign = (await apps.list({ tenant: 'w1', limit: 1 })).nextCursor;
    await expect(ledger.runs({ cursor: foreign })).rejects.toMatchObject({ code: 'invalid_request' });
    for (const cursor of ['x', '', Buffer.from('[1]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
      await expect(apps.list({ tenant: 'w1', cursor })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  test('[W5] a batch that fails in the middle leaves nothing of itself and takes no neighbour along', async () => {
    const { org, settings } = open();
    const taken = samplePerson({ email: 'taken@w5.example' });
    await org.savePerson(taken);
    const group = { id: sampleId('grp'), name: sampleId('w5'), members: [], createdAt: 1 };
    await org.saveGroup(group);
    // The second step of this batch fails: its first one, the membership's removal, must not stay.
    await org.savePerson({ ...taken, groups: [group.name] });
    const twin = { id: sampleId('grp'), name: group.name, members: [], createdAt: 1 };
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        index % 3 === 0 ? org.saveGroup(twin) : settings.set(`w5-${index}`, index),
      ),
    );
    expect(all.map(({ status }) => status)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(await settings.entries('w5-')).toHaveLength(20);
    expect((await org.person(taken.id))?.groups).toEqual([group.name]);
    expect((await org.groups()).filter(({ name }) => name === group.name)).toHaveLength(1);
  });

  test('[W3] after closing, writes say that the store is closed, and closing again does nothing', async () => {
    const store = open();
    await store.close();
    await expect(store.settings.set('late', 1)).rejects.toMatchObject({ code: 'shutting_down' });
    await store.close();
  });
}
