import type { UnservedQuestion } from '@myriad/contracts';
import type { Database } from '../database/database.ts';

const againWithinMs = 600_000;
const columns = `"answer"."createdAt" as "time", "answer"."status" as "status", "answer"."feedback" as "feedback",
  "asked"."text" as "text", "conversation"."appId" as "appId", "conversation"."ownerId" as "ownerId"`;
const pairs = `from "message" as "answer" join "message" as "asked" on "asked"."id" = "answer"."parentId"
  join "conversation" on "conversation"."id" = "answer"."conversationId"`;
/** The question was edited and sent again, which makes a sibling of it. */
const edited = `exists (select 1 from "message" as "again" where "again"."conversationId" = "asked"."conversationId"
  and "again"."role" = 'user' and "again"."createdAt" > "asked"."createdAt"
  and "again"."createdAt" <= "answer"."createdAt" + ${againWithinMs}
  and coalesce("again"."parentId", '') = coalesce("asked"."parentId", ''))`;
const found = `"answer"."text" like 'Not found%' or "answer"."text" like '未找到%'`;
const plain = `"answer"."status" in ('error', 'refused', 'aborted') or coalesce("answer"."feedback", '') like '%"down"%' or ${found}`;

/** Signs that a question was not served: see `UnservedQuestion`. The most recent of each kind of sign. */
export async function readUnserved(database: Database, from: number, limit: number): Promise<UnservedQuestion[]> {
  const signs = await database.readSlowly(
    `select ${columns}, case when ${found} then 1 else 0 end as "notFound",
      case when ${edited} then 1 else 0 end as "edited" ${pairs}
      where "answer"."role" = 'assistant' and "answer"."createdAt" >= ? and (${plain} or ${edited})
      order by "answer"."createdAt" desc limit ?`,
    [from, limit],
  );
  const followed = await database.readSlowly(
    `select ${columns}, "next"."text" as "next" ${pairs} join "message" as "next" on "next"."parentId" = "answer"."id"
      and "next"."role" = 'user' and "next"."createdAt" <= "answer"."createdAt" + ${againWithinMs}
      where "answer"."role" = 'assistant' and "answer"."createdAt" >= ? and not (${plain} or ${edited})
      order by "answer"."createdAt" desc limit ?`,
    [from, limit],
  );
  const reported = await database.readSlowly(
    `select "createdAt" as "time", "question" as "text", "appId", "actor" as "ownerId" from "feedback"
      where "createdAt" >= ? and "rating" = 'down' and "messageId" is null and "question" is not null
      order by "createdAt" desc limit ?`,
    [from, limit],
  );
  return [
    ...signs.map((row) => ({ ...questionOf(row), reason: reasonOf(row) })),
    ...followed.map((row) => ({ ...questionOf(row), reason: 'rephrased' as const, followedBy: String(row.next) })),
    ...reported.map((row) => ({ ...questionOf(row), reason: 'thumbsDown' as const })),
  ]
    .sort((a, b) => b.time - a.time)
    .slice(0, limit);
}

type Row = Readonly<Record<string, unknown>>;

const questionOf = (row: Row) => ({
  time: Number(row.time),
  text: String(row.text),
  appId: String(row.appId),
  personId: String(row.ownerId),
});

function reasonOf(row: Row): UnservedQuestion['reason'] {
  if (String(row.feedback ?? '').includes('"down"')) return 'thumbsDown';
  if (row.status === 'error' || row.status === 'refused') return 'error';
  if (Number(row.notFound) === 1) return 'notFound';
  return Number(row.edited) === 1 ? 'rephrased' : 'abandoned';
}
