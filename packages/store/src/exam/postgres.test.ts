import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@myriad/contracts';
import { afterAll, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { describeStore, startPostgres } from './describe-store.exam.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-store-'));
const server = await startPostgres();
let opened = 0;

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

if (server) {
  describeStore('postgres', async () => {
    opened += 1;
    return openStore({
      data: join(root, String(opened)),
      database: await server.freshDatabase(),
      clock: systemClock,
    });
  });
} else {
  console.warn(`NOT RUN: the exam on PostgreSQL. There is no embedded server for ${process.platform}-${process.arch}.`);
  test.skip('the exam on PostgreSQL: no embedded server for this platform', () => {});
}
