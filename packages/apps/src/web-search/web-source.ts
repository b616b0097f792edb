/** What a source of web pages is asked, and what it answers. One file a provider; each only translates. */

export interface WebQuery {
  readonly query: string;
  readonly limit: number;
  readonly language: 'en' | 'zh';
  /** Pages of the last so many days only; null for all. */
  readonly days: number | null;
  /** More may be spent on this one. */
  readonly thorough: boolean;
}

export interface WebHit {
  readonly url: string;
  readonly title: string;
  /** What the provider quotes of the page, as plain text; may be empty. */
  readonly excerpt: string;
}

/** A request and how to read its answer. */
export interface WebCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON body of a POST; a GET without one. */
  readonly body?: unknown;
}

export interface WebProvider {
  /** Address when the operator gives none; null where there is no common one. */
  readonly usualUrl: string | null;
  readonly needsKey: boolean;
  call(base: string, key: string | null, query: WebQuery): WebCall;
  /** @param answer Parsed JSON of the provider; whatever is not as documented is left out. */
  read(answer: unknown): readonly WebHit[];
}

export type WebProviderName = 'searxng' | 'brave' | 'bocha' | 'tavily';

type Json = Readonly<Record<string, unknown>>;

/** The value at a path of an answer, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Json)[name];
  }
  return found;
}

/** Items of a list that are objects. */
export const items = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];

/** A text without tags and entities that providers put around found words. */
export function plain(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .replace(/<[^>]{0,200}>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#x27|#39|nbsp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#39;': "'",
  '&nbsp;': ' ',
};

/** The longest of the known ranges that is not shorter than asked; null for no limit. */
export function rangeOf<T>(days: number | null, ranges: readonly (readonly [days: number, name: T])[]): T | null {
  if (days === null) return null;
  return ranges.find(([most]) => days <= most)?.[1] ?? null;
}

export const webHit = (url: unknown, title: unknown, excerpt: unknown): readonly WebHit[] =>
  typeof url === 'string' && /^https?:\/\//i.test(url)
    ? [{ url, title: plain(title) || url, excerpt: plain(excerpt) }]
    : [];
