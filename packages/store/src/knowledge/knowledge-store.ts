/** Collections, documents, and the index over their passages. */
import type { Collection, KnowledgeStore } from '@myriad/contracts';
import type { Expectation } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { afterPrefix, pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, insertIfNew, saveRow, updateRows } from '../database/statements.ts';
import { collectionCodec, documentCodec } from '../records/codecs.ts';
import { indexDocumentBatch, removePassages } from './index-document.ts';
import { passageVectors } from './passage-vectors.ts';
import { containing, passageById, passagesById, searchPassages } from './search-passages.ts';

const missing = (what: string, id: string): Expectation => ({
  changes: 1,
  code: 'not_found',
  message: `There is no ${what} ${id}.`,
});

export function createKnowledgeStore(database: Database): KnowledgeStore {
  const { query, dialect } = database;
  const passages = countedPassages(database);
  return {
    async collection(id) {
      const row = await query.selectFrom('collection').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? collectionCodec.decode(row) : null;
    },
    async collectionByName(name) {
      const row = await query.selectFrom('collection').selectAll().where('name', '=', name).executeTakeFirst();
      return row ? collectionCodec.decode(row) : null;
    },
    collections: (wanted) => listCollections(database, wanted),
    async saveCollection(collection) {
      await database.write([
        saveRow('collection', collectionCodec.encode(collection), ['id']),
        deleteRows('collectionReader', { collectionId: collection.id }),
        ...collection.readers.map((principal) =>
          insertIfNew('collectionReader', { principal, collectionId: collection.id }),
        ),
      ]);
    },
    async deleteCollection(id) {
      const documents = `"documentId" in (select "id" from "document" where "collectionId" = ?)`;
      await database.write([
        ...removePassages(dialect, documents, [id]),
        deleteRows('document', { collectionId: id }),
        deleteRows('collectionReader', { collectionId: id }),
        deleteRows('collection', { id }, missing('collection', id)),
      ]);
      passages.forget();
    },
    async document(id) {
      const row = await query.selectFrom('document').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? documentCodec.decode(row) : null;
    },
    async documentByHash(collectionId, contentHash) {
      const row = await query
        .selectFrom('document')
        .selectAll()
        .where('contentHash', '=', contentHash)
        .where('collectionId', '=', collectionId)
        .orderBy('createdAt')
        .executeTakeFirst();
      return row ? documentCodec.decode(row) : null;
    },
    async countByContentHash(contentHash) {
      const row = await query
        .selectFrom('document')
        .select((make) => make.fn.countAll<number>().as('documents'))
        .where('contentHash', '=', contentHash)
        .executeTakeFirstOrThrow();
      return row.documents;
    },
    documents: (wanted) => listDocuments(database, wanted),
    async saveDocument(document) {
      const { collectionId } = document;
      await database.write([
        updateRows('collection', { id: collectionId }, { id: collectionId }, missing('collection', collectionId)),
        saveRow('document', documentCodec.encode(document), ['id']),
      ]);
    },
    async index(document, text, pageStarts, found) {
      await database.write(indexDocumentBatch(dialect, document, text, pageStarts, found)).finally(passages.forget);
    },
    async deleteDocument(id) {
      await database.write([
        ...removePassages(dialect, `"documentId" = ?`, [id]),
        deleteRows('document', { id }, missing('document', id)),
      ]);
      passages.forget();
    },
    async text(documentId) {
      const row = await query
        .selectFrom('documentText')
        .selectAll()
        .where('documentId', '=', documentId)
        .executeTakeFirst();
      return row ? { text: row.text, pageStarts: JSON.parse(row.pageStarts) as number[] } : null;
    },
    passage: (id) => passageById(database, id),
    search: (wanted) => searchPassages(database, wanted),
    ...passageVectors(database),
    passages: (wanted) => passagesById(database, wanted),
    async documentNames({ part, collectionIds, limit }) {
      const wanted = part.trim().toLowerCase();
      if (wanted === '' || collectionIds.length === 0) return [];
      const rows = await query
        .selectFrom('document')
        .select('name')
        .where('collectionId', 'in', collectionIds)
        .where('status', '=', 'ready')
        .where(dialect.contains('name', wanted))
        .orderBy('createdAt', 'desc')
        .limit(limit)
        .execute();
      return [...new Set(rows.map(({ name }) => name))];
    },
    async termStatistics(terms) {
      return { passages: await passages.count(), containing: await containing(database, terms) };
    },
  };
}

/** Milliseconds for which the count is kept; other nodes of a PostgreSQL database may change it meanwhile. */
const countedForMs = 2_000;

/** How many passages there are, counted again only when it may have changed: every search asks. */
function countedPassages(database: Database) {
  let counted: { readonly passages: number; readonly at: number } | null = null;
  return {
    async count(): Promise<number> {
      if (counted && performance.now() - counted.at < countedForMs) return counted.passages;
      const at = performance.now();
      const row = await database.query
        .selectFrom('passage')
        .select((make) => make.fn.countAll<number>().as('passages'))
        .executeTakeFirstOrThrow();
      counted = { passages: row.passages, at };
      return row.passages;
    },
    forget: () => {
      counted = null;
    },
  };
}

async function listCollections(database: Database, wanted: Parameters<KnowledgeStore['collections']>[0]) {
  const limit = pageLimit(wanted);
  const cursor = readCursor<readonly [string]>(wanted, ['']);
  const { principals, prefix } = wanted;
  if (principals?.length === 0) return { items: [], nextCursor: null };
  let select = database.query
    .selectFrom('collection')
    .select(collectionCodec.columns)
    .select((make) => [
      make
        .selectFrom('document')
        .select((count) => count.fn.countAll<number>().as('documents'))
        .whereRef('document.collectionId', '=', 'collection.id')
        .as('documents'),
      make
        .selectFrom('document')
        .select((sum) => sum.fn.sum<number | string>('sizeBytes').as('sizeBytes'))
        .whereRef('document.collectionId', '=', 'collection.id')
        .as('sizeBytes'),
    ]);
  if (principals) {
    select = select.where('id', 'in', (within) =>
      within.selectFrom('collectionReader').select('collectionId').where('principal', 'in', principals),
    );
  }
  if (prefix !== undefined) select = select.where('name', '>=', prefix).where('name', '<', afterPrefix(prefix));
  if (cursor) select = select.where('name', '>', cursor[0]);
  const rows = await select
    .orderBy('name')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    ({ name }) => [name],
    (row): Collection & { documents: number; sizeBytes: number } => ({
      ...collectionCodec.decode(row),
      documents: Number(row.documents ?? 0),
      sizeBytes: Number(row.sizeBytes ?? 0),
    }),
  );
}

async function listDocuments(database: Database, wanted: Parameters<KnowledgeStore['documents']>[0]) {
  const limit = pageLimit(wanted);
  const cursor = readCursor<readonly [number, string]>(wanted, [0, '']);
  let select = database.query.selectFrom('document').selectAll();
  if (wanted.collectionId !== undefined) select = select.where('collectionId', '=', wanted.collectionId);
  if (wanted.status !== undefined) select = select.where('status', '=', wanted.status);
  const search = wanted.search?.trim().toLowerCase() ?? '';
  if (search !== '') select = select.where(database.dialect.contains('name', search));
  if (cursor) {
    select = select.where((condition) =>
      condition(condition.refTuple('createdAt', 'id'), '<', condition.tuple(cursor[0], cursor[1])),
    );
  }
  const rows = await select
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, ({ createdAt, id }) => [createdAt, id], documentCodec.decode);
}
