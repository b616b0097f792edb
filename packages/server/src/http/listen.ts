/** The node's HTTP server: data plane on raw node:http, control plane on Hono, pages from disk. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { manifestJsonSchema } from '@myriad/apps';
import { MyriadError } from '@myriad/contracts';
import { createAdminApp } from '../admin/admin-app.ts';
import { configJsonSchema } from '../config/load-config.ts';
import { isDav, serveDav } from '../dav/serve-dav.ts';
import { isDriveTransfer, transferDrive } from '../drive/transfer-drive.ts';
import type { House } from '../house.ts';
import { type ServePage, serveConsole } from '../pages/serve-console.ts';
import { routeV1 } from '../v1/route-v1.ts';
import { sendJson } from './problem.ts';

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** Stops taking connections; resolves when those open have ended, or at the limit, when they are cut. */
  close(limitMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly consoleFolder: string;
}

/** @throws MyriadError `port_taken`, `config_invalid` for an address that is not this machine's. */
export async function listen(house: House, options: ListenOptions): Promise<Listening> {
  const admin = getRequestListener(createAdminApp(house).fetch, { overrideGlobalObjects: false });
  const dav = serveDav(house);
  const page = serveConsole(options.consoleFolder);
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 60_000, requestTimeout: 0 },
    (request, response) => dispatch(house, admin, dav, page, request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, options)));
    server.listen(options.port, options.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return { host: options.host, port, close: (limitMs) => closeServer(server, limitMs) };
}

function dispatch(
  house: House,
  admin: (request: IncomingMessage, response: ServerResponse) => void,
  dav: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  page: ServePage,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url ?? '/';
  if (path.startsWith('/v1/') || path.startsWith('/ofrep/') || path === '/mcp' || path === '/metrics') {
    void routeV1(house, request, response);
  } else if (isDav(path.split('?', 1)[0] ?? '')) {
    void dav(request, response);
  } else if (isDriveTransfer(request.method ?? 'GET', path)) {
    void transferDrive(house, request, response);
  } else if (path.startsWith('/api/')) {
    admin(request, response);
  } else if (path === '/healthz' || path === '/readyz') {
    sendJson(response, 200, { ok: true, version: house.version });
  } else if (path === '/schemas/manifest.json') {
    sendJson(response, 200, manifestJsonSchema(), { 'content-type': 'application/schema+json; charset=utf-8' });
  } else if (path === '/schemas/config.json') {
    sendJson(response, 200, configJsonSchema(), { 'content-type': 'application/schema+json; charset=utf-8' });
  } else page(request, response);
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ListenOptions): MyriadError {
  if (error.code === 'EADDRINUSE')
    return new MyriadError(
      'port_taken',
      `Port ${port} on ${host} is taken by another program. Choose another with --port, or 0 for any free one.`,
      { facts: { host, port } },
    );
  if (error.code === 'EACCES')
    return new MyriadError(
      'port_taken',
      `Port ${port} needs rights that this user does not have. Choose one above 1023 with --port.`,
      { facts: { host, port } },
    );
  return new MyriadError('config_invalid', `Cannot listen on ${host}:${port}: ${error.message}.`, {
    facts: { host, port },
    cause: error,
  });
}

function closeServer(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), limitMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
