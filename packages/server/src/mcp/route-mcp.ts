/** `POST /mcp`: each app exposed to MCP is a tool and a resource. Streamable HTTP without sessions. */
import { asMyriadError, MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';
import { retryAfterSeconds, sendJson } from '../http/problem.ts';
import { authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import type { Language } from './app-as-tool.ts';
import { createAppCatalogue } from './app-catalogue.ts';
import { toRpcError } from './mcp-failure.ts';
import { isStateless, serveStateless } from './serve-stateless.ts';

export async function routeMcp(house: House, exchange: Exchange): Promise<void> {
  const { headers } = exchange.request;
  refuseForeignOrigin(house, headers.origin, headers.host);
  const subject = await authenticate(house, exchange);
  const body = await readJsonBody(house, exchange);
  const catalogue = createAppCatalogue(house, subject, languageOf(headers['accept-language'], house.config.language));
  const version = headers['mcp-protocol-version'];
  if (isStateless(body, typeof version === 'string' ? version : undefined)) {
    await serveStateless(house, exchange, catalogue, body);
    return;
  }
  const { serveHandshake } = await import('./serve-handshake.ts');
  await serveHandshake(house, exchange, catalogue, body);
}

/** A page of another site must not reach this node through the reader's browser (DNS rebinding). */
function refuseForeignOrigin(house: House, origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return;
  const allowed = [host, URL.parse(house.publicUrl())?.host];
  if (!allowed.includes(URL.parse(origin)?.host))
    throw new MyriadError('forbidden', 'Requests of other sites are not taken here.', { facts: { origin } });
}

function languageOf(accepted: string | undefined, otherwise: Language): Language {
  const first = /^\s*(zh|en)\b/i.exec(accepted ?? '')?.[1]?.toLowerCase();
  return first === 'zh' || first === 'en' ? first : otherwise;
}

/** What went wrong before a JSON-RPC request was read: the HTTP status says it, and the body in MCP's shape. */
export function sendMcpError(exchange: Exchange, thrown: unknown): void {
  const error = asMyriadError(thrown);
  const { status } = error.class;
  const retryAfter = retryAfterSeconds(error);
  sendJson(
    exchange.response,
    status,
    { jsonrpc: '2.0', id: null, error: error.code === 'malformed_json' ? parseError(error) : toRpcError(error) },
    {
      'x-request-id': exchange.requestId,
      ...(retryAfter ? { 'retry-after': retryAfter } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(status === 405 ? { allow: 'POST' } : {}),
    },
  );
}

function parseError(error: MyriadError) {
  return { code: -32700, message: error.message };
}
