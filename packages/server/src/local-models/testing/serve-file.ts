/** A file server with ranges, on loopback, that can be told to misbehave. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  /** Bytes of the file sent so far. */
  sent(): number;
  /** `Range` headers in the order in which they came. */
  readonly ranges: string[];
  /** Answers a request itself and returns true, or returns false. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Awaited before a range longer than a byte is answered. */
  answer: () => Promise<void>;
  /** Pause between pieces of 16 KiB. */
  pieceMs: number;
  /** Whether ranges are served. */
  ranged: boolean;
  etag: string;
  close(): Promise<void>;
}

const pieceBytes = 16 * 1024;

/** Bytes that differ everywhere, so that a part at a wrong place is found. */
export function bytesOf(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  return bytes;
}

export async function serveFile(size: number): Promise<FileServer> {
  const bytes = bytesOf(size);
  let sent = 0;
  const server = createServer(async (request, response) => {
    if (request.headers.range) self.ranges.push(request.headers.range);
    if (self.intercept(request, response)) return;
    const match = self.ranged ? /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') : null;
    const start = match ? Number(match[1]) : 0;
    const end = match ? Math.min(Number(match[2]), size - 1) : size - 1;
    if (end > start) await self.answer();
    response.writeHead(match ? 206 : 200, {
      etag: self.etag,
      'content-length': end - start + 1,
      ...(match ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
    });
    for (let at = start; at <= end && !response.destroyed; at += pieceBytes) {
      const piece = bytes.subarray(at, Math.min(end + 1, at + pieceBytes));
      sent += piece.length;
      response.write(piece);
      if (self.pieceMs > 0) await new Promise((resolve) => setTimeout(resolve, self.pieceMs));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: FileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.gguf`,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sent: () => sent,
    ranges: [],
    intercept: () => false,
    answer: async () => {},
    pieceMs: 0,
    ranged: true,
    etag: '"one"',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}
