/** KPI events by SQL: a real PostgreSQL, real SQLite and DuckDB files. MySQL and MariaDB: `kpi-mysql.test.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KpiSource, KpiSourcePreview, Problem, SaveKpiSource } from '@myriad/contracts';
import { startPostgres } from '@myriad/store/exam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importDuckdb } from '../packages/server/src/kpi-sources/import-duckdb.ts';
import { call } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

const fromStore = createRequire(join(import.meta.dirname, '../packages/store/package.json'));
const pg = fromStore('pg') as typeof import('pg');
const BetterSqlite3 = fromStore('better-sqlite3') as typeof import('better-sqlite3');
const folder = mkdtempSync(join(tmpdir(), 'myriad-sources-'));
const postgres = await startPostgres();
let node: RunningNode;

beforeAll(async () => {
  node = await startNode();
});
afterAll(async () => {
  await node?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const mapping = { id: 'id', kpi: { name: 'orders' }, unit: 'buyer', value: 'total', time: 'at' } as const;
const save = (name: string, body: SaveKpiSource) =>
  call<KpiSource & Problem>(node, `PUT /api/kpi/sources/${name}`, { body });
const run = (name: string, again = false) =>
  call<KpiSource>(node, `POST /api/kpi/sources/${name}/run`, { body: { again } }).then(({ body }) => body);
const eventsOf = async (kpi: string) =>
  (await call<{ items: { kpi: string; events: number }[] }>(node, 'GET /api/kpi')).body.items.find(
    (row) => row.kpi === kpi,
  )?.events ?? 0;

test.skipIf(!postgres)(
  'PostgreSQL: read in order, on from the mark, late rows by overlap, and never written',
  async () => {
    const address = await (postgres as NonNullable<typeof postgres>).freshDatabase();
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query('create table orders (id bigint primary key, buyer text, total numeric(10,2), at timestamptz)');
    await client.query(
      `insert into orders select n, 'user-' || n % 7, n / 4.0, now() - interval '1 hour' + n * interval '100 ms' from generate_series(1, 5000) n`,
    );
    const body = {
      kind: 'postgres',
      address,
      sql: 'select * from orders -- all',
      mapping,
      everyMinutes: 0,
      overlap: 60_000,
    } as const;
    const preview = await call<KpiSourcePreview>(node, 'POST /api/kpi/sources/pg-orders/test', { body });
    expect(preview.body.rows).toHaveLength(20);
    expect(preview.body.rows[0]?.event).toMatchObject({
      id: 'pg-orders:1',
      kpi: 'orders',
      unit: 'user-1',
      value: 0.25,
    });
    expect(await eventsOf('orders')).toBe(0);
    expect((await save('pg-orders', body)).status).toBe(200);
    expect((await run('pg-orders')).lastRun).toMatchObject({ ok: true, rows: 5_000, accepted: 5_000, rejected: 0 });
    // one row newer than the mark, one that was committed late under an older one, one that cannot be an event
    await client.query(`insert into orders values (5001, 'user-1', 1, now()), (5003, null, 1, now()),
    (5002, 'user-2', 1, (select max(at) - interval '30 seconds' from orders where id <= 5000))`);
    const second = (await run('pg-orders')).lastRun;
    expect(second).toMatchObject({ ok: true, accepted: 2, rejected: 1, message: expect.stringContaining('unit') });
    expect(second?.rows).toBeLessThan(1_000);
    expect((await run('pg-orders', true)).lastRun).toMatchObject({ accepted: 0, duplicates: 5_002 });

    const write = 'select * from (with gone as (delete from orders returning *) select * from gone) x';
    expect((await save('pg-write', { ...body, sql: write })).body.detail).toContain('"delete" is not allowed');
    await client.query(
      `create function harm() returns setof orders language sql as $$ update orders set total = 0 returning * $$`,
    );
    await save('pg-write', { ...body, sql: 'select * from harm()' });
    expect((await run('pg-write')).lastRun).toMatchObject({ ok: false, message: expect.stringContaining('read-only') });
    await save('pg-slow', { ...body, sql: 'select *, pg_sleep(30) from orders', timeoutMs: 300 });
    expect((await run('pg-slow')).lastRun).toMatchObject({
      ok: false,
      message: expect.stringContaining('after 300 ms'),
    });
    const { rows } = await client.query('select count(*)::int as n, sum(total)::float as s from orders');
    expect(rows).toEqual([{ n: 5_003, s: expect.closeTo((5_000 * 5_001) / 8 + 3, 3) }]);
    await client.end();
  },
);

test.skipIf(!postgres)(
  'a node killed while it reads goes on at the next start: nothing lost, nothing twice',
  async () => {
    const address = await (postgres as NonNullable<typeof postgres>).freshDatabase();
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query('create table orders (id bigint primary key, buyer text, total float8, at timestamptz)');
    await client.query(
      `insert into orders select n, 'u', 1, now() - interval '1 day' from generate_series(1, 60000) n`,
    );
    const byId = { ...mapping, kpi: { name: 'killed_orders' }, watermark: 'id' };
    await save('pg-killed', { kind: 'postgres', address, sql: 'select * from orders', mapping: byId, everyMinutes: 0 });
    const reading = call(node, 'POST /api/kpi/sources/pg-killed/run', { body: {} }).catch(() => null);
    while ((await eventsOf('killed_orders')) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await node.kill();
    await reading;
    node = await startNode({ data: node.data });
    const [source] = (await call<{ items: KpiSource[] }>(node, 'GET /api/kpi/sources')).body.items.filter(
      ({ name }) => name === 'pg-killed',
    );
    const kept = await eventsOf('killed_orders');
    expect(kept).toBe(Number(JSON.parse(source?.watermark ?? '"0"')));
    const after = (await run('pg-killed')).lastRun;
    expect(after?.accepted).toBe(60_000 - kept);
    expect(await eventsOf('killed_orders')).toBe(60_000);
    await client.end();
  },
);

test('an SQLite file: opened for reading, times in seconds, a long query ended', async () => {
  const address = join(folder, 'shop.db');
  const file = new BetterSqlite3(address);
  file.exec('create table sales (id integer primary key, buyer text, kind text, total real, at integer)');
  const insert = file.prepare('insert into sales values (?, ?, ?, ?, ?)');
  const start = Math.floor(Date.now() / 1_000) - 10_000;
  file.exec('begin');
  for (let id = 1; id <= 3_000; id += 1)
    insert.run(id, `user-${id % 5}`, id % 2 ? 'lite_sales' : 'lite_returns', id, start + id);
  file.exec('commit');
  const sql = 'select * from sales';
  const columns = { ...mapping, kpi: { column: 'kind' }, timeUnit: 's', watermark: 'id' } as const;
  const body = { kind: 'sqlite', address, sql, mapping: columns, everyMinutes: 0 } as const;
  await save('shop-file', body);
  expect(await run('shop-file')).toMatchObject({ watermark: '3000', lastRun: { ok: true, accepted: 3_000 } });
  insert.run(3_001, 'user-1', 'lite_sales', 1, start + 3_001);
  expect((await run('shop-file')).lastRun).toMatchObject({ rows: 2, accepted: 1, duplicates: 1 });
  expect([await eventsOf('lite_sales'), await eventsOf('lite_returns')]).toEqual([1_501, 1_500]);
  const endless =
    'with recursive n(id) as (select 1 union all select id + 1 from n) select max(id) id, 1 buyer, 1 total, 1 at, 1 kind from n';
  await save('shop-endless', { ...body, sql: endless, timeoutMs: 500 });
  expect((await run('shop-endless')).lastRun).toMatchObject({
    ok: false,
    message: expect.stringContaining('was ended'),
  });
  await save('shop-gone', { ...body, address: join(folder, 'none.db') });
  expect((await run('shop-gone')).lastRun?.message).toContain('cannot be opened');
  file.close();
});

/** Not installed by `npm ci` because of its size: `npm install --no-save @duckdb/node-api@1.5.6-r.1` lets this run. */
const duckdb = await importDuckdb().catch(() => null);
if (!duckdb) console.warn('NOT TESTED: DuckDB files, since @duckdb/node-api is not installed.');

