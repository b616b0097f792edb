import type { AppRecord, AppStatus, Page, PageRequest } from '@myriad/contracts';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { appCodec } from '../records/codecs.ts';
import { type ExposedSurface, exposeBit, principalWord } from './app-rows.ts';
import { wordsOfQuery } from './app-words.ts';

export interface AppQuery extends PageRequest {
  readonly tenant: string;
  readonly search?: string;
  readonly principals?: readonly string[];
  readonly status?: AppStatus;
  readonly expose?: ExposedSurface;
  readonly builtin?: boolean;
}

type Condition = Expression<SqlBool>;

const rowColumns = ['app.seq', ...appCodec.columns.map((column) => `app.${column}` as const)] as const;

/**
 * Apps, newest first. A search that is the very name of an app shows that app first. Every way to a page walks an index in
 * the order of the page and stops when it is full, however many apps there are: that of the tenant, of each principal, or
 * of the words.
 */
export async function listApps(database: Database, query: AppQuery): Promise<Page<AppRecord>> {
  const limit = pageLimit(query);
  // Number of the last app shown, and of the app that was put first because it was named (0 for none).
  const cursor = readCursor<readonly [number, number]>(query, [0, 0]);
  const search = query.search?.trim() ?? '';
  const words = wordsOfQuery(search);
  const nothingCanMatch = (search !== '' && words.length === 0) || query.principals?.length === 0;
  if (nothingCanMatch) return { items: [], nextCursor: null };

  const filters = filtersOf(query);
  const named = search === '' || cursor ? undefined : await namedApp(database, query, filters, search.toLowerCase());
  const namedSeq = named?.seq ?? cursor?.[1] ?? 0;
  const below = cursor?.[0] ?? Number.MAX_SAFE_INTEGER;
  filters.push(sql`"app"."seq" < ${below}`);
  if (namedSeq !== 0) filters.push(sql`"app"."seq" <> ${namedSeq}`);
  const wanted = named ? limit : limit + 1;
  const found = await database.query
    .selectFrom('app')
    .select(rowColumns)
    .where('app.seq', 'in', pageOfSeqs(database, query, filters, below, wanted))
    .orderBy('app.seq', 'desc')
    .execute();
  const rows = named ? [named, ...found] : found;
  return toPage(
    rows,
    limit,
    (row) => [row === named ? Number.MAX_SAFE_INTEGER : row.seq, namedSeq],
    (row) => appCodec.decode(row),
  );
}

function filtersOf(query: AppQuery): Condition[] {
  const filters: Condition[] = [sql`"app"."tenant" = ${query.tenant}`];
  if (query.status) filters.push(sql`"app"."status" = ${query.status}`);
  // Said once more as the index of the few that are not published says it, so that the planner takes it.
  if (query.status && query.status !== 'published') filters.push(sql`"app"."status" <> ${sql.lit('published')}`);
  if (query.builtin !== undefined) filters.push(sql`"app"."builtin" = ${sql.lit(query.builtin ? 1 : 0)}`);
  if (query.expose) filters.push(sql`("app"."exposeBits" & ${sql.lit(exposeBit(query.expose))}) <> 0`);
  return filters;
}

/** That one of the principals may use or edit the app. */
const visible = ({ principals, tenant }: AppQuery): Condition =>
  sql`exists (select 1 from "appPrincipal" where "appPrincipal"."principal" in (${sql.join([...(principals ?? [])])})
    and "appPrincipal"."tenant" = ${tenant} and "appPrincipal"."seq" = "app"."seq")`;

function namedApp(database: Database, query: AppQuery, filters: readonly Condition[], name: string) {
  return database.query
    .selectFrom('app')
    .select(rowColumns)
    .where('app.name', '=', name)
    .where((condition) => condition.and(query.principals ? [...filters, visible(query)] : [...filters]))
    .executeTakeFirst();
}

/** Numbers of the page's apps. */
function pageOfSeqs(database: Database, query: AppQuery, filters: readonly Condition[], below: number, wanted: number) {
  const where = sql.join([...filters], sql` and `);
  const words = wordsOfQuery(query.search ?? '');
  if (words.length > 0) {
    // Who may see an app is in the index beside its words, so that both are looked up in one step; the table of
    // principals has the last word.
    const { table, seqColumn, matches } = database.dialect.appIndex;
    const indexSeq = sql.ref(`${table}.${seqColumn}`);
    const seen = query.principals ? sql` and ${visible(query)}` : sql``;
    return sql<number>`(select "app"."seq" from ${sql.table(table)} cross join "app"
      where ${matches(words, query.principals?.map(principalWord) ?? null)} and "app"."seq" = ${indexSeq}
        and ${indexSeq} < ${below} and ${where}${seen} order by ${indexSeq} desc limit ${wanted})`;
  }
  if (!query.principals) {
    return sql<number>`(select "app"."seq" from "app" where ${where} order by "app"."seq" desc limit ${wanted})`;
  }
  const walks = query.principals.map(
    (principal) => sql`select * from (
      select "appPrincipal"."seq" as "seq" from "appPrincipal" inner join "app" on "app"."seq" = "appPrincipal"."seq"
      where "appPrincipal"."principal" = ${principal} and "appPrincipal"."tenant" = ${query.tenant}
        and "appPrincipal"."seq" < ${below} and ${where} order by "appPrincipal"."seq" desc limit ${wanted}) as "walk"`,
  );
  return sql<number>`(select distinct "seq" from (${sql.join(walks, sql` union all `)}) as "found"
    order by "seq" desc limit ${wanted})`;
}
