import type { Knowledge, Passage, SearchDepth } from '@myriad/contracts';
import type { FetchPage } from '../guarded-fetch/fetch-page.ts';
import type { WebHit, WebQuery } from '../web-search/web-source.ts';

export interface WebWiring {
  readonly knowledge: Pick<Knowledge, 'quote'>;
  readonly fetchPage: FetchPage;
}

/** Pages asked for, pages opened, and passages kept, by how much the person wants read. */
export const webReading: Readonly<
  Record<SearchDepth, { readonly hits: number; readonly pages: number; readonly passages: number }>
> = {
  speed: { hits: 6, pages: 0, passages: 4 },
  balanced: { hits: 8, pages: 3, passages: 6 },
  quality: { hits: 15, pages: 8, passages: 10 },
};

const pageMs = 8_000;
const pageCharacters = 200_000;

/** How the web is asked for a question of this depth. */
export function webQuery(
  query: string,
  depth: SearchDepth,
  language: 'en' | 'zh',
  from: number | undefined,
  now: number,
): WebQuery {
  const days = from === undefined ? null : Math.max(1, Math.ceil((now - from) / 86_400_000));
  return { query, limit: webReading[depth].hits, language, days, thorough: depth === 'quality' };
}

/**
 * Opens the best pages through the guard and cuts passages out of them; of pages that cannot be opened, and of the rest,
 * the provider's excerpt counts. A passage of the web has `web:<address>` for its document.
 *
 * @returns The passages, best first, and how many pages were opened.
 */
export async function readPages(
  { knowledge, fetchPage }: WebWiring,
  query: string,
  hits: readonly WebHit[],
  depth: SearchDepth,
  signal: AbortSignal,
): Promise<{ readonly passages: readonly Passage[]; readonly opened: number; readonly failed: number }> {
  const { pages, passages: most } = webReading[depth];
  let opened = 0;
  let failed = 0;
  const texts = await Promise.all(
    hits.map(async ({ url, title, excerpt }, at) => {
      const name = `${title.slice(0, 160)} · ${new URL(url).hostname}`;
      if (at >= pages) return { name, text: excerpt, url };
      try {
        const page = await fetchPage(url, AbortSignal.any([signal, AbortSignal.timeout(pageMs)]));
        opened += 1;
        return { name, text: page.text.slice(0, pageCharacters) || excerpt, url };
      } catch {
        failed += 1;
        return { name, text: excerpt, url };
      }
    }),
  );
  signal.throwIfAborted();
  const passages = knowledge.quote(query, texts).map((passage): Passage => {
    const page = texts[Number(passage.documentId.replace('given:', ''))] as (typeof texts)[number];
    return { ...passage, documentId: `web:${page.url}`, collectionId: 'web' };
  });
  return { passages: passages.slice(0, most), opened, failed };
}
