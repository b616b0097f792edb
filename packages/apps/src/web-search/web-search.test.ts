import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createWebSearch } from './web-search.ts';
import type { WebProviderName, WebQuery } from './web-source.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8');
const query: WebQuery = { query: 'lighthouse 灯塔', limit: 5, language: 'en', days: 7, thorough: false };
const signal = new AbortController().signal;

let server: Server | null = null;
afterEach(() => server?.close());

async function serve(body: string, status = 200) {
  const seen: { url: string; method: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const made = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body: text });
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 302 ? { location: '/else' } : {}),
    });
    response.end(body);
  });
  server = made;
  await new Promise<void>((ready) => made.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(made.address() as AddressInfo).port}`, seen };
}

const ask = async (provider: WebProviderName, body: string, status = 200) => {
  const { url, seen } = await serve(body, status);
  const source = createWebSearch({ provider, url, key: 'k-1' });
  return { seen, hits: () => source.search(query, signal) };
};

test('SearXNG is asked by GET for JSON, with language and time, and its pages are read', async () => {
  const { hits, seen } = await ask('searxng', fixture('searxng'));
  expect(await hits()).toEqual([
    { url: 'https://example.org/kullen', title: 'Kullen & its lighthouse', excerpt: 'Lit in 1900.' },
  ]);
  const asked = new URL(seen[0]?.url ?? '', 'http://x');
  expect([seen[0]?.method, asked.pathname]).toEqual(['GET', '/search']);
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    q: 'lighthouse 灯塔',
    format: 'json',
    language: 'en',
    time_range: 'month',
  });
});

test('Brave is asked with its token in its header, and extra snippets count', async () => {
  const { hits, seen } = await ask('brave', fixture('brave'));
  expect(await hits()).toEqual([
    { url: 'https://example.org/kullen', title: 'Kullen', excerpt: 'The lighthouse of Kullen. Lit in 1900.' },
  ]);
  expect(seen[0]?.headers['x-subscription-token']).toBe('k-1');
  expect(seen[0]?.url).toMatch(/^\/res\/v1\/web\/search\?.*freshness=pw/);
});

test('Bocha is asked by POST with a bearer key, and its summaries are preferred', async () => {
  const { hits, seen } = await ask('bocha', fixture('bocha'));
  expect(await hits()).toEqual([{ url: 'https://example.org/灯塔', title: '灯塔', excerpt: '灯塔于1900年点亮。' }]);
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/web-search' });
  expect(seen[0]?.headers.authorization).toBe('Bearer k-1');
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    query: 'lighthouse 灯塔',
    freshness: 'oneWeek',
    summary: true,
    count: 5,
  });
});

test('Tavily is asked by POST with a bearer key', async () => {
  const { hits, seen } = await ask('tavily', fixture('tavily'));
  expect(await hits()).toEqual([{ url: 'https://example.org/kullen', title: 'Kullen', excerpt: 'Lit in 1900.' }]);
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
    query: 'lighthouse 灯塔',
    max_results: 5,
    search_depth: 'basic',
    time_range: 'week',
  });
});

test.each([
  [401, 'upstream_auth'],
  [429, 'upstream_rate_limited'],
  [500, 'upstream_error'],
  [302, 'upstream_unavailable'],
])('a source that answers %i ends in %s, and a redirect never carries the key away', async (status, code) => {
  const { hits, seen } = await ask('tavily', '{}', status);
  await expect(hits()).rejects.toMatchObject({ code });
  expect(seen).toHaveLength(1);
});

test('what is not JSON, or not of the documented shape, breaks nothing', async () => {
  await expect((await ask('brave', '<html>')).hits()).rejects.toMatchObject({ code: 'upstream_unavailable' });
  server?.close();
  const odd = '{"results":[null,3,{"url":"javascript:alert(1)","title":"x"},{"title":"no address"}]}';
  expect(await (await ask('searxng', odd)).hits()).toEqual([]);
});

test('SearXNG without an address and others without a key are refused at the start', () => {
  expect(() => createWebSearch({ provider: 'searxng' })).toThrow(/address/);
  expect(() => createWebSearch({ provider: 'brave' })).toThrow(/key/);
});
