import { at, items, rangeOf, type WebProvider, webHit } from './web-source.ts';

/** 博查 Web Search: open.bochaai.com, POST /v1/web-search; the answer has the shape of Bing's under `data`. */
export const bocha: WebProvider = {
  usualUrl: 'https://api.bochaai.com',
  needsKey: true,
  call(base, key, { query, limit, days }) {
    const freshness = rangeOf(days, [
      [1, 'oneDay'],
      [7, 'oneWeek'],
      [31, 'oneMonth'],
      [366, 'oneYear'],
    ]);
    return {
      url: `${base.replace(/\/$/, '')}/v1/web-search`,
      headers: { authorization: `Bearer ${key ?? ''}` },
      body: { query, freshness: freshness ?? 'noLimit', summary: true, count: Math.min(50, limit) },
    };
  },
  read: (answer) =>
    items(at(answer, 'data', 'webPages', 'value')).flatMap(({ url, name, snippet, summary }) =>
      webHit(url, name, summary || snippet),
    ),
};
