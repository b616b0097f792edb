import type { Citation, SearchSource } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sourceCards } from './search-sources.ts';

const source = (id: string, documentId = `doc_${id}`): SearchSource => ({
  passage: {
    id,
    documentId,
    documentName: `${id}.pdf`,
    collectionId: 'col',
    text: `text of ${id}`,
    start: 10,
    end: 20,
    page: null,
    headings: ['Leave'],
    score: 1,
    coverage: 1,
  },
  origin: documentId.startsWith('web:') ? 'web' : 'document',
  url: documentId.startsWith('web:') ? documentId.slice(4) : null,
});
const citation = (number: number, passageId: string): Citation => ({
  number,
  passageId,
  documentId: `doc_${passageId}`,
  documentName: `${passageId}.pdf`,
  quote: 'text',
  start: 10,
  end: 14,
});

test('cited sources come first by number, once each; the rest are found and not cited', () => {
  const cards = sourceCards(
    [citation(2, 'b'), citation(1, 'a'), citation(2, 'b')],
    [source('a'), source('b'), source('c')],
  );
  expect(cards.map(({ citation: { number, passageId }, cited }) => [number, passageId, cited])).toEqual([
    [1, 'a', true],
    [2, 'b', true],
    [0, 'c', false],
  ]);
});

test('a page of the web carries its address, also when only the citation is left', () => {
  expect(sourceCards([], [source('w', 'web:https://example.org/a')])[0]?.url).toBe('https://example.org/a');
  const alone = { ...citation(1, 'w'), documentId: 'web:https://example.org/a' };
  expect(sourceCards([alone], [])[0]).toMatchObject({ url: 'https://example.org/a', text: 'text' });
});
