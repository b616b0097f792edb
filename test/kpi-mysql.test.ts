/** KPI events from MySQL: its protocol everywhere, a real MariaDB where one is installed. */
import type { KpiSource, KpiSourcePreview, Problem, SaveKpiSource } from '@myriad/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMariadb } from './support/mariadb-server.ts';
import { type MysqlProtocolServer, startMysqlProtocol } from './support/mysql-protocol-server.ts';
import { call } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let protocol: MysqlProtocolServer;
const mariadb = await startMariadb();
if (!mariadb) console.warn('NOT TESTED: MariaDB itself, since no mariadbd is installed; its protocol is.');

beforeAll(async () => {
  [node, protocol] = await Promise.all([startNode(), startMysqlProtocol('reader')]);
});
afterAll(async () => {
  await node?.stop();
  await protocol?.stop();
  await mariadb?.stop();
});

const mapping = { id: 'id', unit: 'buyer', value: 'total', time: 'at' } as const;
const save = (name: string, body: SaveKpiSource) =>
  call<KpiSource & Problem>(node, `PUT /api/kpi/sources/${name}`, { body });
const run = async (name: string) =>
  (await call<KpiSource>(node, `POST /api/kpi/sources/${name}/run`, { body: {} })).body;

test('the protocol: read-only and in UTC, in order, on from the mark, an odd row named', async () => {
  const { database, heard } = protocol;
  database.exec('create table orders (id integer primary key, buyer text, total real, at text)');
  database.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into orders
    select i, 'user-' || (i % 7), i / 4.0, strftime('%Y-%m-%d %H:%M:%f', '2026-11-01', '+' || i || ' seconds') from n`);
  const body: SaveKpiSource = {
    ...{ kind: 'mysql', address: `mysql://reader@127.0.0.1:${protocol.port}/shop`, everyMinutes: 0 },
    ...{ sql: 'select * from orders', mapping: { ...mapping, kpi: { name: 'mysql_orders' } } },
  };
  const preview = await call<KpiSourcePreview & Problem>(node, 'POST /api/kpi/sources/my-orders/test', { body });
  expect(preview.body.rows).toHaveLength(20);
  expect(preview.body.rows[1]?.event).toEqual({
    ...{ id: 'my-orders:2', kpi: 'mysql_orders', unit: 'user-2', value: 0.5, time: Date.UTC(2026, 10, 1, 0, 0, 2) },
  });
  await save('my-orders', body);
  expect((await run('my-orders')).lastRun).toMatchObject({ ok: true, message: null, rows: 5_000, accepted: 5_000 });
  expect(heard).toContain("set time_zone = '+00:00'");
  expect(heard.indexOf('start transaction read only')).toBeLessThan(heard.findIndex((sql) => sql.startsWith('select')));
  database.exec(
    `insert into orders values (5001, 'user-1', 1, '2026-11-02 00:00:00'), (5002, null, 1, '2026-11-02 00:00:01')`,
  );
  expect((await run('my-orders')).lastRun).toMatchObject({
    ...{ ok: true, rows: 3, accepted: 1, duplicates: 1, rejected: 1, message: expect.stringContaining('unit') },
  });
});

test('the protocol: a refused query, a refused user, a silent server and a cut connection are told as they are', async () => {
  const address = `mysql://reader@127.0.0.1:${protocol.port}/shop`;
  const body: SaveKpiSource = {
    ...{ kind: 'mysql', address, everyMinutes: 0, sql: 'select * from orders' },
    mapping: { ...mapping, kpi: { name: 'mysql_more' }, watermark: 'id' },
  };
  const lastOf = async (name: string, change: SaveKpiSource) => {
    expect((await save(name, { ...body, ...change })).status).toBe(200);
    return (await run(name)).lastRun;
  };
  expect(await lastOf('my-table', { sql: 'select * from nowhere' })).toMatchObject({
    ...{ ok: false, message: expect.stringContaining('refused the query: no such table: nowhere') },
  });
  const other = address.replace('reader', 'other');
  expect((await lastOf('my-user', { address: other }))?.message).toContain('refused the sign-in');
  protocol.next('silence');
  expect((await lastOf('my-silent', { timeoutMs: 300 }))?.message).toContain('after 300 ms');
  protocol.next('cut');
  const cut = await lastOf('my-cut', {});
  expect(cut).toMatchObject({ ok: false, message: expect.stringContaining('cannot be reached') });
  protocol.next('rows');
  expect((await run('my-cut')).lastRun).toMatchObject({ ok: true, rejected: 1, message: expect.any(String) });
  const { items } = (await call<{ items: { kpi: string; events: number }[] }>(node, 'GET /api/kpi')).body;
  expect(items.find(({ kpi }) => kpi === 'mysql_more')?.events).toBe(5_001);
});

