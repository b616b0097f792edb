import type { KnowledgeStore, PassageHit } from '@myriad/contracts';
import type { Database } from '../database/database.ts';

function hits(database: Database) {
  return database.query
    .selectFrom('passage')
    .innerJoin('document', 'document.id', 'passage.documentId')
    .select([
      'passage.seq',
      'passage.id',
      'passage.documentId',
      'passage.collectionId',
      'passage.ordinal',
      'passage.text',
      'passage.start',
      'passage.end',
      'passage.page',
      'passage.headings',
      'document.name as documentName',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof hits>['execute']>>[number];

function toHit(row: Row, score: number): PassageHit {
  const { id, ordinal, text, start, end, page, documentId, documentName, collectionId } = row;
  const headings = JSON.parse(row.headings) as string[];
  return { passage: { id, ordinal, text, start, end, page, headings }, documentId, documentName, collectionId, score };
}

/** The best passages by BM25 over the terms, best first, of these collections and no other. */
export async function searchPassages(
  database: Database,
  { terms, collectionIds, documentIds, limit, filter = {} }: Parameters<KnowledgeStore['search']>[0],
): Promise<readonly PassageHit[]> {
  const wanted = [...new Set(terms)];
  const within = [...new Set(collectionIds)];
  const only = documentIds ? { ...filter, documentIds } : filter;
  if (only.documentIds?.length === 0) return [];
  const ranked = await database.dialect.passageIndex.search(database, wanted, within, limit, only);
  if (ranked.length === 0) return [];
  const rows = await hits(database)
    .where(
      'passage.seq',
      'in',
      ranked.map(({ seq }) => seq),
    )
    .execute();
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  return ranked.flatMap(({ seq, score }) => {
    const row = bySeq.get(seq);
    return row ? [toHit(row, score)] : [];
  });
}

export async function passageById(database: Database, id: string): Promise<PassageHit | null> {
  const row = await hits(database).where('passage.id', '=', id).executeTakeFirst();
  return row ? toHit(row, 0) : null;
}

/** In how many passages each term stands, of all collections. */
export function containing(database: Database, terms: readonly string[]): Promise<readonly number[]> {
  return database.dialect.passageIndex.containing(database, terms);
}

/** Passages by id, only those of the collections and of documents that the filter lets through. */
export async function passagesById(
  database: Database,
  { ids, collectionIds, filter = {} }: Parameters<KnowledgeStore['passages']>[0],
): Promise<readonly PassageHit[]> {
  if (ids.length === 0 || collectionIds.length === 0) return [];
  let select = hits(database).where('passage.id', 'in', ids).where('passage.collectionId', 'in', collectionIds);
  if (filter.documentIds) select = select.where('document.id', 'in', filter.documentIds);
  if (filter.mediaTypes) select = select.where('document.mediaType', 'in', filter.mediaTypes);
  if (filter.from !== undefined) select = select.where('document.createdAt', '>=', filter.from);
  if (filter.to !== undefined) select = select.where('document.createdAt', '<', filter.to);
  if (filter.addedBy !== undefined) select = select.where('document.addedBy', '=', filter.addedBy);
  return (await select.execute()).map((row) => toHit(row, 0));
}
