/** Facts of the business about units, each kept once. */
import type { KpiStore } from '@myriad/contracts';
import type { Cascade } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { kpiEventCodec } from '../records/codecs.ts';
import { createKpiSources } from './kpi-sources.ts';
import { holdLogOrder } from './log-order.ts';
import { readKpiQuality } from './read-kpi-quality.ts';
import { takeKpi } from './take-kpi.ts';

const columns = ['tenant', 'id', 'kpi', 'unit', 'value', 'time', 'receivedAt', 'source'];

export function createKpiStore(database: Database): KpiStore {
  return {
    async append(events) {
      if (events.length === 0) return { duplicates: [] };
      const cascade: Cascade = {
        kind: 'cascade',
        table: 'kpiEvent',
        columns,
        identity: ['tenant', 'id'],
        dependents: [],
        rows: events.map(({ tenant, id, kpi, unit, value, time, receivedAt, source }) => ({
          values: [tenant, id, kpi, unit, value, time, receivedAt, source],
          dependents: [],
        })),
      };
      const result = (await database.write([...holdLogOrder(database.dialect.kind), cascade])).at(-1);
      return { duplicates: (result?.skipped ?? []).map((index) => events[index]?.id as string) };
    },
    take: (intake) => takeKpi(database, intake),
    quality: (tenant) => readKpiQuality(database, tenant),
    ...createKpiSources(database),
    async list(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [number, string]>(wanted, [0, '']);
      let select = database.query
        .selectFrom('kpiEvent')
        .select(kpiEventCodec.columns)
        .where('tenant', '=', wanted.tenant);
      if (wanted.kpi !== undefined) select = select.where('kpi', '=', wanted.kpi);
      if (wanted.unit !== undefined) select = select.where('unit', '=', wanted.unit);
      if (wanted.from !== undefined) select = select.where('time', '>=', wanted.from);
      if (wanted.to !== undefined) select = select.where('time', '<', wanted.to);
      if (cursor) {
        select = select.where((condition) =>
          condition(condition.refTuple('time', 'id'), '>', condition.tuple(cursor[0], cursor[1])),
        );
      }
      const rows = await select
        .orderBy('time')
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ time, id }) => [time, id], kpiEventCodec.decode);
    },
    async summary(tenant) {
      const rows = await database.readSlowly(
        `select "kpi", count(*) as "events", count(distinct "unit") as "units", min("time") as "firstTime",
          max("time") as "lastTime" from "kpiEvent" where "tenant" = ? group by "kpi" order by "kpi"`,
        [tenant],
      );
      return rows.map((row) => ({
        kpi: String(row.kpi),
        events: Number(row.events),
        units: Number(row.units),
        firstTime: Number(row.firstTime),
        lastTime: Number(row.lastTime),
      }));
    },
  };
}
