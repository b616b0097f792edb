import { at, items, rangeOf, type WebProvider, webHit } from './web-source.ts';

/** Brave Search: api-dashboard.search.brave.com/api-reference/web/search/get. At most 400 characters, 50 words, 20 results. */
export const brave: WebProvider = {
  usualUrl: 'https://api.search.brave.com',
  needsKey: true,
  call(base, key, { query, limit, language, days }) {
    const url = new URL(`${base.replace(/\/$/, '')}/res/v1/web/search`);
    url.searchParams.set('q', query.split(/\s+/).slice(0, 50).join(' ').slice(0, 400));
    url.searchParams.set('count', String(Math.min(20, limit)));
    url.searchParams.set('search_lang', language === 'zh' ? 'zh-hans' : 'en');
    url.searchParams.set('extra_snippets', 'true');
    const range = rangeOf(days, [
      [1, 'pd'],
      [7, 'pw'],
      [31, 'pm'],
      [366, 'py'],
    ]);
    if (range) url.searchParams.set('freshness', range);
    return { url: url.href, headers: { 'x-subscription-token': key ?? '' } };
  },
  read: (answer) =>
    items(at(answer, 'web', 'results')).flatMap(({ url, title, description, extra_snippets }) =>
      webHit(url, title, [description, ...(Array.isArray(extra_snippets) ? extra_snippets : [])].join('\n')),
    ),
};
