/** The console's built files, under a strict content policy. Unknown paths are pages of the single-page console. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

export type ServePage = (request: IncomingMessage, response: ServerResponse) => void;

export function serveConsole(distFolder: string): ServePage {
  const root = normalize(distFolder) + sep;
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', ...pageHeaders }).end();
      return;
    }
    const file = fileFor(root, request.url ?? '/');
    if (!file) {
      response
        .writeHead(503, { 'content-type': 'text/plain; charset=utf-8', ...pageHeaders })
        .end('The console is not built. Run `npm run build`, then reload this page.\n');
      return;
    }
    const { size } = statSync(file);
    const hashed = file.includes(`${sep}assets${sep}`);
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': size,
      'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...pageHeaders,
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
  };
}

/** Never leaves the folder: the path is decoded once, normalised, and must still begin with the root. */
function fileFor(root: string, url: string): string | null {
  const index = join(root, 'index.html');
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, 'http://node').pathname);
  } catch {
    return existsSync(index) ? index : null;
  }
  const file = normalize(join(root, path));
  if (file.startsWith(root) && !path.includes('\0') && existsSync(file) && statSync(file).isFile()) return file;
  return existsSync(index) ? index : null;
}

/** Whether the console was built; the text of its page, for a check at start. */
export function consoleIsBuilt(distFolder: string): boolean {
  const index = join(distFolder, 'index.html');
  return existsSync(index) && readFileSync(index, 'utf8').includes('<div id="root"');
}