test('a DuckDB source is read, or says which package to add', async () => {
  const { body } = await call<{ kinds: { kind: string; missing: string | null }[] }>(node, 'GET /api/kpi/sources');
  const missing = body.kinds.find(({ kind }) => kind === 'duckdb')?.missing;
  expect(missing).toEqual(duckdb ? null : expect.stringContaining('npm install --no-save @duckdb/node-api'));
  const tried = await call<Problem>(node, 'POST /api/kpi/sources/duck-none/test', {
    body: { kind: 'duckdb', address: join(folder, 'none.duckdb'), sql: 'select 1', mapping },
  });
  expect(tried.body.code).toBe(duckdb ? 'not_found' : 'capability_unavailable');
});

test.skipIf(!duckdb)('a DuckDB file: opened for reading, with nothing else in reach', async () => {
  const { DuckDBInstance } = duckdb as NonNullable<typeof duckdb>;
  const address = join(folder, 'shop.duckdb');
  const instance = await DuckDBInstance.create(address);
  const connection = await instance.connect();
  await connection.run(`create table sales as select range as id, 'user-' || (range % 5) as buyer, range::decimal(12,2) / 2 as total,
    timestamp '2026-11-01 00:00:00' + to_seconds(range) as at from range(5000)`);
  connection.closeSync();
  instance.closeSync();
  const body = {
    kind: 'duckdb',
    address,
    sql: 'select * from sales',
    mapping: { ...mapping, kpi: { name: 'duck_sales' } },
    everyMinutes: 0,
  } as const;
  await save('duck', body);
  expect((await run('duck')).lastRun).toMatchObject({ ok: true, message: null, accepted: 5_000 });
  expect((await run('duck')).lastRun).toMatchObject({ rows: 1, duplicates: 1 });
  const outside = `select 1 id, content buyer, 1 total, 1 as "at" from read_text('/etc/hostname')`;
  const tried = await call<Problem>(node, 'POST /api/kpi/sources/duck-outside/test', {
    body: { ...body, sql: outside },
  });
  expect([tried.status, tried.body.detail]).toEqual([400, expect.stringMatching(/disabled/i)]);
});

