/** Lists of nodes by cursor: a folder in four orders, names searched, what changed, the trash. */
import type { DriveNode, DriveSort, DriveStore, ListedNode, PageRequest } from '@myriad/contracts';
import { type SqlBool, sql } from 'kysely';
import { wordsOfQuery } from '../apps/app-words.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { nodeCodec } from '../records/codecs.ts';
import { driveWord } from './node-rows.ts';

/** Nodes with what the knowledge says of their documents. */
export function listedNodes(database: Database) {
  return database.query
    .selectFrom('driveNode')
    .leftJoin('document', 'document.id', 'driveNode.documentId')
    .selectAll('driveNode')
    .select([
      'document.status as indexStatus',
      'document.reason as indexReason',
      'document.pages as indexPages',
      'document.passages as indexPassages',
      'document.language as indexLanguage',
    ]);
}

export type ListedRow = Awaited<ReturnType<ReturnType<typeof listedNodes>['execute']>>[number];

export function toListed(row: ListedRow): ListedNode {
  const status = row.indexStatus;
  return {
    ...nodeCodec.decode(row),
    index:
      status === null
        ? null
        : {
            status,
            reason: row.indexReason,
            pages: row.indexPages,
            passages: row.indexPassages ?? 0,
            language: row.indexLanguage,
          },
  };
}

const sortColumns = {
  name: 'sortName',
  time: 'updatedAt',
  size: 'sizeBytes',
  type: 'sortType',
} as const satisfies Record<DriveSort, string>;

type FolderQuery = Parameters<DriveStore['list']>[0];

/** One page of a folder: folders first, each kind walked along its own index. */
export async function listFolder(database: Database, query: FolderQuery) {
  const limit = pageLimit(query);
  const column = sortColumns[query.sort ?? 'name'];
  const sample = column === 'updatedAt' || column === 'sizeBytes' ? 0 : '';
  const cursor = readCursor<readonly [number, string | number, string]>(query, [0, sample, '']);
  const direction = query.descending ? 'desc' : 'asc';
  const rows: ListedRow[] = [];
  for (const rank of [0, 1]) {
    if (query.kind !== undefined && query.kind !== (rank === 0 ? 'folder' : 'file')) continue;
    if (cursor && rank < cursor[0]) continue;
    if (rows.length > limit) break;
    let select = listedNodes(database)
      .where('driveNode.parentId', '=', query.parentId)
      .where('driveNode.rank', '=', rank)
      .where('driveNode.trashedAt', 'is', null);
    if (cursor && cursor[0] === rank) {
      const past = sql.raw(query.descending ? '<' : '>');
      select = select.where(
        sql<SqlBool>`(${sql.ref(`driveNode.${column}`)}, "driveNode"."id") ${past} (${cursor[1]}, ${cursor[2]})`,
      );
    }
    rows.push(
      ...(await select
        .orderBy(`driveNode.${column}`, direction)
        .orderBy('driveNode.id', direction)
        .limit(limit + 1 - rows.length)
        .execute()),
    );
  }
  return toPage(rows, limit, (row) => [row.rank, row[column], row.id], toListed);
}

/** By words of the name, by tag, or both; newest first. */
export async function searchNodes(database: Database, query: Parameters<DriveStore['search']>[0]) {
  const limit = pageLimit(query);
  const cursor = readCursor<readonly [number]>(query, [0]);
  const words = wordsOfQuery(query.words ?? '');
  if (query.driveIds.length === 0 || (words.length === 0 && query.tag === undefined))
    return { items: [], nextCursor: null };
  let select = listedNodes(database)
    .where('driveNode.trashedAt', 'is', null)
    .where('driveNode.driveId', 'in', [...query.driveIds]);
  if (words.length > 0) {
    const { table, seqColumn, matches } = database.dialect.driveIndex;
    const found = sql`(select ${sql.ref(`${table}.${seqColumn}`)} from ${sql.table(table)}
      where ${matches(words, query.driveIds.map(driveWord))})`;
    select = select.where(sql<SqlBool>`"driveNode"."seq" in ${found}`);
  }
  if (query.tag !== undefined) {
    const tag = query.tag;
    select = select.where('driveNode.id', 'in', (within) =>
      within
        .selectFrom('driveTag')
        .select('nodeId')
        .where('tag', '=', tag)
        .where('driveId', 'in', [...query.driveIds]),
    );
  }
  if (cursor) select = select.where('driveNode.seq', '<', cursor[0]);
  const rows = await select
    .orderBy('driveNode.seq', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, ({ seq }) => [seq], toListed);
}

