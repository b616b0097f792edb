import type { FeedbackStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow } from '../database/statements.ts';
import { feedbackCodec } from '../records/codecs.ts';

/** What people say of answers, one row for each answer and speaker. */
export function createFeedbackStore(database: Database): FeedbackStore {
  return {
    async save(record) {
      const says = record.rating !== null || record.comment !== null || record.correction !== null;
      await database.write([
        says ? saveRow('feedback', feedbackCodec.encode(record), ['id']) : deleteRows('feedback', { id: record.id }),
      ]);
    },
    async ofApp({ tenant, appId, limit }) {
      const [sums] = await database.readSlowly(
        `select sum(case when "rating" = 'up' then 1 else 0 end) as "up",
          sum(case when "rating" = 'down' then 1 else 0 end) as "down", count("correction") as "corrections"
          from "feedback" where "tenant" = ? and "appId" = ?`,
        [tenant, appId],
      );
      const rows = await database.query
        .selectFrom('feedback')
        .select(feedbackCodec.columns)
        .where('tenant', '=', tenant)
        .where('appId', '=', appId)
        .orderBy('createdAt', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return {
        up: Number(sums?.up ?? 0),
        down: Number(sums?.down ?? 0),
        corrections: Number(sums?.corrections ?? 0),
        items: rows.map(feedbackCodec.decode),
      };
    },
  };
}
