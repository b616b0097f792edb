import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@myriad/contracts';
import BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../exam/postgres-server.exam.ts';
import { openStore } from '../open-store.ts';
import { openPostgres } from '../postgres/open-postgres.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import { migrations } from './index.ts';
import type { Migration } from './migration.ts';

const root = mkdtempSync(join(tmpdir(), 'myriad-migrate-'));
const server = await startPostgres();
const released = join(import.meta.dirname, '../../schema');
/** Versions that went out as the newest of their day: one has a snapshot when it is released, not when it is written. */
const releasedVersions = readdirSync(released).flatMap((name) =>
  name.endsWith('.sqlite.sql') ? [Number.parseInt(name, 10)] : [],
);
const newest = migrations.at(-1)?.version ?? 0;

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

function sqliteSchema(file: string): readonly unknown[] {
  const connection = new BetterSqlite3(file, { readonly: true });
  try {
    return connection.prepare(`select type, name, tbl_name, sql from sqlite_schema order by type, name`).all();
  } finally {
    connection.close();
  }
}

async function postgresSchema(url: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select table_name, column_name, data_type, is_nullable, collation_name from information_schema.columns
      where table_schema = 'public' union all
      select tablename, indexname, indexdef, '', '' from pg_indexes where schemaname = 'public' order by 1, 2, 3`,
  );
  await client.end();
  return rows;
}

const snapshotsOf = (version: number) =>
  ['postgres', 'sqlite'].map((kind) => `${String(version).padStart(4, '0')}.${kind}.sql`);

const next = (statements: readonly string[]): readonly Migration[] => [
  ...migrations,
  { version: newest + 1, name: 'next', statements: () => statements },
];

test('[M1] the first schema is among the released ones, and both stores have the same', () => {
  expect(releasedVersions).toContain(1);
  const names = readdirSync(released).sort();
  expect(names).toEqual(releasedVersions.flatMap((version) => snapshotsOf(version)).sort());
});

describe('sqlite', () => {
  const open = async (folder: string, all = migrations) => {
    mkdirSync(join(root, folder), { recursive: true });
    return openSqlite({ folder: join(root, folder), clock: systemClock, migrations: all });
  };

  test('[M1] every released schema, with its data, comes to the newest one, equal to a fresh one', async () => {
    await (await open('m1-fresh')).close();
    for (const version of releasedVersions) {
      const folder = `m1-${version}`;
      mkdirSync(join(root, folder));
      const old = new BetterSqlite3(join(root, folder, 'myriad.db'));
      old.exec(readFileSync(join(released, `${String(version).padStart(4, '0')}.sqlite.sql`), 'utf8'));
      old.close();
      const store = await openStore({ data: join(root, folder), database: 'sqlite', clock: systemClock });
      expect(await store.schemaVersion()).toBe(newest);
      expect(await store.settings.get('released')).toBe(version);
      expect((await store.apps.list({ tenant: 'default', search: '合同' })).items).toHaveLength(1);
      await store.close();
      expect(sqliteSchema(join(root, folder, 'myriad.db'))).toEqual(sqliteSchema(join(root, 'm1-fresh', 'myriad.db')));
    }
  });

  test('[M2] a newer schema is refused with both versions, and not touched', async () => {
    await (await open('m2', next(['create table "later" ("a" text)']))).close();
    const before = sqliteSchema(join(root, 'm2', 'myriad.db'));
    await expect(open('m2')).rejects.toMatchObject({
      code: 'migration_failed',
      facts: { current: newest + 1, newest },
    });
    expect(sqliteSchema(join(root, 'm2', 'myriad.db'))).toEqual(before);
  });

  test('[M3] a migration that fails leaves everything as it was, and can be tried again', async () => {
    await (await open('m3')).close();
    const before = sqliteSchema(join(root, 'm3', 'myriad.db'));
    const bad = next(['create table "half" ("a" text)', 'insert into "nowhere" values (1)']);
    await expect(open('m3', bad)).rejects.toMatchObject({ code: 'migration_failed' });
    expect(sqliteSchema(join(root, 'm3', 'myriad.db'))).toEqual(before);
    await (await open('m3', next(['create table "whole" ("a" text)']))).close();
  });
});

describe.skipIf(!server)('postgres', () => {
  const open = (url: string, all = migrations) => openPostgres({ url, clock: systemClock, migrations: all });

  test('[M1] every released schema, with its data, comes to the newest one, equal to a fresh one', async () => {
    const fresh = (await server?.freshDatabase()) as string;
    await (await open(fresh)).close();
    for (const version of releasedVersions) {
      const url = (await server?.freshDatabase()) as string;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(readFileSync(join(released, `${String(version).padStart(4, '0')}.postgres.sql`), 'utf8'));
      await client.end();
      const store = await openStore({ data: join(root, `pg-${version}`), database: url, clock: systemClock });
      expect(await store.schemaVersion()).toBe(newest);
      expect(await store.settings.get('released')).toBe(version);
      await store.close();
      expect(await postgresSchema(url)).toEqual(await postgresSchema(fresh));
    }
  });

  test('[M2] a newer schema is refused; [M3] a failing migration changes nothing', async () => {
    const url = (await server?.freshDatabase()) as string;
    await (await open(url)).close();
    const before = await postgresSchema(url);
    const bad = next(['create table "half" ("a" text)', 'insert into "nowhere" values (1)']);
    await expect(open(url, bad)).rejects.toMatchObject({ code: 'migration_failed' });
    expect(await postgresSchema(url)).toEqual(before);
    await (await open(url, next(['create table "later" ("a" text)']))).close();
    await expect(open(url)).rejects.toMatchObject({ code: 'migration_failed', facts: { current: newest + 1 } });
  });

  test('[M4] nodes that start at the same moment migrate one after another', async () => {
    const url = (await server?.freshDatabase()) as string;
    const nodes = await Promise.all([open(url), open(url), open(url)]);
    for (const node of nodes) await node.close();
  });
});
