import type { KpiStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow } from '../database/statements.ts';
import { kpiSourceCodec } from '../records/codecs.ts';

/** Definitions of what is read by SQL. The mark of each is moved by `take`, with the events. */
export function createKpiSources(database: Database): Pick<KpiStore, 'sources' | 'saveSource' | 'removeSource'> {
  return {
    async sources(tenant) {
      const rows = await database.query
        .selectFrom('kpiSource')
        .select(kpiSourceCodec.columns)
        .where('tenant', '=', tenant)
        .orderBy('name')
        .execute();
      return rows.map(kpiSourceCodec.decode);
    },
    async saveSource(source) {
      const row = { ...kpiSourceCodec.encode(source), name: source.definition.name };
      await database.write([saveRow('kpiSource', row, ['id'])]);
    },
    async removeSource(id) {
      await database.write([deleteRows('kpiSource', { id })]);
    },
  };
}
