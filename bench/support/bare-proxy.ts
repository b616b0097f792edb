/** The least that a proxy can be: node:http in front, an undici pool behind, bytes untouched. `node bare-proxy.ts UPSTREAM`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2] as string, { connections: 128 });
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    pool.stream(
      {
        method: 'POST',
        path: request.url as string,
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat(parts),
      },
      ({ statusCode, headers }) => {
        response.writeHead(statusCode, headers as Record<string, string>);
        return response;
      },
      () => {},
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