export async function listChanges(database: Database, query: Parameters<DriveStore['changes']>[0]) {
  const limit = pageLimit(query);
  const cursor = readCursor<readonly [number, string]>(query, [0, '']);
  if (query.driveIds.length === 0) return { items: [], nextCursor: null };
  let select = listedNodes(database)
    .where('driveNode.driveId', 'in', [...query.driveIds])
    .where('driveNode.updatedAt', '>=', query.since)
    .where('driveNode.parentId', 'is not', null);
  if (cursor) {
    select = select.where(sql<SqlBool>`("driveNode"."updatedAt", "driveNode"."id") < (${cursor[0]}, ${cursor[1]})`);
  }
  const rows = await select
    .orderBy('driveNode.updatedAt', 'desc')
    .orderBy('driveNode.id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, ({ updatedAt, id }) => [updatedAt, id], toListed);
}

export async function listTrash(database: Database, query: Parameters<DriveStore['trash']>[0]) {
  const limit = pageLimit(query);
  const cursor = readCursor<readonly [number, string]>(query, [0, '']);
  let select = listedNodes(database)
    .where('driveNode.driveId', '=', query.driveId)
    .whereRef('driveNode.trashRoot', '=', 'driveNode.id');
  if (cursor) {
    select = select.where(sql<SqlBool>`("driveNode"."trashedAt", "driveNode"."id") < (${cursor[0]}, ${cursor[1]})`);
  }
  const rows = await select
    .orderBy('driveNode.trashedAt', 'desc')
    .orderBy('driveNode.id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, ({ trashedAt, id }) => [trashedAt ?? 0, id], toListed);
}

/** Files with the same bytes, the groups that waste most first. */
export async function listDuplicates(database: Database, driveId: string, limit: number) {
  const groups = await database.readSlowly(
    `select "contentHash", "sizeBytes" from "driveNode"
      where "driveId" = ? and "trashedAt" is null and "kind" = 'file' and "sizeBytes" > 0
      group by "contentHash", "sizeBytes" having count(*) > 1 order by "sizeBytes" * (count(*) - 1) desc limit ${Number(limit)}`,
    [driveId],
  );
  const found: (readonly ListedNode[])[] = [];
  for (const { contentHash } of groups) {
    const rows = await listedNodes(database)
      .where('driveNode.driveId', '=', driveId)
      .where('driveNode.contentHash', '=', String(contentHash))
      .where('driveNode.kind', '=', 'file')
      .where('driveNode.trashedAt', 'is', null)
      .orderBy('driveNode.createdAt')
      .limit(100)
      .execute();
    found.push(rows.map(toListed));
  }
  return found;
}

/** Living files below a node, itself when it is one, in the order of their ids. */
export async function listFilesBelow(database: Database, rootId: string, page: PageRequest) {
  const limit = pageLimit(page);
  const cursor = readCursor<readonly [string]>(page, ['']);
  const { rows } = await sql<Readonly<Record<string, unknown>>>`
    with recursive "below" ("id", "kind") as (
      select "id", "kind" from "driveNode" where "id" = ${rootId} and "trashedAt" is null union all
      select "child"."id", "child"."kind" from "driveNode" as "child" join "below" on "child"."parentId" = "below"."id"
        where "child"."trashedAt" is null)
    select "driveNode".* from "below" join "driveNode" on "driveNode"."id" = "below"."id"
    where "below"."kind" = 'file' and "driveNode"."id" > ${cursor?.[0] ?? ''}
    order by "driveNode"."id" limit ${limit + 1}`.execute(database.query);
  return toPage(
    rows,
    limit,
    (row) => [String(row.id)],
    (row): DriveNode => nodeCodec.decode(row),
  );
}
