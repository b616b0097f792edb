/** Conversations of people and their trees of messages. */
import type { ConversationStore } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, saveRow, updateRows } from '../database/statements.ts';
import { conversationCodec, messageCodec } from '../records/codecs.ts';

export function createConversationStore(database: Database): ConversationStore {
  const { query, dialect } = database;
  return {
    async get(id) {
      const row = await query.selectFrom('conversation').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? conversationCodec.decode(row) : null;
    },
    async list(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [number, number, string]>(wanted, [0, 0, '']);
      let select = query.selectFrom('conversation').selectAll().where('ownerId', '=', wanted.ownerId);
      if (wanted.appId !== undefined) select = select.where('appId', '=', wanted.appId);
      const search = wanted.search?.trim().toLowerCase() ?? '';
      if (search !== '') {
        // Reads one person's messages only, so no index of words is kept for them.
        select = select.where((condition) =>
          condition.or([
            dialect.contains('title', search),
            sql<boolean>`exists (select 1 from "message" where "message"."conversationId" = "conversation"."id"
              and ${dialect.contains('message.text', search)})`,
          ]),
        );
      }
      if (cursor) {
        select = select.where((condition) =>
          condition(
            condition.refTuple('pinned', 'updatedAt', 'id'),
            '<',
            condition.tuple(cursor[0], cursor[1], cursor[2]),
          ),
        );
      }
      const rows = await select
        .orderBy('pinned', 'desc')
        .orderBy('updatedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ pinned, updatedAt, id }) => [pinned, updatedAt, id], conversationCodec.decode);
    },
    async save(conversation) {
      await database.write([saveRow('conversation', conversationCodec.encode(conversation), ['id'])]);
    },
    async delete(id) {
      await database.write([
        deleteRows('message', { conversationId: id }),
        deleteRows('searchRecord', { conversationId: id }),
        deleteRows('searchShare', { conversationId: id }),
        deleteRows(
          'conversation',
          { id },
          { changes: 1, code: 'not_found', message: `There is no conversation ${id}.` },
        ),
      ]);
    },
    async messages(conversationId) {
      const rows = await query
        .selectFrom('message')
        .selectAll()
        .where('conversationId', '=', conversationId)
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return rows.map((row) => messageCodec.decode(row));
    },
    async message(id) {
      const row = await query.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? messageCodec.decode(row) : null;
    },
    async saveMessage(message) {
      const { conversationId } = message;
      await database.write([
        // A message of a conversation that was deleted meanwhile must not stay behind alone.
        updateRows(
          'conversation',
          { id: conversationId },
          { id: conversationId },
          { changes: 1, code: 'not_found', message: `There is no conversation ${conversationId}.` },
        ),
        saveRow('message', messageCodec.encode(message), ['id']),
      ]);
    },
  };
}
