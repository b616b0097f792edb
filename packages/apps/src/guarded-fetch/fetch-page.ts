import { MyriadError } from '@myriad/contracts';
import { type Dispatcher, fetch } from 'undici';
import { type GuardOptions, guardedAgent } from './guarded-agent.ts';
import { readInWorker } from './read-in-worker.ts';

export interface FetchedPage {
  /** Address after redirects. */
  readonly url: string;
  readonly title: string;
  readonly text: string;
  readonly mediaType: string;
}

/** Reads a public page as text. */
export type FetchPage = (url: string, signal: AbortSignal) => Promise<FetchedPage>;

const maxBytes = 2 * 1024 * 1024;
const maxRedirects = 5;
const totalMs = 15_000;
const readable =
  /^(text\/(html|plain|markdown|csv|xml)|application\/(xhtml\+xml|json|ld\+json|xml|atom\+xml|rss\+xml))$/;

function checkedUrl(address: string, base?: string): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new MyriadError('address_blocked', 'Only http and https addresses are opened.');
  }
  if (url.username || url.password)
    throw new MyriadError('address_blocked', 'An address with a password is not opened.');
  url.hash = '';
  return url;
}

async function readBody(body: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new MyriadError('body_too_large', `The page has more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Finds our own refusal under the errors that the HTTP client wraps around it. */
function ownError(error: unknown): MyriadError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof MyriadError) return at;
  return null;
}

/**
 * Makes a reader of public pages: http and https only, each hop's address checked at the socket, at most five redirects,
 * 2 MiB after decompression, 15 s, text types only.
 */
export function pageFetcher(options: GuardOptions = {}): FetchPage & { close(): Promise<void> } {
  const agent: Dispatcher = guardedAgent(options);
  async function follow(address: string, signal: AbortSignal): Promise<FetchedPage> {
    let url = checkedUrl(address);
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const response = await fetch(url, {
        dispatcher: agent,
        redirect: 'manual',
        signal,
        headers: {
          accept: 'text/html,application/xhtml+xml,text/plain;q=0.9,application/json;q=0.8',
          'user-agent': 'Myriad/0.1 (page reader)',
        },
      });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location) {
        await response.body?.cancel();
        url = checkedUrl(location, url.href);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new MyriadError('upstream_error', `The page answered ${response.status}.`, {
          facts: { status: response.status },
        });
      }
      const contentType = response.headers.get('content-type') ?? 'text/plain';
      const mediaType = (contentType.split(';')[0] as string).trim().toLowerCase();
      if (!readable.test(mediaType)) {
        await response.body?.cancel();
        throw new MyriadError(
          'unsupported_media_type',
          `The address holds ${mediaType.slice(0, 80)}, which is not text.`,
        );
      }
      const bytes = await readBody(response.body);
      return { url: url.href, mediaType, ...(await readInWorker(bytes, contentType, mediaType, signal)) };
    }
    throw new MyriadError('upstream_error', `The page redirects more than ${maxRedirects} times.`);
  }

  const fetchPage = async (address: string, signal: AbortSignal): Promise<FetchedPage> => {
    const limit = AbortSignal.timeout(totalMs);
    try {
      return await follow(address, AbortSignal.any([signal, limit]));
    } catch (error) {
      const own = ownError(error);
      if (own) throw own;
      if (signal.aborted) throw new MyriadError('aborted', 'The caller went away.', { cause: error });
      if (limit.aborted) throw new MyriadError('upstream_timeout', `The page took longer than ${totalMs / 1000} s.`);
      throw new MyriadError('upstream_unavailable', 'The page cannot be reached.', { cause: error });
    }
  };
  return Object.assign(fetchPage, { close: () => agent.destroy() });
}
