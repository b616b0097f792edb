import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@myriad/contracts';
import { afterAll, expect, test } from 'vitest';
import { startPostgres } from '../exam/postgres-server.exam.ts';
import { type KillReport, killLives } from './kill-lives.exam.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-kill-'));
const server = await startPostgres();

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

function expectNothingLost(report: KillReport): void {
  // Each life ends after its first acknowledged run, however slow the machine is.
  expect(report.acknowledged.runs).toBeGreaterThanOrEqual(report.kills);
  expect(report.acknowledged.events).toBeGreaterThan(0);
  expect(report.acknowledged.audit).toBeGreaterThan(0);
  expect(report.missing).toEqual([]);
  // A run that was booked but not yet acknowledged may be there too; the budget agrees with the runs to the micro.
  expect(report.runsThere).toBeGreaterThanOrEqual(report.acknowledged.runs);
  expect(report.spentMicros).toBe(3 * report.runsThere);
  expect(report.heldMicrosOfTheDead).toBe(0);
  expect(report.auditBrokenAt).toBeNull();
}

test('[W4] killed at 15 random moments, a node has every run, event and audit entry that it acknowledged, once', async () => {
  const data = join(root, 'sqlite');
  expectNothingLost(await killLives({ data, database: 'sqlite', kills: 15, longestMs: 250, random: systemRandom }));
}, 120_000);

test.skipIf(!server)(
  '[W4] the same of a node on PostgreSQL',
  async () => {
    const database = (await server?.freshDatabase()) as string;
    const data = join(root, 'postgres');
    expectNothingLost(await killLives({ data, database, kills: 3, longestMs: 250, random: systemRandom }));
  },
  120_000,
);
