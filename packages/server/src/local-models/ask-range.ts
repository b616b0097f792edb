/** One ranged request of a download, redirects followed by hand and counted. */
import { MyriadError } from '@myriad/contracts';
import { checkHop } from './check-address.ts';

export interface RangeAnswer {
  /** Whether the server sent the range; otherwise it sends the whole file from its first byte. */
  readonly ranged: boolean;
  /** First byte that is sent. */
  readonly start: number;
  /** Bytes of the whole file, or null when the server does not say. */
  readonly totalBytes: number | null;
  readonly etag: string | null;
  readonly body: AsyncIterable<Uint8Array>;
}

const maxRedirects = 5;

/**
 * @param end Last byte, inclusive.
 * @throws MyriadError `upstream_unavailable`, `upstream_overloaded`, `upstream_rate_limited` (worth another try, the
 * latter two with `retryAfterMs`), `upstream_rejected` (404, 401, …), `upstream_protocol`, `address_blocked`, `aborted`.
 */
export async function askRange(url: string, start: number, end: number, signal: AbortSignal): Promise<RangeAnswer> {
  const operatorUrl = new URL(url);
  let next = operatorUrl;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await ask(next, start, end, signal);
    const { status } = response;
    if (status < 300 || status === 416) return readAnswer(response, next, start, end);
    await response.body?.cancel().catch(() => {});
    const location = response.headers.get('location');
    if (status >= 400 || status === 304 || !location) throw refusal(response, next);
    next = new URL(location, next);
    checkHop(next, operatorUrl);
  }
  throw new MyriadError('upstream_protocol', `${operatorUrl.host} redirects more than ${maxRedirects} times.`);
}

async function ask(url: URL, start: number, end: number, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: 'manual',
      signal,
      // A compressed body has other bytes than the ones asked for.
      headers: { range: `bytes=${start}-${end}`, 'accept-encoding': 'identity', 'user-agent': 'myriad' },
    });
  } catch (cause) {
    if (signal.aborted) throw abortedOr(signal.reason);
    throw unreachable(url.host, cause);
  }
}

function abortedOr(reason: unknown): MyriadError {
  return reason instanceof MyriadError ? reason : new MyriadError('aborted', 'The download was stopped.');
}

/** A failure of the network, in words; `cause.code` is what the system calls it. */
export function unreachable(host: string, cause: unknown): MyriadError {
  const inner = (cause as { cause?: { code?: string } } | null)?.cause;
  const code = inner?.code ?? (cause as { code?: string } | null)?.code ?? 'no answer';
  return new MyriadError(
    'upstream_unavailable',
    `${host} cannot be reached (${code}). Without a way to it, set \`modelMirror\` or \`localModels\`.`,
    { cause, facts: { host, code } },
  );
}

function refusal(response: Response, url: URL): MyriadError {
  const { status } = response;
  const facts = { host: url.host, status };
  const seconds = Number(response.headers.get('retry-after'));
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 60) * 1_000 } : {};
  if (status === 429)
    return new MyriadError('upstream_rate_limited', `${url.host} limits the rate.`, { facts, ...wait });
  if (status >= 500)
    return new MyriadError('upstream_overloaded', `${url.host} answered ${status}.`, { facts, ...wait });
  const why =
    status === 404 || status === 410
      ? 'there is no such file'
      : status === 401 || status === 403
        ? 'it wants a sign-in, or refuses this machine'
        : 'it refused';
  return new MyriadError('upstream_rejected', `${url.host} answered ${status}: ${why} (${url.pathname}).`, { facts });
}

function readAnswer(response: Response, url: URL, start: number, end: number): RangeAnswer {
  const etag = response.headers.get('etag');
  const body = response.body as unknown as AsyncIterable<Uint8Array>;
  if (response.status === 206) {
    const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (!match || Number(match[1]) !== start || Number(match[2]) > end) {
      void response.body?.cancel().catch(() => {});
      throw new MyriadError('upstream_protocol', `${url.host} sent other bytes than the ${start}-${end} asked for.`);
    }
    return { ranged: true, start, totalBytes: match[3] === '*' ? null : Number(match[3]), etag, body };
  }
  if (response.status === 416) {
    void response.body?.cancel().catch(() => {});
    throw new MyriadError('upstream_protocol', `${url.host} has no bytes ${start}-${end}: the file is shorter there.`);
  }
  const length = response.headers.get('content-length');
  return { ranged: false, start: 0, totalBytes: length === null ? null : Number(length), etag, body };
}