test('who is no operator reaches no database, and no answer holds a password', async () => {
  const secret = {
    kind: 'mysql',
    address: 'mysql://reader:hush-hush@127.0.0.1:1/shop',
    sql: 'select * from o',
    mapping,
    everyMinutes: 0,
  } as const;
  const saved = (await save('mysql-orders', secret)).body;
  expect([saved.address, saved.passwordSource]).toEqual(['mysql://reader@127.0.0.1:1/shop', 'sealed']);
  expect((await run('mysql-orders')).lastRun).toMatchObject({
    ok: false,
    message: expect.stringContaining('cannot be reached'),
  });
  const all = await call(node, 'GET /api/kpi/sources');
  expect(JSON.stringify(all.body)).not.toContain('hush-hush');
  expect((await call(node, 'GET /api/kpi/sources', { key: null })).status).toBe(401);
  const body = { kind: 'mysql', address: 'mysql://x@169.254.169.254/latest', sql: 'select 1', mapping };
  expect((await call<Problem>(node, 'PUT /api/kpi/sources/cloud', { body })).body.code).toBe('address_blocked');
  for (const sql of ['select 1; drop table x', 'update x set a = 1', "select 'open", 'select 1) x; select (1'])
    expect((await call(node, 'PUT /api/kpi/sources/bad', { body: { ...body, sql } })).status).toBe(400);
  expect((await call(node, 'DELETE /api/kpi/sources/mysql-orders')).status).toBe(200);
  expect((await call(node, 'POST /api/kpi/sources/mysql-orders/run', { body: {} })).status).toBe(404);
});
