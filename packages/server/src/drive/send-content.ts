/** A file's bytes: ranges, validators, and a policy under which nothing that people upload is a page of this site. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { House } from '../house.ts';

export interface Content {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly contentHash: string;
  readonly modifiedAt: number;
  /** Shown in the page where its type allows; else always a download. */
  readonly inline: boolean;
  /** Whether parts may be asked for. */
  readonly ranges: boolean;
}

/** What a browser may show by itself. Everything else is downloaded. */
const shown =
  /^(image\/(?!svg)|audio\/|video\/|application\/pdf$|text\/(plain|markdown|csv|x-source|yaml|tab-separated-values)$|application\/json$)/;
const sandboxed = /^(text\/html|image\/svg\+xml)$/;

/** @returns The first byte and the one after the last; null for the whole; `invalid` when it cannot be met. */
export function readRange(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | 'invalid' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const start = Math.max(0, sizeBytes - Number(match[2]));
    return Number(match[2]) === 0 ? 'invalid' : { start, end: sizeBytes };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? sizeBytes : Math.min(sizeBytes, Number(match[2]) + 1);
  return start < end ? { start, end } : 'invalid';
}

/** `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266), so that a name can neither break the header nor lie. */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["\\%;]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function headersOf(content: Content): Record<string, string> {
  const { mediaType } = content;
  const page = sandboxed.test(mediaType);
  const inline = content.inline && (page || shown.test(mediaType));
  const text = /^text\/|json$/.test(mediaType) && !page;
  const type = !inline ? 'application/octet-stream' : text ? 'text/plain; charset=utf-8' : mediaType;
  return {
    'content-type': page && inline ? `${mediaType}; charset=utf-8` : type,
    'content-disposition': disposition(inline ? 'inline' : 'attachment', content.name),
    'content-security-policy':
      "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; media-src 'self'; frame-ancestors 'self'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-cache',
    etag: `"${content.contentHash}"`,
    'last-modified': new Date(content.modifiedAt).toUTCString(),
    ...(content.ranges ? { 'accept-ranges': 'bytes' } : {}),
  };
}

export async function sendContent(
  house: House,
  request: IncomingMessage,
  response: ServerResponse,
  content: Content,
  /** Called before the first byte; it may refuse by throwing. */
  onSend: () => Promise<void> = async () => {},
): Promise<void> {
  const headers = headersOf(content);
  const { sizeBytes, contentHash } = content;
  const etag = `"${contentHash}"`;
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const ifRange = request.headers['if-range'];
  const wanted = content.ranges && (ifRange === undefined || ifRange === etag) ? request.headers.range : undefined;
  const range = readRange(wanted, sizeBytes);
  if (range === 'invalid') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${sizeBytes}` }).end();
    return;
  }
  const length = range ? range.end - range.start : sizeBytes;
  const sized = {
    ...headers,
    'content-length': String(length),
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${sizeBytes}` } : {}),
  };
  if (request.method === 'HEAD') {
    response.writeHead(range ? 206 : 200, sized).end();
    return;
  }
  await onSend();
  const source = Readable.from(house.store.blobs.stream(contentHash, range ?? undefined), { objectMode: false });
  response.writeHead(range ? 206 : 200, sized);
  // A reader who leaves in the middle is no fault; bytes that turn out damaged end the connection before its length.
  await pipeline(source, response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      house.log('error', 'content_failed', { contentHash, cause: String(error) });
  });
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*');
}