test.skipIf(!mariadb)(
  'MariaDB: decimals, times, long ids, a role that may only read, a slow query stopped',
  async () => {
    const { port, run: sql } = mariadb as NonNullable<typeof mariadb>;
    sql(`create database shop character set utf8mb4; use shop;
    create table orders (id bigint unsigned primary key, buyer varchar(40), total decimal(12,2), at datetime(3));
    insert into orders select 9007199254740000 + seq, concat('用户-', seq % 7), seq / 4, '2026-11-01' + interval seq second
      from seq_1_to_5000;
    create user 'reader'@'%' identified by 'hush-hush'; grant select on shop.* to 'reader'@'%';`);
    const body: SaveKpiSource = {
      ...{ kind: 'mysql', address: `mysql://reader@127.0.0.1:${port}/shop`, password: 'hush-hush', everyMinutes: 0 },
      ...{ sql: 'select * from orders', mapping: { ...mapping, kpi: { name: 'maria_orders' } }, overlap: 60_000 },
    };
    const preview = await call<KpiSourcePreview>(node, 'POST /api/kpi/sources/maria/test', { body });
    expect(preview.body.rows[1]?.event).toEqual({
      ...{ id: 'maria:9007199254740002', kpi: 'maria_orders', unit: '用户-2', value: 0.5 },
      time: Date.UTC(2026, 10, 1, 0, 0, 2),
    });
    await save('maria', body);
    expect((await run('maria')).lastRun).toMatchObject({ ok: true, message: null, rows: 5_000, accepted: 5_000 });
    // 60 seconds before the mark are read again: a row that was committed late is found.
    sql(`insert into shop.orders values (1, 'late', 1, '2026-11-01 01:23:00'), (2, null, 1, '2026-11-02')`);
    expect((await run('maria')).lastRun).toMatchObject({
      ok: true,
      rows: 63,
      accepted: 1,
      duplicates: 61,
      rejected: 1,
    });
    // By id: a number that a double cannot hold keeps its place.
    await save('maria-id', {
      ...body,
      overlap: 0,
      mapping: { ...mapping, watermark: 'id', kpi: { name: 'maria_ids' } },
    });
    await run('maria-id');
    expect((await run('maria-id')).lastRun).toMatchObject({ ok: true, rows: 1, duplicates: 1 });

    sql(`use shop; grant all on shop.* to 'reader'@'%';
delimiter //
    create function harm() returns int modifies sql data begin delete from orders; return 1; end //
delimiter ;`);
    await save('maria-write', { ...body, sql: 'select *, harm() as x from orders' });
    expect((await run('maria-write')).lastRun).toMatchObject({
      ok: false,
      message: expect.stringMatching(/READ ONLY/i),
    });
    await save('maria-slow', { ...body, sql: 'select *, sleep(5) as x from orders', timeoutMs: 500 });
    expect((await run('maria-slow')).lastRun?.message).toContain('after 500 ms');
    await save('maria-who', { ...body, password: 'wrong' });
    expect((await run('maria-who')).lastRun?.message).toContain('refused the sign-in');
    await save('maria-write', {
      ...body,
      sql: 'select count(*) as id, 1 as buyer, 1 as total, now() as at from orders',
    });
    const kept = await call<KpiSourcePreview>(node, 'POST /api/kpi/sources/maria-write/test', { body: {} });
    expect(kept.body.rows[0]?.row.id).toBe('5002');
  },
);
