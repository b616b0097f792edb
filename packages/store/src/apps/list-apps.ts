import type { AppRecord, AppStatus, Page, PageRequest } from '@myriad/contracts';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { appCodec } from '../records/codecs.ts';
import { type ExposedSurface, exposeBit } from './app-rows.ts';
import { wordsOfQuery } from './app-words.ts';

export interface AppQuery extends PageRequest {
  readonly tenant: string;
  readonly search?: string;
  readonly principals?: readonly string[];
  readonly status?: AppStatus;
  readonly expose?: ExposedSurface;
  readonly builtin?: boolean;
}

const rowColumns = ['app.seq', ...appCodec.columns.map((column) => `app.${column}` as const)] as const;

/**
 * Apps, newest first. A search that is the very name of an app shows that app first. Principals are trimmed in an index
 * of theirs: each one's newest apps are read in order until the page is full, however many apps there are.
 */
export async function listApps(database: Database, query: AppQuery): Promise<Page<AppRecord>> {
  const limit = pageLimit(query);
  // Number of the last app shown, and of the app that was put first because it was named (0 for none).
  const cursor = readCursor<readonly [number, number]>(query, [0, 0]);
  const search = query.search?.trim() ?? '';
  const words = wordsOfQuery(search);
  const nothingCanMatch = (search !== '' && words.length === 0) || query.principals?.length === 0;
  if (nothingCanMatch) return { items: [], nextCursor: null };

  const filters = filtersOf(database, query);
  const named = search === '' || cursor ? undefined : await namedApp(database, query, filters, search.toLowerCase());
  const namedSeq = named?.seq ?? cursor?.[1] ?? 0;
  if (cursor) filters.push(sql`"app"."seq" < ${cursor[0]}`);
  if (namedSeq !== 0) filters.push(sql`"app"."seq" <> ${namedSeq}`);
  const wanted = named ? limit : limit + 1;
  const found = await database.query
    .selectFrom('app')
    .select(rowColumns)
    .where('app.seq', 'in', pageOfSeqs(query, filters, wanted))
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

function filtersOf(database: Database, query: AppQuery): Expression<SqlBool>[] {
  const words = wordsOfQuery(query.search ?? '');
  const filters: Expression<SqlBool>[] = [sql`"app"."tenant" = ${query.tenant}`];
  if (query.status) filters.push(sql`"app"."status" = ${query.status}`);
  if (query.builtin !== undefined) filters.push(sql`"app"."builtin" = ${sql.lit(query.builtin ? 1 : 0)}`);
  if (query.expose) filters.push(sql`("app"."exposeBits" & ${sql.lit(exposeBit(query.expose))}) <> 0`);
  if (words.length > 0) filters.push(database.dialect.appIndex.matches(words));
  return filters;
}

function namedApp(database: Database, query: AppQuery, filters: readonly Expression<SqlBool>[], name: string) {
  let select = database.query
    .selectFrom('app')
    .select(rowColumns)
    .where('app.name', '=', name)
    .where((condition) => condition.and(filters));
  if (query.principals) {
    select = select.where('app.seq', 'in', (within) =>
      within
        .selectFrom('appPrincipal')
        .select('appPrincipal.seq')
        .where('appPrincipal.principal', 'in', query.principals ?? [])
        .where('appPrincipal.tenant', '=', query.tenant),
    );
  }
  return select.executeTakeFirst();
}

/** Numbers of the page's apps: one ordered walk, or the first of one walk for each principal. */
function pageOfSeqs(query: AppQuery, filters: readonly Expression<SqlBool>[], wanted: number) {
  const where = sql.join([...filters], sql` and `);
  if (!query.principals) {
    return sql<number>`(select "app"."seq" from "app" where ${where} order by "app"."seq" desc limit ${wanted})`;
  }
  const walks = query.principals.map(
    (principal) => sql`select * from (
      select "appPrincipal"."seq" as "seq" from "appPrincipal" inner join "app" on "app"."seq" = "appPrincipal"."seq"
      where "appPrincipal"."principal" = ${principal} and "appPrincipal"."tenant" = ${query.tenant} and ${where}
      order by "appPrincipal"."seq" desc limit ${wanted}) as "walk"`,
  );
  return sql<number>`(select distinct "seq" from (${sql.join(walks, sql` union all `)}) as "found"
    order by "seq" desc limit ${wanted})`;
}
