/** The one order over exposures and KPI events: how it is written. Reading it is in `log-store.ts`. */
import type { Exposure } from '@myriad/contracts';
import type { Statement } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { quoted, statement } from '../database/statements.ts';
import { exposureCodec } from '../records/codecs.ts';

/** Column that numbers KPI events in the order of their writing. */
export const eventNumber = (kind: Dialect['kind']): string => (kind === 'sqlite' ? 'rowid' : 'seq');

/**
 * Must stand before a write that takes numbers. SQLite has one writer; on PostgreSQL transactions that take numbers wait
 * for each other, so that numbers become visible in their order and a reader never passes one by.
 */
export function holdLogOrder(kind: Dialect['kind']): readonly Statement[] {
  return kind === 'sqlite' ? [] : [statement('select pg_advisory_xact_lock(7264182630)')];
}

/** Adds an exposure, numbered, unless the unit was exposed before. */
export function insertExposure(kind: Dialect['kind'], exposure: Exposure): readonly Statement[] {
  const row = exposureCodec.encode(exposure);
  const columns = Object.keys(row);
  const sql = `insert into "exposure" (${columns.map(quoted).join(', ')}, "seq", "afterEvent") values (${columns
    .map(() => '?')
    .join(', ')}, (select coalesce(max("seq"), 0) + 1 from "exposure"),
    (select coalesce(max(${eventNumber(kind)}), 0) from "kpiEvent")) on conflict do nothing`;
  return [...holdLogOrder(kind), statement(sql, Object.values(row))];
}
