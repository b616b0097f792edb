/** Documents and decks, their versions, images and jobs. */
import type { WenkuContent, WenkuDocument, WenkuJob, WenkuStore, WenkuVersion } from '@myriad/contracts';
import { sql } from 'kysely';
import type { Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, insertIfNew, insertRow, saveRow, statement, updateRows } from '../database/statements.ts';
import {
  wenkuDocumentCodec,
  wenkuImageCodec,
  wenkuJobCodec,
  wenkuVersionCodec,
  wenkuVersionRowCodec,
} from './wenku-codecs.ts';

const gone = (id: string) => `There is no document ${id}.`;

export function createWenkuStore(database: Database): WenkuStore {
  const { query, dialect } = database;
  return {
    async get(id) {
      const row = await query.selectFrom('wenkuDocument').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? wenkuDocumentCodec.decode(row) : null;
    },
    async content(id) {
      const row = await query
        .selectFrom('wenkuContent')
        .select('content')
        .where('documentId', '=', id)
        .executeTakeFirst();
      return row ? (JSON.parse(row.content) as WenkuContent) : null;
    },
    async list(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [number, string]>(wanted, [0, '']);
      let select = query.selectFrom('wenkuDocument').selectAll();
      const { ownerId, principals } = wanted;
      if (principals !== undefined) {
        // What others gave: `ownerId` then leaves out one's own.
        if (ownerId !== undefined) select = select.where('ownerId', '<>', ownerId);
        const asked = sql.join(principals.length > 0 ? principals.map((name) => sql`${name}`) : [sql`''`]);
        select = select.where(
          sql<boolean>`"wenkuDocument"."id" in (select "documentId" from "wenkuPrincipal" where "principal" in (${asked}))`,
        );
      } else if (ownerId !== undefined) select = select.where('ownerId', '=', ownerId);
      if (wanted.kind !== undefined) select = select.where('kind', '=', wanted.kind);
      const search = wanted.search?.trim().toLowerCase() ?? '';
      if (search !== '') {
        select = select.where((condition) =>
          condition.or([
            dialect.contains('title', search),
            sql<boolean>`exists (select 1 from "wenkuContent" where "wenkuContent"."documentId" = "wenkuDocument"."id"
              and ${dialect.contains('wenkuContent.plainText', search)})`,
          ]),
        );
      }
      if (cursor) {
        select = select.where((condition) =>
          condition(condition.refTuple('updatedAt', 'id'), '<', condition.tuple(cursor[0], cursor[1])),
        );
      }
      const rows = await select
        .orderBy('updatedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ updatedAt, id }) => [updatedAt, id], wenkuDocumentCodec.decode);
    },
    async create(document, content, plainText) {
      await database.write([
        insertRow('wenkuDocument', wenkuDocumentCodec.encode(document), `There is a document ${document.id} already.`),
        saveRow('wenkuContent', { documentId: document.id, content: JSON.stringify(content), plainText }, [
          'documentId',
        ]),
        ...principalRows(document),
      ]);
    },
    async save(document, expected, change) {
      await database.write([
        updateRows(
          'wenkuDocument',
          wenkuDocumentCodec.encode(document),
          { id: document.id, revision: expected },
          {
            changes: 1,
            code: 'conflict',
            message: 'The document was changed elsewhere meanwhile, or is no longer there.',
          },
        ),
        deleteRows('wenkuPrincipal', { documentId: document.id }),
        ...principalRows(document),
        ...(change
          ? [
              updateRows(
                'wenkuContent',
                { content: JSON.stringify(change.content), plainText: change.plainText },
                { documentId: document.id },
              ),
              ...(change.version ? [versionRow(change.version)] : []),
              ...(change.job ? [jobRow(change.job)] : []),
            ]
          : []),
      ]);
    },
    async remove(id) {
      await database.write([
        deleteRows('wenkuDocument', { id }, { changes: 1, code: 'not_found', message: gone(id) }),
        deleteRows('wenkuPrincipal', { documentId: id }),
        deleteRows('wenkuContent', { documentId: id }),
        deleteRows('wenkuVersion', { documentId: id }),
        deleteRows('wenkuImage', { documentId: id }),
        deleteRows('wenkuJob', { target: id }),
      ]);
    },
    async versions(documentId) {
      const rows = await query
        .selectFrom('wenkuVersion')
        .select(['documentId', 'number', 'name', 'title', 'words', 'createdAt', 'createdBy'])
        .where('documentId', '=', documentId)
        .orderBy('number', 'desc')
        .execute();
      return rows.map((row) => wenkuVersionRowCodec.decode(row));
    },
    async version(documentId, number) {
      const row = await query
        .selectFrom('wenkuVersion')
        .selectAll()
        .where('documentId', '=', documentId)
        .where('number', '=', number)
        .executeTakeFirst();
      return row ? wenkuVersionCodec.decode(row) : null;
    },
    async addVersion(version) {
      await database.write([stillThere(version.documentId), versionRow(version)]);
    },
    async removeVersions(documentId, numbers) {
      if (numbers.length === 0) return;
      await database.write(numbers.map((number) => deleteRows('wenkuVersion', { documentId, number })));
    },
    async images(documentId) {
      const rows = await query
        .selectFrom('wenkuImage')
        .select(['hash', 'mediaType', 'width', 'height', 'sizeBytes'])
        .where('documentId', '=', documentId)
        .orderBy('hash')
        .execute();
      return rows.map((row) => wenkuImageCodec.decode(row));
    },
    async image(documentId, hash) {
      const row = await query
        .selectFrom('wenkuImage')
        .selectAll()
        .where('documentId', '=', documentId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row ? { ...wenkuImageCodec.decode(row), bytes: new Uint8Array(row.bytes) } : null;
    },
    async addImage(documentId, { bytes, ...image }) {
      await database.write([
        stillThere(documentId),
        insertIfNew('wenkuImage', { documentId, ...wenkuImageCodec.encode(image), bytes }),
      ]);
    },
    async job(id) {
      const row = await query.selectFrom('wenkuJob').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? wenkuJobCodec.decode(row) : null;
    },
    async jobs({ target, status }) {
      let select = query.selectFrom('wenkuJob').selectAll();
      if (target !== undefined) select = select.where('target', '=', target);
      if (status !== undefined) select = select.where('status', '=', status);
      const rows = await select.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(50).execute();
      return rows.map((row) => wenkuJobCodec.decode(row));
    },
    async saveJob(job) {
      await database.write([jobRow(job)]);
    },
  };
}

function principalRows({ id, readers, editors }: WenkuDocument): readonly Statement[] {
  return [...new Set([...readers, ...editors])].map((principal) =>
    insertIfNew('wenkuPrincipal', { principal, documentId: id }),
  );
}

const versionRow = (version: WenkuVersion & { readonly content: WenkuContent }) =>
  insertRow('wenkuVersion', wenkuVersionCodec.encode(version), `There is a version ${version.number} already.`);

const jobRow = (job: WenkuJob) => saveRow('wenkuJob', wenkuJobCodec.encode(job), ['id']);

/** What belongs to a document that was deleted meanwhile must not stay behind alone. */
const stillThere = (id: string) =>
  statement(`update "wenkuDocument" set "id" = "id" where "id" = ?`, [id], {
    changes: 1,
    code: 'not_found',
    message: gone(id),
  });
