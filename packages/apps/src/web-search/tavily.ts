import { at, items, rangeOf, type WebProvider, webHit } from './web-source.ts';

/** Tavily: docs.tavily.com/documentation/api-reference/endpoint/search. At most 20 results. */
export const tavily: WebProvider = {
  usualUrl: 'https://api.tavily.com',
  needsKey: true,
  call(base, key, { query, limit, days, thorough }) {
    const range = rangeOf(days, [
      [1, 'day'],
      [7, 'week'],
      [31, 'month'],
      [366, 'year'],
    ]);
    return {
      url: `${base.replace(/\/$/, '')}/search`,
      headers: { authorization: `Bearer ${key ?? ''}` },
      body: {
        query: query.slice(0, 400),
        max_results: Math.min(20, limit),
        search_depth: thorough ? 'advanced' : 'basic',
        ...(range ? { time_range: range } : {}),
      },
    };
  },
  read: (answer) => items(at(answer, 'results')).flatMap(({ url, title, content }) => webHit(url, title, content)),
};
