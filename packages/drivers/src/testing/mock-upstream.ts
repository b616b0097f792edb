/** A provider on loopback for tests: replays what it is told, and can split, delay, compress, cut, stall and hang up. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

export interface MockReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Compresses the body and says so. */
  readonly encoding?: 'gzip' | 'br' | 'deflate' | 'deflate-raw' | 'zstd';
  /** Milliseconds before status and headers. */
  readonly delayMs?: number;
  /** Byte positions where the body is written in separate pieces; `bytes` writes each byte by itself. */
  readonly splitAt?: readonly number[] | 'bytes';
  /** Milliseconds between the pieces. */
  readonly gapMs?: number;
  /** After this many bytes of the body: `cut` destroys the socket, `stall` leaves it open in silence. */
  readonly fault?: { readonly kind: 'cut' | 'stall'; readonly afterBytes: number };
  /** Destroys the socket as soon as the request is there. */
  readonly hangUp?: boolean;
}

export interface MockRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface MockUpstream {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly MockRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** Resolves when a client leaves before its answer is complete. */
  readonly clientLeft: Promise<void>;
  /** Answers in turn; the last one repeats. */
  answer(...replies: readonly (MockReply | ((request: MockRequest) => MockReply))[]): void;
  close(): Promise<void>;
}

export async function startMockUpstream(port = 0): Promise<MockUpstream> {
  let replies: readonly (MockReply | ((request: MockRequest) => MockReply))[] = [{ status: 500 }];
  let answered = 0;
  let connections = 0;
  const requests: MockRequest[] = [];
  const sockets = new Set<Socket>();
  let left: () => void = () => undefined;
  const clientLeft = new Promise<void>((resolve) => {
    left = resolve;
  });
  const server = createServer((incoming, response) => {
    void receive(incoming).then((request) => {
      requests.push(request);
      const reply = replies[Math.min(answered, replies.length - 1)] as
        | MockReply
        | ((request: MockRequest) => MockReply);
      answered += 1;
      response.on('close', () => {
        if (!response.writableFinished) left();
      });
      return send(response, typeof reply === 'function' ? reply(request) : reply);
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    get connections() {
      return connections;
    },
    clientLeft,
    answer(...given) {
      replies = given;
      answered = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<MockRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

async function send(response: ServerResponse, reply: MockReply): Promise<void> {
  if (reply.hangUp) {
    response.socket?.destroy();
    return;
  }
  const bytes = compress(Buffer.from(reply.body ?? ''), reply.encoding);
  if (reply.delayMs) await sleep(reply.delayMs);
  response.writeHead(reply.status ?? 200, {
    ...reply.headers,
    ...(reply.encoding ? { 'content-encoding': reply.encoding.replace('-raw', '') } : {}),
  });
  response.flushHeaders();
  const end = reply.fault ? Math.min(reply.fault.afterBytes, bytes.length) : bytes.length;
  for (const piece of piecesOf(bytes.subarray(0, end), reply.splitAt)) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (reply.gapMs) await sleep(reply.gapMs);
    else if (reply.splitAt) await new Promise((resolve) => setImmediate(resolve));
  }
  if (reply.fault?.kind === 'stall') return;
  if (reply.fault?.kind === 'cut') response.socket?.destroy();
  else response.end();
}

function piecesOf(bytes: Buffer, splitAt: MockReply['splitAt']): readonly Buffer[] {
  if (!splitAt) return bytes.length > 0 ? [bytes] : [];
  const cuts =
    splitAt === 'bytes' ? Array.from(bytes.keys()) : [0, ...splitAt.filter((at) => at > 0 && at < bytes.length)];
  return cuts.map((from, index) => bytes.subarray(from, cuts[index + 1] ?? bytes.length));
}

function compress(bytes: Buffer, encoding: MockReply['encoding']): Buffer {
  switch (encoding) {
    case 'gzip':
      return gzipSync(bytes);
    case 'br':
      return brotliCompressSync(bytes);
    case 'deflate':
      return deflateSync(bytes);
    case 'deflate-raw':
      return deflateRawSync(bytes);
    case 'zstd':
      return zstdCompressSync(bytes);
    default:
      return bytes;
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
