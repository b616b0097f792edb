import type { WenkuNode } from '@myriad/contracts';

/** A document that is cited, numbered in the order of first mention. */
export interface Source {
  readonly number: number;
  readonly documentId: string;
  readonly name: string;
  readonly pages: readonly number[];
  readonly quotes: readonly string[];
}

/** The list of sources behind the citations of a document. */
export function collectSources(nodes: readonly WenkuNode[]): readonly Source[] {
  const found = new Map<string, { name: string; pages: Set<number>; quotes: Set<string> }>();
  const visit = (node: WenkuNode): void => {
    if (node.type === 'citation') {
      const id = String(node.attrs?.documentId ?? '');
      const source = found.get(id) ?? {
        name: String(node.attrs?.documentName ?? ''),
        pages: new Set(),
        quotes: new Set(),
      };
      if (typeof node.attrs?.page === 'number') source.pages.add(node.attrs.page);
      if (node.attrs?.quote) source.quotes.add(String(node.attrs.quote));
      found.set(id, source);
    }
    for (const child of node.content ?? []) visit(child);
  };
  for (const node of nodes) visit(node);
  return [...found].map(([documentId, { name, pages, quotes }], at) => ({
    number: at + 1,
    documentId,
    name,
    pages: [...pages].sort((left, right) => left - right),
    quotes: [...quotes],
  }));
}
