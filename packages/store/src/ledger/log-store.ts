/** Exposures and KPI events in the order of their writing, for what is computed from them in a stream. */
import type { LogStore } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { eventNumber, insertExposure } from './log-order.ts';

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
    async unserved({ from, limit }) {
      const rows = await database.readSlowly(
        `select "answer"."createdAt" as "time", "answer"."status" as "status", "answer"."feedback" as "feedback",
          "asked"."text" as "text", "conversation"."appId" as "appId",
          "conversation"."ownerId" as "ownerId"
          from "message" as "answer" join "message" as "asked" on "asked"."id" = "answer"."parentId"
          join "conversation" on "conversation"."id" = "answer"."conversationId"
          where "answer"."role" = 'assistant' and "answer"."createdAt" >= ? and ("answer"."status" in ('error', 'refused')
          or "answer"."feedback" like '%"down"%' or "answer"."text" like 'Not found%'
          or "answer"."text" like '未找到%')
          order by "answer"."createdAt" desc limit ?`,
        [from, most(limit)],
      );
      return rows.map((row) => ({
        time: Number(row.time),
        text: String(row.text),
        appId: String(row.appId),
        personId: String(row.ownerId),
        reason: String(row.feedback ?? '').includes('"down"')
          ? ('thumbsDown' as const)
          : row.status === 'error' || row.status === 'refused'
            ? ('error' as const)
            : ('notFound' as const),
      }));
    },
  };
}
