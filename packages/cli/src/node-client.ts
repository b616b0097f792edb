/**
 * How a command reaches a node: the address and key given; else the node that serves the data folder; else a node
 * started on the data folder for this command alone.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createMyriad, errorOfResponse, type Myriad } from '@myriad/sdk';
import { type Environment, loadConfig } from '@myriad/server/config';

export interface NodeClient extends Myriad {
  /** A raw request with the client's credentials. @throws MyriadError of the answer when it is not 2xx. */
  raw(path: string, init?: RequestInit & { readonly duplex?: 'half' }): Promise<Response>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly environment: Environment;
  readonly cwd: string;
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly config?: string;
}

export async function connectNode(options: ConnectOptions): Promise<NodeClient> {
  const url = options.url ?? options.environment.MYRIAD_URL;
  const key = options.key ?? options.environment.MYRIAD_KEY;
  if (url) return client(url, key, async () => {});
  const loaded = loadConfig({
    environment: options.environment,
    cwd: options.cwd,
    flags: { data: options.data, host: '127.0.0.1', port: 0, log: 'error' },
    ...(options.config ? { file: options.config } : {}),
  });
  const folder = resolve(options.cwd, loaded.config.data);
  const running = await runningNode(folder);
  if (running) return client(running.url, key ?? running.token, async () => {});
  const { boot } = await import('@myriad/server');
  const node = await boot({ loaded, environment: options.environment });
  return client(node.url, key ?? node.house.localToken, () => node.close());
}

/** The node that serves a data folder now, or null. */
export async function runningNode(
  folder: string,
): Promise<{ readonly url: string; readonly token: string; readonly pid: number } | null> {
  try {
    const { url, pid } = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8')) as { url: string; pid: number };
    const token = readFileSync(join(folder, 'operator.token'), 'utf8');
    const response = await fetch(`${url}/api/status`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok ? { url, token, pid } : null;
  } catch {
    return null;
  }
}

function client(url: string, key: string | undefined, close: () => Promise<void>): NodeClient {
  const myriad = createMyriad({ baseUrl: url, ...(key ? { key } : {}) });
  return {
    ...myriad,
    async raw(path, init = {}) {
      const response = await fetch(myriad.url(path), {
        ...init,
        headers: { ...myriad.headers(init.method ?? 'GET'), ...(init.headers as Record<string, string>) },
      });
      if (!response.ok) throw await errorOfResponse(response);
      return response;
    },
    close,
  };
}
