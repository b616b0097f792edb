/** Who else may see a node: shares with people and groups, links, and uploads under way. */
import type { DriveStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow, statement } from '../database/statements.ts';
import { linkCodec, shareCodec, uploadCodec } from '../records/codecs.ts';

type Sharing = Pick<
  DriveStore,
  | 'shares'
  | 'sharedWith'
  | 'saveShare'
  | 'deleteShare'
  | 'link'
  | 'linkByHash'
  | 'links'
  | 'saveLink'
  | 'revokeLink'
  | 'countDownload'
  | 'upload'
  | 'uploads'
  | 'saveUpload'
  | 'deleteUpload'
  | 'expiredUploads'
>;

export function createSharingStore(database: Database): Sharing {
  const { query } = database;
  return {
    async shares(nodeIds) {
      if (nodeIds.length === 0) return [];
      const rows = await query
        .selectFrom('driveShare')
        .selectAll()
        .where('nodeId', 'in', [...nodeIds])
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return rows.map(shareCodec.decode);
    },
    async sharedWith(principals, limit) {
      if (principals.length === 0) return [];
      const rows = await query
        .selectFrom('driveShare')
        .innerJoin('driveNode', 'driveNode.id', 'driveShare.nodeId')
        .selectAll('driveShare')
        .where('principal', 'in', [...principals])
        .where('driveNode.trashedAt', 'is', null)
        .orderBy('driveShare.createdAt', 'desc')
        .limit(limit)
        .execute();
      return rows.map(shareCodec.decode);
    },
    async saveShare(share) {
      await database.write([saveRow('driveShare', shareCodec.encode(share), ['nodeId', 'principal'])]);
    },
    async deleteShare(nodeId, principal) {
      await database.write([deleteRows('driveShare', { nodeId, principal })]);
    },
    async link(id) {
      const row = await query.selectFrom('driveLink').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? linkCodec.decode(row) : null;
    },
    async linkByHash(tokenHash) {
      const row = await query.selectFrom('driveLink').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst();
      return row ? linkCodec.decode(row) : null;
    },
    async links(nodeId) {
      const rows = await query
        .selectFrom('driveLink')
        .selectAll()
        .where('nodeId', '=', nodeId)
        .orderBy('createdAt', 'desc')
        .execute();
      return rows.map(linkCodec.decode);
    },
    async saveLink(link) {
      await database.write([saveRow('driveLink', linkCodec.encode(link), ['id'])]);
    },
    async revokeLink(id, time) {
      await database.write([
        statement(`update "driveLink" set "revokedAt" = ? where "id" = ? and "revokedAt" is null`, [time, id]),
      ]);
    },
    async countDownload(id, time) {
      const [counted] = await database.write([
        statement(
          `update "driveLink" set "downloads" = "downloads" + 1 where "id" = ? and "revokedAt" is null
            and ("expiresAt" is null or "expiresAt" > ?) and ("maxDownloads" is null or "downloads" < "maxDownloads")`,
          [id, time],
        ),
      ]);
      return counted?.changes === 1;
    },
    async upload(id) {
      const row = await query.selectFrom('driveUpload').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? uploadCodec.decode(row) : null;
    },
    async uploads(ownerId) {
      const rows = await query
        .selectFrom('driveUpload')
        .selectAll()
        .where('ownerId', '=', ownerId)
        .orderBy('createdAt', 'desc')
        .limit(500)
        .execute();
      return rows.map(uploadCodec.decode);
    },
    async saveUpload(upload) {
      await database.write([saveRow('driveUpload', uploadCodec.encode(upload), ['id'])]);
    },
    async deleteUpload(id) {
      await database.write([deleteRows('driveUpload', { id })]);
    },
    async expiredUploads(time, limit) {
      const rows = await query
        .selectFrom('driveUpload')
        .selectAll()
        .where('expiresAt', '<', time)
        .orderBy('expiresAt')
        .limit(limit)
        .execute();
      return rows.map(uploadCodec.decode);
    },
  };
}
