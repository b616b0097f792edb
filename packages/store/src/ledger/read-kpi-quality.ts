import type { KpiQuality } from '@myriad/contracts';
import type { Database } from '../database/database.ts';

const rejected = 'rejected:';

/** The counts of each KPI, and its newest event by its own time. */
export async function readKpiQuality(database: Database, tenant: string): Promise<readonly KpiQuality[]> {
  const rows = await database.query.selectFrom('kpiQuality').selectAll().where('tenant', '=', tenant).execute();
  const names = [...new Set(rows.map(({ kpi }) => kpi))].sort();
  return Promise.all(
    names.map(async (kpi) => {
      const of = rows.filter((row) => row.kpi === kpi);
      const newest = await database.query
        .selectFrom('kpiEvent')
        .select(['time', 'receivedAt'])
        .where('tenant', '=', tenant)
        .where('kpi', '=', kpi)
        .orderBy('time', 'desc')
        .limit(1)
        .executeTakeFirst();
      const count = (measure: string) => Number(of.find((row) => row.measure === measure)?.count ?? 0);
      const received = of.filter(({ measure }) => measure === 'accepted').map(({ lastAt }) => Number(lastAt));
      return {
        kpi,
        accepted: count('accepted'),
        duplicates: count('duplicates'),
        late: count('late'),
        ahead: count('ahead'),
        corrections: count('corrections'),
        rejected: of
          .filter(({ measure }) => measure.startsWith(rejected))
          .map(({ measure, count: times, sample, lastAt }) => ({
            code: measure.slice(rejected.length),
            count: Number(times),
            sample: sample ?? '',
            lastAt: Number(lastAt),
          })),
        lastReceivedAt: received[0] ?? null,
        lastTime: newest ? Number(newest.time) : null,
        lagMs: newest ? Number(newest.receivedAt) - Number(newest.time) : null,
      };
    }),
  );
}
