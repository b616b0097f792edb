import type { Citation, Passage, SearchSource } from '@myriad/contracts';

/** A source as a card: cited under a number, or found and not cited. */
export interface SourceCard {
  readonly citation: Citation;
  readonly cited: boolean;
  readonly headings: readonly string[];
  /** Address of a page of the web. */
  readonly url: string | null;
  /** The whole passage; of a kept answer from long ago it may be gone. */
  readonly text: string;
  /** Place of the passage's first character in its document. */
  readonly start: number;
}

/** Sources of passages that the stream brought, before the answer is kept. */
export function liveSources(passages: readonly Passage[]): readonly SearchSource[] {
  return passages.map(({ sentences: _, ...passage }) => {
    const isWeb = passage.documentId.startsWith('web:');
    return { passage, origin: isWeb ? 'web' : 'document', url: isWeb ? passage.documentId.slice(4) : null };
  });
}

/** Cited sources by number, then those that were found and not cited. */
export function sourceCards(citations: readonly Citation[], sources: readonly SearchSource[]): readonly SourceCard[] {
  const byPassage = new Map(sources.map((source) => [source.passage.id, source]));
  const first = [...new Map([...citations].reverse().map((citation) => [citation.number, citation])).values()];
  const cited = first
    .sort((left, right) => left.number - right.number)
    .map((citation) => cardOf(citation, byPassage.get(citation.passageId), true));
  const known = new Set(citations.map(({ passageId }) => passageId));
  const others = sources
    .filter(({ passage }) => !known.has(passage.id))
    .map((source) => {
      const { id, documentId, documentName, text, start, end, page } = source.passage;
      const place = { number: 0, passageId: id, documentId, documentName, quote: text, start, end };
      return cardOf({ ...place, ...(page === null ? {} : { page }) }, source, false);
    });
  return [...cited, ...others];
}

function cardOf(citation: Citation, source: SearchSource | undefined, cited: boolean): SourceCard {
  const isWeb = citation.documentId.startsWith('web:');
  return {
    citation,
    cited,
    headings: source?.passage.headings ?? [],
    url: source?.url ?? (isWeb ? citation.documentId.slice(4) : null),
    text: source?.passage.text ?? citation.quote,
    start: source?.passage.start ?? citation.start,
  };
}
