import type { SettingStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { afterPrefix } from '../database/pages.ts';
import { deleteRows, saveRow } from '../database/statements.ts';

/** Small named documents. A key without a value reads as null. */
export function createSettingStore(database: Database): SettingStore {
  const { query } = database;
  return {
    async get(key) {
      const row = await query.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
      return row ? (JSON.parse(row.value) as unknown) : null;
    },
    async set(key, value) {
      await database.write([saveRow('setting', { key, value: JSON.stringify(value ?? null) }, ['key'])]);
    },
    async delete(key) {
      await database.write([deleteRows('setting', { key })]);
    },
    async entries(prefix) {
      const rows = await query
        .selectFrom('setting')
        .selectAll()
        .where('key', '>=', prefix)
        .where('key', '<', afterPrefix(prefix))
        .orderBy('key')
        .execute();
      return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown }));
    },
  };
}
