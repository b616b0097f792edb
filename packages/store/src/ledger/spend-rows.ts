import type { LedgerStore, SpendRow } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { quarterMs } from './settle-batch.ts';

type SpendQuery = Parameters<LedgerStore['spend']>[0];

const dayMs = 86_400_000;
const sums = ['costMicros', 'runs', 'inputTokens', 'outputTokens', 'unpricedRuns'] as const;
type Sum = (typeof sums)[number];
type Row = { readonly bucket: number; readonly group: string | null; readonly currency: string } & {
  readonly [name in Sum]: number | string;
};

const groupColumn = { app: 'appName', model: 'model', person: 'personId', key: 'keyId' } as const;

/**
 * Spending of [from, to) by bucket and group, in the order of time. Whole quarters of an hour come from the sums kept at
 * each settlement; a part of a quarter at either end is summed from the runs themselves, so any range is exact.
 * `group` is the app's name, the model's name, or an id; '' for runs without one.
 */
export async function spendRows(database: Database, query: SpendQuery): Promise<readonly SpendRow[]> {
  if (!(query.from <= query.to)) {
    throw new MyriadError('invalid_request', `The range ends (${query.to}) before it begins (${query.from}).`);
  }
  const firstWhole = Math.ceil(query.from / quarterMs) * quarterMs;
  const lastWhole = Math.floor(query.to / quarterMs) * quarterMs;
  const ranges =
    firstWhole >= lastWhole
      ? [summed(database, query, 'run', query.from, query.to)]
      : [
          summed(database, query, 'run', query.from, firstWhole),
          summed(database, query, 'spend', firstWhole, lastWhole),
          summed(database, query, 'run', lastWhole, query.to),
        ];
  return merged((await Promise.all(ranges)).flat(), query);
}

async function summed(database: Database, query: SpendQuery, from: 'run' | 'spend', start: number, end: number) {
  if (start >= end) return [];
  const time = sql.ref(from === 'run' ? 'startedAt' : 'quarter');
  const offsetMs = (query.timeZoneOffsetMinutes ?? 0) * 60_000;
  // Months are not all of one length, so they are put together from days below.
  const widthMs = query.bucket === 'hour' ? 3_600_000 : dayMs;
  const bucket =
    query.bucket === 'total' ? sql.lit(0) : sql`${time} - ((${time} + ${sql.lit(offsetMs)}) % ${sql.lit(widthMs)})`;
  const group = groupOf(query.groupBy);
  const values =
    from === 'spend'
      ? sql`sum("costMicros") as "costMicros", sum("runs") as "runs", sum("unpricedRuns") as "unpricedRuns"`
      : sql`sum(coalesce("costMicros", "pricedMicros")) as "costMicros", count(*) as "runs",
          sum(case when "costMicros" is null then 1 else 0 end) as "unpricedRuns"`;
  const { rows } = await sql<Row>`
    select ${bucket} as "bucket", ${group} as "group", "currency", ${values}, sum("inputTokens") as "inputTokens",
      sum("outputTokens") as "outputTokens"
    from ${sql.table(from)} where "tenant" = ${query.tenant} and ${time} >= ${start} and ${time} < ${end}
    group by 1, 2, 3`.execute(database.query);
  return rows;
}

function groupOf(groupBy: SpendQuery['groupBy']) {
  if (groupBy === 'none') return sql.lit('');
  // names of apps hold no bar
  if (groupBy === 'appModel') return sql`"appName" || '|' || coalesce("model", '')`;
  return sql.ref(groupColumn[groupBy]);
}

function merged(rows: readonly Row[], query: SpendQuery): readonly SpendRow[] {
  const offsetMs = (query.timeZoneOffsetMinutes ?? 0) * 60_000;
  const all = new Map<string, { time: number; group: string; currency: string } & Record<Sum, number>>();
  for (const row of rows) {
    const time = startOfBucket(row.bucket, query, offsetMs);
    const group = row.group ?? '';
    const key = JSON.stringify([time, group, row.currency]);
    const none = { costMicros: 0, runs: 0, inputTokens: 0, outputTokens: 0, unpricedRuns: 0 };
    const sum = all.get(key) ?? { time, group, currency: row.currency, ...none };
    for (const name of sums) sum[name] += Number(row[name]);
    all.set(key, sum);
  }
  return [...all.values()].sort(
    (left, right) =>
      left.time - right.time || right.costMicros - left.costMicros || (left.group < right.group ? -1 : 1),
  );
}

function startOfBucket(bucket: number, query: SpendQuery, offsetMs: number): number {
  if (query.bucket === 'total') return query.from;
  if (query.bucket !== 'month') return bucket;
  const local = new Date(bucket + offsetMs);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - offsetMs;
}
