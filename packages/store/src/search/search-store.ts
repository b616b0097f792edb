/** How answers of searches came about, and who they are shared with. */
import type { SearchRecord, SearchShare, SearchStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow, updateRows } from '../database/statements.ts';
import { searchShareCodec } from '../records/codecs.ts';

export function createSearchStore(database: Database): SearchStore {
  const { query } = database;
  const decode = ({ record }: { readonly record: string }) => JSON.parse(record) as SearchRecord;
  const share = async (column: 'id' | 'conversationId', value: string): Promise<SearchShare | null> => {
    const row = await query.selectFrom('searchShare').selectAll().where(column, '=', value).executeTakeFirst();
    return row ? searchShareCodec.decode(row) : null;
  };
  /** What belongs to a conversation that was deleted meanwhile must not stay behind alone. */
  const stillThere = (conversationId: string) =>
    updateRows(
      'conversation',
      { id: conversationId },
      { id: conversationId },
      { changes: 1, code: 'not_found', message: `There is no conversation ${conversationId}.` },
    );
  return {
    async record(messageId) {
      const row = await query
        .selectFrom('searchRecord')
        .select('record')
        .where('messageId', '=', messageId)
        .executeTakeFirst();
      return row ? decode(row) : null;
    },
    async records(conversationId) {
      const rows = await query
        .selectFrom('searchRecord')
        .select('record')
        .where('conversationId', '=', conversationId)
        .orderBy('messageId')
        .execute();
      return rows.map(decode);
    },
    async saveRecord(record) {
      const { messageId, conversationId } = record;
      await database.write([
        stillThere(conversationId),
        saveRow('searchRecord', { messageId, conversationId, record: JSON.stringify(record) }, ['messageId']),
      ]);
    },
    share: (id) => share('id', id),
    shareOf: (conversationId) => share('conversationId', conversationId),
    async saveShare(wanted) {
      await database.write([
        stillThere(wanted.conversationId),
        saveRow('searchShare', searchShareCodec.encode(wanted), ['id']),
      ]);
    },
    async deleteShare(id) {
      await database.write([deleteRows('searchShare', { id })]);
    },
  };
}
