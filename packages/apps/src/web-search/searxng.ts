import { at, items, rangeOf, type WebProvider, webHit } from './web-source.ts';

/** SearXNG's JSON form: docs.searxng.org/dev/search_api. The instance must allow it under `search: formats`. */
export const searxng: WebProvider = {
  usualUrl: null,
  needsKey: false,
  call(base, key, { query, language, days }) {
    const url = new URL(`${base.replace(/\/$/, '')}/search`);
    url.searchParams.set('q', query);
    url.searchParams.set('format', 'json');
    url.searchParams.set('language', language);
    const range = rangeOf(days, [
      [1, 'day'],
      [31, 'month'],
      [366, 'year'],
    ]);
    if (range) url.searchParams.set('time_range', range);
    const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    return { url: url.href, headers };
  },
  read: (answer) => items(at(answer, 'results')).flatMap(({ url, title, content }) => webHit(url, title, content)),
};
