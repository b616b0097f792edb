/** Endpoints of base models, and secrets that come sealed and are given back sealed. */
import type { ModelStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow } from '../database/statements.ts';
import { endpointCodec } from '../records/codecs.ts';

export function createModelStore(database: Database): ModelStore {
  const { query } = database;
  return {
    async list() {
      const rows = await query.selectFrom('modelEndpoint').selectAll().orderBy('name').orderBy('id').execute();
      return rows.map((row) => endpointCodec.decode(row));
    },
    async save(endpoint) {
      await database.write([saveRow('modelEndpoint', endpointCodec.encode(endpoint), ['id'])]);
    },
    async remove(id) {
      await database.write([
        deleteRows('modelEndpoint', { id }, { changes: 1, code: 'not_found', message: `There is no endpoint ${id}.` }),
      ]);
    },
    async secret(name) {
      const row = await query.selectFrom('secret').select('sealed').where('name', '=', name).executeTakeFirst();
      return row ? new Uint8Array(row.sealed) : null;
    },
    async saveSecret(name, sealed) {
      await database.write([saveRow('secret', { name, sealed }, ['name'])]);
    },
    async removeSecret(name) {
      await database.write([deleteRows('secret', { name })]);
    },
  };
}
