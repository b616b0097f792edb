import type { StoredFilter } from '@myriad/contracts';
import { type RawBuilder, sql } from 'kysely';

/** A further condition of a search: the passage of that number is of a document that the filter lets through. */
export function onlyDocuments(seq: RawBuilder<unknown>, filter: StoredFilter): RawBuilder<unknown> {
  const { documentIds, mediaTypes, from, to, addedBy } = filter;
  const conditions = [
    ...(documentIds ? [sql`"document"."id" in (${sql.join([...documentIds])})`] : []),
    ...(mediaTypes
      ? [mediaTypes.length === 0 ? sql`1 = 0` : sql`"document"."mediaType" in (${sql.join([...mediaTypes])})`]
      : []),
    ...(from === undefined ? [] : [sql`"document"."createdAt" >= ${from}`]),
    ...(to === undefined ? [] : [sql`"document"."createdAt" < ${to}`]),
    ...(addedBy === undefined ? [] : [sql`"document"."addedBy" = ${addedBy}`]),
  ];
  if (conditions.length === 0) return sql``;
  return sql`and exists (select 1 from "passage" join "document" on "document"."id" = "passage"."documentId"
    where "passage"."seq" = ${seq} and ${sql.join(conditions, sql` and `)})`;
}
