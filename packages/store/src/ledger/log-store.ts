/** Exposures and KPI events in the order of their writing, for what is computed from them in a stream. */
import type { LogStore } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { eventNumber, insertExposure } from './log-order.ts';
import { readUnserved } from './read-unserved.ts';

const largestRead = 20_000;

export function createLogStore(database: Database): LogStore {
  const number = eventNumber(database.dialect.kind);
  const most = (limit: number) => Math.min(Math.max(1, Math.trunc(limit)), largestRead);
  /** A look at the index, on the serving connection: who follows an idle log must not keep a thread awake for it. */
  const endsAt = async (table: string, column: string, after: number): Promise<boolean> => {
    const look = sql`select 1 from ${sql.table(table)} where ${sql.raw(column)} > ${after} limit 1`;
    return (await look.execute(database.query)).rows.length === 0;
  };
  return {
    async events({ after, limit }) {
      if (await endsAt('kpiEvent', number, after)) return [];
      const rows = await database.readSlowly(
        `select ${number} as "sequence", "tenant", "id", "kpi", "unit", "value", "time", "receivedAt" from "kpiEvent"
          where ${number} > ? order by ${number} limit ?`,
        [after, most(limit)],
      );
      return rows.map((row) => ({
        sequence: Number(row.sequence),
        tenant: String(row.tenant),
        id: String(row.id),
        kpi: String(row.kpi),
        unit: String(row.unit),
        value: Number(row.value),
        time: Number(row.time),
        receivedAt: Number(row.receivedAt),
      }));
    },
    async exposures({ after, limit }) {
      if (await endsAt('exposure', '"seq"', after)) return [];
      const rows = await database.readSlowly(
        `select "seq", "afterEvent", "experiment", "appId", "version", "unit", "assigned", "delivered", "runId", "time"
          from "exposure" where "seq" > ? order by "seq" limit ?`,
        [after, most(limit)],
      );
      return rows.map((row) => ({
        sequence: Number(row.seq),
        afterEvent: Number(row.afterEvent),
        experiment: String(row.experiment),
        appId: String(row.appId),
        version: row.version === null ? null : String(row.version),
        unit: String(row.unit),
        assigned: String(row.assigned),
        delivered: String(row.delivered),
        runId: String(row.runId),
        time: Number(row.time),
      }));
    },
    async expose(exposure) {
      const results = await database.write(insertExposure(database.dialect.kind, exposure));
      return results.at(-1)?.changes === 1;
    },
    unserved: ({ from, limit }) => readUnserved(database, from, most(limit)),
  };
}
