/** Files of callers. Identifiers begin with the time of their making, so lists go by them. */
import type { BatchStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { pageLimit, toPage } from '../database/pages.ts';
import { deleteRows, saveRow } from '../database/statements.ts';
import { fileCodec } from '../records/codecs.ts';

type FileRows = Pick<BatchStore, 'saveFile' | 'file' | 'files' | 'deleteFile' | 'expiredFiles'>;

const mostExpired = 500;

export function createFileRows(database: Database): FileRows {
  const { query } = database;
  return {
    async saveFile(file) {
      await database.write([saveRow('file', fileCodec.encode(file), ['id'])]);
    },
    async file(id) {
      const row = await query.selectFrom('file').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? fileCodec.decode(row) : null;
    },
    async files(wanted) {
      const limit = pageLimit(wanted);
      const order = wanted.order ?? 'desc';
      let select = query.selectFrom('file').selectAll().where('ownerId', '=', wanted.ownerId);
      if (wanted.purpose !== undefined) select = select.where('purpose', '=', wanted.purpose);
      if (wanted.after !== undefined) select = select.where('id', order === 'asc' ? '>' : '<', wanted.after);
      const rows = await select
        .orderBy('id', order)
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ id }) => [id], fileCodec.decode);
    },
    async deleteFile(id) {
      const [done] = await database.write([deleteRows('file', { id })]);
      return (done?.changes ?? 0) > 0;
    },
    async expiredFiles(now) {
      const rows = await query
        .selectFrom('file')
        .selectAll()
        .where('expiresAt', '<=', now)
        .orderBy('expiresAt')
        .limit(mostExpired)
        .execute();
      return rows.map((row) => fileCodec.decode(row));
    },
  };
}
