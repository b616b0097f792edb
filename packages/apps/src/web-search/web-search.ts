import { isMyriadError, MyriadError } from '@myriad/contracts';
import { fetch } from 'undici';
import { bocha } from './bocha.ts';
import { brave } from './brave.ts';
import { searxng } from './searxng.ts';
import { tavily } from './tavily.ts';
import type { WebHit, WebProvider, WebProviderName, WebQuery } from './web-source.ts';

export interface WebSearch {
  readonly name: string;
  /** Pages for a question, best first, each address once. @throws MyriadError `upstream_…` in the provider's stead. */
  search(query: WebQuery, signal: AbortSignal): Promise<readonly WebHit[]>;
}

export interface WebSearchOptions {
  readonly provider: WebProviderName;
  /** Base address; the provider's own unless said. SearXNG needs one. */
  readonly url?: string | undefined;
  readonly key?: string | null;
}

const providers: Readonly<Record<WebProviderName, WebProvider>> = { searxng, brave, bocha, tavily };
const waitMs = 10_000;
const mostBytes = 4 * 1024 * 1024;

/**
 * A source of web pages at the address that the operator named; it may be a private one. Only the question is sent, never
 * anything of the organisation's documents.
 *
 * @throws MyriadError `config_invalid` when the address or the key is missing.
 */
export function createWebSearch({ provider: name, url, key = null }: WebSearchOptions): WebSearch {
  const provider = providers[name];
  const base = url ?? provider.usualUrl;
  if (base === null) throw new MyriadError('config_invalid', `The web source ${name} needs its address in \`url\`.`);
  if (provider.needsKey && !key)
    throw new MyriadError('config_invalid', `The web source ${name} needs a key, such as \`key: env:WEB_SEARCH_KEY\`.`);
  return {
    name,
    async search(query, signal) {
      const { url: address, headers, body } = provider.call(base, key, query);
      const found = provider.read(await ask(name, address, headers, body, signal));
      const seen = new Set<string>();
      const once = found.filter(({ url: page }) => {
        const place = page.replace(/#.*$/, '').replace(/\/$/, '');
        return !seen.has(place) && seen.add(place);
      });
      return once.slice(0, query.limit);
    },
  };
}

async function ask(
  name: string,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const facts = { provider: name };
  try {
    const response = await fetch(address, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the key to another host.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(waitMs)]),
    });
    const { status } = response;
    if (status === 401 || (status === 403 && name !== 'searxng')) {
      await response.body?.cancel();
      throw new MyriadError('upstream_auth', `${name} refused the key (${status}).`, { facts: { ...facts, status } });
    }
    if (status === 403) {
      await response.body?.cancel();
      throw new MyriadError(
        'upstream_rejected',
        'SearXNG refused the JSON form (403): allow `json` under `search: formats` in its settings.',
        { facts: { ...facts, status } },
      );
    }
    if (status === 429) {
      await response.body?.cancel();
      throw new MyriadError('upstream_rate_limited', `${name} takes no more questions now (429).`, {
        facts: { ...facts, status },
      });
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new MyriadError('upstream_error', `${name} answered ${status}.`, { facts: { ...facts, status } });
    }
    return JSON.parse(await readText(response.body, name));
  } catch (cause) {
    if (isMyriadError(cause)) throw cause;
    if (signal.aborted) throw new MyriadError('aborted', 'The caller went away.', { cause });
    throw new MyriadError('upstream_unavailable', `${name} cannot be reached or did not answer in JSON.`, {
      cause,
      facts,
    });
  }
}

async function readText(body: AsyncIterable<Uint8Array> | null, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes)
      throw new MyriadError('upstream_error', `${name} answered with more than ${mostBytes} bytes.`, {
        facts: { provider: name, mostBytes },
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
