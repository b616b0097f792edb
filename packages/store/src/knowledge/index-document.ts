import type { KnowledgeDocument, StoredPassage } from '@myriad/contracts';
import type { Batch, SqlValue, Statement } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { insertRow, saveRow, statement, updateRows } from '../database/statements.ts';
import { documentCodec } from '../records/codecs.ts';

/** Removes passages, their index entries and the extracted texts. `where` is a condition on `documentId`. */
export function removePassages(dialect: Dialect, where: string, params: readonly SqlValue[]): readonly Statement[] {
  return [
    ...dialect.passageIndex.remove(where, params),
    statement(`delete from "passageVector" where ${where}`, params),
    statement(`delete from "passage" where ${where}`, params),
    statement(`delete from "documentText" where ${where}`, params),
  ];
}

/**
 * Replaces what is known of a document's content. A document that was deleted while it was parsed stays deleted: the
 * batch fails with `not_found`.
 */
export function indexDocumentBatch(
  dialect: Dialect,
  document: KnowledgeDocument,
  text: string,
  pageStarts: readonly number[],
  passages: readonly StoredPassage[],
): Batch {
  const { id, collectionId } = document;
  const { id: _same, ...changes } = documentCodec.encode(document);
  return [
    updateRows('document', changes, { id }, { changes: 1, code: 'not_found', message: `There is no document ${id}.` }),
    ...removePassages(dialect, `"documentId" = ?`, [id]),
    saveRow('documentText', { documentId: id, text, pageStarts: JSON.stringify(pageStarts) }, ['documentId']),
    ...passages.flatMap(({ terms, headings, ...passage }) => [
      insertRow(
        'passage',
        { ...passage, documentId: id, collectionId, headings: JSON.stringify(headings) },
        `There is already a passage ${passage.id}.`,
      ),
      ...dialect.passageIndex.add(passage.id, collectionId, terms),
    ]),
  ];
}
