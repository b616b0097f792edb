/** Drives, their trees, versions, tags, and what conversations ask about. */
import type { DriveNode, DriveStore } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, insertIfNew, insertRow, saveRow, statement, updateRows } from '../database/statements.ts';
import { driveCodec, fileVersionCodec, nodeCodec } from '../records/codecs.ts';
import { changeNodes } from './change-nodes.ts';
import {
  listChanges,
  listDuplicates,
  listedNodes,
  listFilesBelow,
  listFolder,
  listTrash,
  searchNodes,
  toListed,
} from './list-nodes.ts';
import { addToIndex, nodeRow } from './node-rows.ts';
import { createSharingStore } from './sharing-store.ts';

/** Deeper than any path that a client can name. */
const mostLevels = 256;

export function createDriveStore(database: Database): DriveStore {
  const { query, dialect } = database;
  const decodeAll = (rows: readonly Readonly<Record<string, unknown>>[]): readonly DriveNode[] =>
    rows.map((row) => nodeCodec.decode(row));
  return {
    ...changeNodes(database),
    ...createSharingStore(database),
    async drive(id) {
      const row = await query.selectFrom('drive').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? driveCodec.decode(row) : null;
    },
    async driveOf(ownerId) {
      const row = await query.selectFrom('drive').selectAll().where('ownerId', '=', ownerId).executeTakeFirst();
      return row ? driveCodec.decode(row) : null;
    },
    async drives(page) {
      const limit = pageLimit(page);
      const cursor = readCursor<readonly [string]>(page, ['']);
      let select = query.selectFrom('drive').selectAll();
      if (cursor) select = select.where('id', '>', cursor[0]);
      const rows = await select
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ id }) => [id], driveCodec.decode);
    },
    async createDrive(drive, root) {
      await database.write([
        insertRow('drive', driveCodec.encode(drive), 'There is a drive already.'),
        insertRow('driveNode', nodeRow(root), 'There is a root already.'),
        addToIndex(dialect, root),
      ]);
    },
    async setQuota(driveId, quotaBytes) {
      await database.write([
        updateRows(
          'drive',
          { quotaBytes },
          { id: driveId },
          { changes: 1, code: 'not_found', message: 'There is no such drive.' },
        ),
      ]);
    },
    async node(id) {
      const row = await listedNodes(database).where('driveNode.id', '=', id).executeTakeFirst();
      return row ? toListed(row) : null;
    },
    async nodes(ids) {
      if (ids.length === 0) return [];
      const rows = await listedNodes(database)
        .where('driveNode.id', 'in', [...ids])
        .execute();
      return rows.map(toListed);
    },
    async child(parentId, name) {
      const row = await query
        .selectFrom('driveNode')
        .selectAll()
        .where('parentId', '=', parentId)
        .where('name', '=', name)
        .where('trashedAt', 'is', null)
        .executeTakeFirst();
      return row ? nodeCodec.decode(row) : null;
    },
    async ancestors(id) {
      const { rows } = await sql<Readonly<Record<string, unknown>>>`
        with recursive "above" ("id", "parentId", "level") as (
          select "id", "parentId", 0 from "driveNode" where "id" = ${id} union all
          select "up"."id", "up"."parentId", "above"."level" + 1 from "driveNode" as "up"
            join "above" on "up"."id" = "above"."parentId" where "above"."level" < ${sql.lit(mostLevels)})
        select "driveNode".* from "above" join "driveNode" on "driveNode"."id" = "above"."id"
        order by "above"."level"`.execute(query);
      return decodeAll(rows);
    },
    list: (wanted) => listFolder(database, wanted),
    async folders(rootId, limit) {
      const { rows } = await sql<Readonly<Record<string, unknown>>>`
        with recursive "below" ("id", "level") as (
          select "id", 0 from "driveNode" where "id" = ${rootId} and "trashedAt" is null and "kind" = 'folder' union all
          select "child"."id", "below"."level" + 1 from "driveNode" as "child"
            join "below" on "child"."parentId" = "below"."id"
            where "child"."trashedAt" is null and "child"."rank" = 0)
        select "driveNode".* from "below" join "driveNode" on "driveNode"."id" = "below"."id"
        order by "below"."level", "driveNode"."id" limit ${limit}`.execute(query);
      return decodeAll(rows);
    },
    search: (wanted) => searchNodes(database, wanted),
    changes: (wanted) => listChanges(database, wanted),
    duplicates: (driveId, limit) => listDuplicates(database, driveId, limit),
    trash: (wanted) => listTrash(database, wanted),
    async trashedBefore(time, limit) {
      const rows = await query
        .selectFrom('driveNode')
        .selectAll()
        .whereRef('trashRoot', '=', 'id')
        .where('trashedAt', '<', time)
        .limit(limit)
        .execute();
      return decodeAll(rows);
    },
    async versions(nodeId) {
      const rows = await query
        .selectFrom('driveVersion')
        .selectAll()
        .where('nodeId', '=', nodeId)
        .orderBy('number', 'desc')
        .execute();
      return rows.map(fileVersionCodec.decode);
    },
    async countByHash(contentHash) {
      const row = await query
        .selectFrom('driveVersion')
        .select((make) => make.fn.countAll<number>().as('versions'))
        .where('contentHash', '=', contentHash)
        .executeTakeFirstOrThrow();
      return row.versions;
    },
    async nodeByDocument(documentId) {
      const row = await query
        .selectFrom('driveNode')
        .selectAll()
        .where('documentId', '=', documentId)
        .executeTakeFirst();
      return row ? nodeCodec.decode(row) : null;
    },
    async collectionsBelow(rootId, limit) {
      const { rows } = await sql<{ id: string }>`
        with recursive "below" ("id", "level") as (
          select "id", 0 from "driveNode" where "id" = ${rootId} and "trashedAt" is null and "kind" = 'folder' union all
          select "child"."id", "below"."level" + 1 from "driveNode" as "child"
            join "below" on "child"."parentId" = "below"."id"
            where "child"."trashedAt" is null and "child"."rank" = 0)
        select "collection"."id" from "below" join "collection" on "collection"."name" = 'folder:' || "below"."id"
        order by "below"."level", "below"."id" limit ${limit}`.execute(query);
      return rows.map(({ id }) => id);
    },
    async withoutTheirDocument(limit) {
      const rows = await database.readSlowly(
        `select * from "driveNode" where "documentId" is not null and "trashedAt" is null and not exists
          (select 1 from "document" where "document"."id" = "driveNode"."documentId") limit ${Number(limit)}`,
        [],
      );
      return decodeAll(rows);
    },
    filesBelow: (rootId, page) => listFilesBelow(database, rootId, page),
    async unindexed(limit) {
      const rows = await query
        .selectFrom('driveNode')
        .selectAll()
        .where('kind', '=', sql.lit('file'))
        .where('documentId', 'is', null)
        .where('notIndexed', 'is', null)
        .where('trashedAt', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return decodeAll(rows);
    },
    async tags(nodeIds) {
      if (nodeIds.length === 0) return [];
      const rows = await query
        .selectFrom('driveTag')
        .selectAll()
        .where('nodeId', 'in', [...nodeIds])
        .orderBy('automatic')
        .orderBy('tag')
        .execute();
      return rows.map(({ nodeId, tag, automatic }) => ({ nodeId, tag, automatic: automatic === 1 }));
    },
    async tagCounts(driveIds, limit) {
      if (driveIds.length === 0) return [];
      return query
        .selectFrom('driveTag')
        .innerJoin('driveNode', 'driveNode.id', 'driveTag.nodeId')
        .select((make) => ['driveTag.tag', make.fn.countAll<number>().as('files')])
        .where('driveTag.driveId', 'in', [...driveIds])
        .where('driveNode.trashedAt', 'is', null)
        .groupBy('driveTag.tag')
        .orderBy('files', 'desc')
        .orderBy('driveTag.tag')
        .limit(limit)
        .execute();
    },
    async setTags(nodeId, automatic, tags) {
      const kind = automatic ? 1 : 0;
      const row = await query.selectFrom('driveNode').select('driveId').where('id', '=', nodeId).executeTakeFirst();
      if (!row) return;
      await database.write([
        deleteRows('driveTag', { nodeId, automatic: kind }),
        ...tags.map((tag) =>
          automatic
            ? insertIfNew('driveTag', { driveId: row.driveId, nodeId, tag, automatic: kind })
            : saveRow('driveTag', { driveId: row.driveId, nodeId, tag, automatic: kind }, ['nodeId', 'tag']),
        ),
      ]);
    },
    async askedNode(conversationId) {
      const row = await query
        .selectFrom('driveAsked')
        .select('nodeId')
        .where('conversationId', '=', conversationId)
        .executeTakeFirst();
      return row?.nodeId ?? null;
    },
    async saveAskedNode(conversationId, nodeId) {
      await database.write([
        statement(`delete from "driveAsked" where "conversationId" = ?`, [conversationId]),
        insertIfNew('driveAsked', { conversationId, nodeId }),
      ]);
    },
  };
}
