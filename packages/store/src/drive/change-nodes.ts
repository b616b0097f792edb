/**
 * Changes of the tree as batches. The drive's row is written in each, so that on every database one structural change of a
 * drive follows another.
 */
import type { DriveNode, DriveStore, DriveVersion } from '@myriad/contracts';
import type { Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { deleteRows, insertRow, statement, updateRows } from '../database/statements.ts';
import { fileVersionCodec, nodeCodec } from '../records/codecs.ts';
import { addToIndex, nameColumns, nodeRow, removeFromIndex } from './node-rows.ts';

type Changes = Pick<
  DriveStore,
  'createFolder' | 'putFile' | 'place' | 'putInTrash' | 'restore' | 'deleteForEver' | 'deleteVersion' | 'setDocument'
>;

/** Ids of a node and of all below it, in the trash or not. */
const below = `(with recursive "below" ("id") as (select "id" from "driveNode" where "id" = ? union all
  select "child"."id" from "driveNode" as "child" join "below" on "child"."parentId" = "below"."id")
  select "id" from "below")`;

const turn = (nodeId: string): Statement =>
  statement(
    `update "drive" set "revision" = "revision" + 1 where "id" = (select "driveId" from "driveNode" where "id" = ?)`,
    [nodeId],
  );

const livingFolder = (id: string): Statement =>
  statement(
    `update "driveNode" set "rank" = "rank" where "id" = ? and "kind" = 'folder' and "trashedAt" is null`,
    [id],
    { changes: 1, code: 'not_found', message: 'The folder is gone.' },
  );

const takeQuota = (driveId: string, bytes: number, files: number, quotaBytes: number): Statement =>
  statement(
    `update "drive" set "usedBytes" = "usedBytes" + ?, "files" = "files" + ?, "revision" = "revision" + 1
      where "id" = ? and ("usedBytes" + ? <= ? or ? <= 0)`,
    [bytes, files, driveId, bytes, quotaBytes, bytes],
    { changes: 1, code: 'quota_exceeded', message: `The drive has no room for ${bytes} more bytes.` },
  );

const taken = (name: string) => `There is already "${name}" in this folder.`;

/** Not inside itself: the folder it goes to must not be below it. */
const notAbove = (id: string, parentId: string): Statement =>
  statement(
    `update "driveNode" set "rank" = "rank" where "id" = ? and not exists (select 1 from (with recursive
      "above" ("id", "parentId") as (select "id", "parentId" from "driveNode" where "id" = ? union all
      select "up"."id", "up"."parentId" from "driveNode" as "up" join "above" on "up"."id" = "above"."parentId")
      select "id" from "above") as "path" where "path"."id" = ?)`,
    [id, parentId, id],
    { changes: 1, code: 'conflict', message: 'A folder cannot be put inside itself.' },
  );

export function changeNodes(database: Database): Changes {
  const { dialect, query } = database;
  const insertNode = (node: DriveNode): readonly Statement[] => [
    insertRow('driveNode', nodeRow(node), taken(node.name)),
    addToIndex(dialect, node),
  ];
  const insertVersion = (version: DriveVersion): Statement =>
    insertRow('driveVersion', fileVersionCodec.encode(version), 'Another version came first.');
  const rename = (id: string, driveId: string, name: string): readonly Statement[] => [
    removeFromIndex(dialect, id),
    addToIndex(dialect, { id, driveId, name }),
  ];
  const driveOf = async (id: string): Promise<string> =>
    (await query.selectFrom('driveNode').select('driveId').where('id', '=', id).executeTakeFirst())?.driveId ?? '';

  return {
    async createFolder(node) {
      await database.write([turn(node.parentId ?? ''), livingFolder(node.parentId ?? ''), ...insertNode(node)]);
    },
    async putFile(node, version, expectedVersion, quotaBytes) {
      const isNew = expectedVersion === 0;
      const room = takeQuota(node.driveId, version.sizeBytes, isNew ? 1 : 0, quotaBytes);
      if (isNew) {
        await database.write([room, livingFolder(node.parentId ?? ''), ...insertNode(node), insertVersion(version)]);
        return;
      }
      const { mediaType, sizeBytes, contentHash, version: number, updatedAt, updatedBy } = nodeCodec.encode(node);
      await database.write([
        room,
        statement(
          `update "driveNode" set "mediaType" = ?, "sizeBytes" = ?, "contentHash" = ?, "version" = ?, "updatedAt" = ?,
            "updatedBy" = ?, "documentId" = null, "notIndexed" = null
            where "id" = ? and "version" = ? and "trashedAt" is null`,
          [mediaType, sizeBytes, contentHash, number, updatedAt, updatedBy, node.id, expectedVersion],
          { changes: 1, code: 'conflict', message: 'Another version came first, or the file is gone.' },
        ),
        insertVersion(version),
      ]);
    },
    async place(id, { parentId, name }, time, by) {
      await database.write([
        turn(id),
        livingFolder(parentId),
        notAbove(id, parentId),
        statement(
          `update "driveNode" set "parentId" = ?, "name" = ?, "sortName" = ?, "sortType" = ?, "updatedAt" = ?,
            "updatedBy" = ? where "id" = ? and "trashedAt" is null and "parentId" is not null`,
          [parentId, ...Object.values(nameColumns(name)), time, by, id],
          { changes: 1, code: 'not_found', message: 'It is gone, or cannot be moved.' },
        ),
        ...rename(id, await driveOf(id), name),
      ]);
    },
    async putInTrash(id, time, by) {
      await database.write([
        turn(id),
        statement(
          `update "driveNode" set "trashedAt" = ?, "trashRoot" = "id", "updatedAt" = ?, "updatedBy" = ?
            where "id" = ? and "trashedAt" is null and "parentId" is not null`,
          [time, time, by, id],
          { changes: 1, code: 'not_found', message: 'It is gone, or cannot be put into the trash.' },
        ),
        statement(
          `update "driveNode" set "trashedAt" = ?, "trashRoot" = ? where "id" in (with recursive "below" ("id") as (
            select "id" from "driveNode" where "parentId" = ? and "trashedAt" is null union all
            select "child"."id" from "driveNode" as "child" join "below" on "child"."parentId" = "below"."id"
              where "child"."trashedAt" is null) select "id" from "below")`,
          [time, id, id],
        ),
      ]);
    },
    async restore(id, { parentId, name }, time, by) {
      await database.write([
        turn(id),
        livingFolder(parentId),
        statement(
          `update "driveNode" set "trashedAt" = null, "trashRoot" = null, "parentId" = ?, "name" = ?, "sortName" = ?,
            "sortType" = ?, "updatedAt" = ?, "updatedBy" = ? where "id" = ? and "trashRoot" = "id"`,
          [parentId, ...Object.values(nameColumns(name)), time, by, id],
          { changes: 1, code: 'not_found', message: 'It is not in the trash.' },
        ),
        updateRows('driveNode', { trashedAt: null, trashRoot: null }, { trashRoot: id }),
        ...rename(id, await driveOf(id), name),
      ]);
    },
    async deleteForEver(id) {
      const read = (sql: string) => database.readSlowly(sql, [id]);
      const nodes = await read(`select "id", "kind", "documentId" from "driveNode" where "id" in ${below}`);
      const hashes = await read(`select distinct "contentHash" from "driveVersion" where "nodeId" in ${below}`);
      const bytes = `coalesce((select sum("sizeBytes") from "driveVersion" where "nodeId" in ${below}), 0)`;
      const files = `(select count(*) from "driveNode" where "kind" = 'file' and "id" in ${below})`;
      const { table, seqColumn } = dialect.driveIndex;
      const results = await database.write([
        statement(
          `update "drive" set "usedBytes" = "usedBytes" - ${bytes}, "files" = "files" - ${files},
            "revision" = "revision" + 1 where "id" = (select "driveId" from "driveNode" where "id" = ?)`,
          [id, id, id],
        ),
        statement(
          `delete from "${table}" where "${seqColumn}" in (select "seq" from "driveNode" where "id" in ${below})`,
          [id],
        ),
        ...['driveVersion', 'driveTag', 'driveShare', 'driveLink'].map((name) =>
          statement(`delete from "${name}" where "nodeId" in ${below}`, [id]),
        ),
        statement(`delete from "driveNode" where "id" in ${below}`, [id]),
      ]);
      if (results.at(-1)?.changes === 0) return { hashes: [], documentIds: [], folderIds: [] };
      return {
        hashes: hashes.map(({ contentHash }) => String(contentHash)),
        documentIds: nodes.flatMap(({ documentId }) => (documentId === null ? [] : [String(documentId)])),
        folderIds: nodes.filter(({ kind }) => kind === 'folder').map((node) => String(node.id)),
      };
    },
    async deleteVersion(nodeId, number) {
      const key = { nodeId, number };
      const row = await query
        .selectFrom('driveVersion')
        .selectAll()
        .where('nodeId', '=', nodeId)
        .where('number', '=', number)
        .executeTakeFirst();
      const sizeBytes = row?.sizeBytes ?? 0;
      await database.write([
        statement(
          `update "drive" set "usedBytes" = "usedBytes" - ? where "id" =
            (select "driveId" from "driveNode" where "id" = ? and "version" <> ?)`,
          [sizeBytes, nodeId, number],
          { changes: 1, code: 'conflict', message: 'The current version cannot be deleted alone.' },
        ),
        deleteRows('driveVersion', key, { changes: 1, code: 'not_found', message: 'There is no such version.' }),
      ]);
      return fileVersionCodec.decode(row ?? {});
    },
    async setDocument(nodeId, version, { documentId, notIndexed }) {
      const [result] = await database.write([
        updateRows('driveNode', { documentId, notIndexed }, { id: nodeId, version }),
      ]);
      return result?.changes === 1;
    },
  };
}
