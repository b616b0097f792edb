import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import type { Plugin } from 'vite';
import { createMockApi } from './mock-api.ts';

/** Answers `/api` and `/v1` from the mock in Vite's own server; for development and for looking, never shipped. */
export function serveMockApi(): Plugin {
  const api = createMockApi();
  const answer = async (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!/^\/(api|v1)\//.test(request.url ?? '')) return next();
    const method = request.method ?? 'GET';
    const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(request);
    const asked = new Request(`http://mock${request.url}`, {
      method,
      headers: request.headers as Record<string, string>,
      ...(body ? { body: body as unknown as BodyInit, duplex: 'half' } : {}),
    });
    const given = await api(asked);
    response.writeHead(given.status, Object.fromEntries(given.headers));
    if (!given.body) return void response.end();
    const stream = Readable.fromWeb(given.body as unknown as NodeStream);
    stream.on('error', () => response.destroy());
    response.on('close', () => stream.destroy());
    stream.pipe(response);
  };
  return {
    name: 'myriad-mock-api',
    configureServer(server) {
      server.middlewares.use((request, response, next) => void answer(request, response, next));
    },
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => void answer(request, response, next));
    },
  };
}
