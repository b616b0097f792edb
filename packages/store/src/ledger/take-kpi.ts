/** One delivery of facts: events once by id, corrections as differences, counts of all, a source's mark; one transaction. */
import type { KpiIntake, KpiTaken } from '@myriad/contracts';
import type { Cascade, Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { statement, updateRows } from '../database/statements.ts';
import { holdLogOrder } from './log-order.ts';

const columns = ['tenant', 'id', 'kpi', 'unit', 'value', 'time', 'receivedAt', 'source'];
const lateMs = 86_400_000;
const late = 1;
const ahead = 2;

const count = `insert into "kpiQuality" ("tenant", "kpi", "measure", "count", "lastAt", "sample")
  values (?, ?, ?, ?, ?, ?) on conflict ("tenant", "kpi", "measure") do update set
  "count" = "kpiQuality"."count" + excluded."count", "lastAt" = excluded."lastAt", "sample" = excluded."sample"`;

/**
 * The difference to what the event and its corrections add up to now, under the event's own KPI, unit and time. Writers
 * go one after another, so two corrections of one event never take the same sum.
 */
const correct = `insert into "kpiEvent" ("tenant", "id", "kpi", "unit", "value", "time", "receivedAt", "source", "corrects")
  select "first"."tenant", cast(? as text), "first"."kpi", "first"."unit", cast(? as double precision) - (select
    sum("each"."value") from "kpiEvent" as "each" where "each"."tenant" = "first"."tenant" and ("each"."id" = "first"."id"
    or "each"."corrects" = "first"."id")), "first"."time", cast(? as bigint), cast(? as text), "first"."id"
  from "kpiEvent" as "first" where "first"."tenant" = ? and "first"."id" = ? and "first"."corrects" is null
  on conflict do nothing`;
const countCorrection = `insert into "kpiQuality" ("tenant", "kpi", "measure", "count", "lastAt", "sample")
  select "tenant", "kpi", 'corrections', count(*), cast(? as bigint), null from "kpiEvent" where "tenant" = ? and
  "corrects" is not null and "kpi" = (select "kpi" from "kpiEvent" where "tenant" = ? and "id" = ?) group by "tenant", "kpi"
  on conflict ("tenant", "kpi", "measure") do update set "count" = excluded."count", "lastAt" = excluded."lastAt"`;
const isThere = `select "id" from "kpiEvent" where "tenant" = ? and "id" = ? and "corrects" is null`;

export async function takeKpi(database: Database, intake: KpiIntake): Promise<KpiTaken> {
  const { tenant, receivedAt, source, events, corrections = [], rejected = [], reader } = intake;
  const moved = reader
    ? [
        updateRows(
          'kpiSource',
          { watermark: reader.watermark },
          { id: reader.id },
          { changes: 1, code: 'not_found', message: 'The source was removed meanwhile.' },
        ),
      ]
    : [];
  const counted = rejected.map(({ kpi, code, count: times, sample }) =>
    statement(count, [tenant, kpi, `rejected:${code}`, times, receivedAt, sample]),
  );
  const written: (Statement | Cascade)[] = events.length > 0 ? [eventsOf(intake)] : [];
  const before = written.length;
  for (const { id, corrects, value } of corrections)
    written.push(
      statement(correct, [id, value, receivedAt, source, tenant, corrects]),
      statement(isThere, [tenant, corrects]),
    );
  const kpis = new Set<string>();
  for (const { corrects } of corrections) {
    if (kpis.has(corrects)) continue;
    kpis.add(corrects);
    written.push(statement(countCorrection, [receivedAt, tenant, tenant, corrects]));
  }
  if (written.length + counted.length + moved.length === 0) return { duplicates: [], corrections: [] };
  const hold = holdLogOrder(database.dialect.kind);
  const results = (await database.write([...hold, ...written, ...counted, ...moved])).slice(hold.length);
  const skipped = before === 1 ? (results[0]?.skipped ?? []) : [];
  return {
    duplicates: skipped.map((index) => events[index]?.id as string),
    corrections: corrections.map((_, index) => {
      if (results[before + 2 * index]?.changes === 1) return 'taken';
      return results[before + 2 * index + 1]?.changes === 1 ? 'duplicate' : 'unknown';
    }),
  };
}

function eventsOf({ tenant, receivedAt, source, events }: KpiIntake): Cascade {
  const rowMarks = new Uint8Array(events.length);
  const none: readonly never[] = [];
  const rows = events.map(({ id, kpi, unit, value, time }, index) => {
    rowMarks[index] = (receivedAt - time > lateMs ? late : 0) | (time > receivedAt ? ahead : 0);
    return { values: [tenant, id, kpi, unit, value, time, receivedAt, source], dependents: none };
  });
  return {
    kind: 'cascade',
    table: 'kpiEvent',
    columns,
    identity: ['tenant', 'id'],
    dependents: [],
    rows,
    tally: {
      sql: count,
      before: [tenant],
      after: [receivedAt, null],
      groupPlace: 2,
      added: 'accepted',
      skipped: 'duplicates',
      marks: ['late', 'ahead'],
      rowMarks,
    },
  };
}
