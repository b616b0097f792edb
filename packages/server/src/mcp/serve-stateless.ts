/**
 * MCP 2026-07-28: no handshake and no session; each request carries its version and capabilities in `_meta`, mirrored in
 * headers. Source: MCP specification 2026-07-28, "Streamable HTTP", "Versioning" and "server/discover".
 */
import type { House } from '../house.ts';
import { isObject, type Json } from '../http/checks.ts';
import { sendJson } from '../http/problem.ts';
import { createEventStream } from '../v1/event-stream.ts';
import type { Exchange } from '../v1/exchange.ts';
import type { AppCatalogue } from './app-catalogue.ts';
import { McpFailure, rpcCodes, toRpcError } from './mcp-failure.ts';
import { capabilities, handshakeVersions, instructions, serverInfo, statelessVersion } from './server-info.ts';

const metaVersion = 'io.modelcontextprotocol/protocolVersion';
const metaCapabilities = 'io.modelcontextprotocol/clientCapabilities';
const metaServerInfo = 'io.modelcontextprotocol/serverInfo';
/** The caller's own list may change with a grant, so it is private and short-lived. */
const freshFor = { ttlMs: 60_000, cacheScope: 'private' };

/** Whether a request opens in the stateless era: `_meta` or the header names a version that has no handshake. */
export function isStateless(body: unknown, header: string | undefined): boolean {
  const method = isObject(body) ? body.method : undefined;
  if (method === 'initialize') return false;
  const version = (metaOf(body)[metaVersion] as string | undefined) ?? header;
  return method === 'server/discover' || (version !== undefined && !isHandshakeVersion(version));
}

export async function serveStateless(
  house: House,
  exchange: Exchange,
  catalogue: AppCatalogue,
  body: unknown,
): Promise<void> {
  const request = isObject(body) ? body : {};
  const id = typeof request.id === 'string' || typeof request.id === 'number' ? request.id : null;
  if (id === null && typeof request.method === 'string') {
    exchange.response.writeHead(202).end();
    return;
  }
  const params = isObject(request.params) ? request.params : {};
  const token = metaOf(body).progressToken;
  const stream =
    typeof token === 'string' || typeof token === 'number'
      ? createEventStream(exchange.response, house.clock, { 'x-request-id': exchange.requestId }, exchange.signal)
      : null;
  try {
    checkEnvelope(request, params, exchange.request.headers);
    const result = await answer(catalogue, String(request.method), params, {
      signal: exchange.signal,
      ...(stream
        ? {
            onProgress: async (progress: number, message: string) => {
              const notification = { progressToken: token, progress, message };
              await stream.send(rpc({ method: 'notifications/progress', params: notification }), 'message');
            },
          }
        : {}),
    });
    const whole = {
      resultType: 'complete',
      ...result,
      _meta: { ...(result as { _meta?: object })._meta, [metaServerInfo]: serverInfo(house) },
    };
    if (!stream?.opened) {
      sendJson(exchange.response, 200, { jsonrpc: '2.0', id, result: whole }, { 'x-request-id': exchange.requestId });
      return;
    }
    await stream.send(rpc({ id, result: whole }), 'message');
    stream.end();
  } catch (thrown) {
    const error = toRpcError(thrown);
    if (stream?.opened) {
      await stream.send(rpc({ id, error }), 'message');
      stream.end();
    } else sendJson(exchange.response, statusOf(error.code), { jsonrpc: '2.0', id, error });
  }
}

async function answer(
  catalogue: AppCatalogue,
  method: string,
  params: Json,
  how: { signal: AbortSignal; onProgress?: (progress: number, message: string) => Promise<void> },
): Promise<object> {
  const cursor = typeof params.cursor === 'string' ? params.cursor : undefined;
  switch (method) {
    case 'server/discover':
      return {
        supportedVersions: [statelessVersion, ...handshakeVersions],
        capabilities,
        instructions,
        ...freshFor,
        cacheScope: 'public',
      };
    case 'tools/list':
      return { ...(await catalogue.listTools(cursor)), ...freshFor };
    case 'resources/list':
      return { ...(await catalogue.listResources(cursor)), ...freshFor };
    case 'resources/templates/list':
      return { ...catalogue.listResourceTemplates(), ...freshFor };
    case 'resources/read':
      return { ...(await catalogue.readResource(needText(params.uri, 'uri'))), ...freshFor };
    case 'tools/call':
      return catalogue.callTool({
        name: needText(params.name, 'name'),
        args: isObject(params.arguments) ? params.arguments : {},
        meta: metaOf({ params }),
        ...how,
      });
    default:
      throw new McpFailure(rpcCodes.methodNotFound, `Method not found: ${method.slice(0, 128)}`);
  }
}

/** @throws McpFailure when the envelope is not JSON-RPC, a version is unknown, or headers and body disagree. */
function checkEnvelope(
  request: Json,
  params: Json,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): void {
  if (request.jsonrpc !== '2.0' || typeof request.method !== 'string' || request.id === undefined)
    throw new McpFailure(rpcCodes.invalidRequest, 'Expected one JSON-RPC 2.0 request.');
  const meta = metaOf({ params });
  const version = meta[metaVersion];
  const named = headers['mcp-protocol-version'];
  const asked = typeof version === 'string' ? version : typeof named === 'string' ? named : statelessVersion;
  if (asked !== statelessVersion)
    throw new McpFailure(rpcCodes.unsupportedVersion, 'Unsupported protocol version', {
      supported: [statelessVersion, ...handshakeVersions],
      requested: asked,
    });
  if (version === undefined) throw new McpFailure(rpcCodes.invalidParams, `params._meta: Expected ${metaVersion}.`);
  if (!isObject(meta[metaCapabilities]))
    throw new McpFailure(rpcCodes.invalidParams, `params._meta: Expected ${metaCapabilities}, an object.`);
  mustMatch('MCP-Protocol-Version', named, version);
  mustMatch('Mcp-Method', headers['mcp-method'], request.method);
  if (request.method === 'tools/call') mustMatch('Mcp-Name', headers['mcp-name'], params.name);
  if (request.method === 'resources/read') mustMatch('Mcp-Name', headers['mcp-name'], params.uri);
}

function mustMatch(header: string, value: string | string[] | undefined, expected: unknown): void {
  const got = typeof value === 'string' ? decoded(value) : undefined;
  if (got === expected) return;
  throw new McpFailure(
    rpcCodes.headerMismatch,
    got === undefined
      ? `Header mismatch: ${header} is missing`
      : `Header mismatch: ${header} header value '${got.slice(0, 128)}' does not match the body`,
  );
}

/** Values that are not plain ASCII come as `=?base64?…?=`. */
function decoded(value: string): string {
  const match = /^=\?base64\?(.*)\?=$/.exec(value);
  return match ? Buffer.from(match[1] as string, 'base64').toString('utf8') : value;
}

function needText(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '')
    throw new McpFailure(rpcCodes.invalidParams, `params.${at}: Expected a text.`);
  return value;
}

function metaOf(body: unknown): Json {
  const params = isObject(body) && isObject(body.params) ? body.params : {};
  return isObject(params._meta) ? params._meta : {};
}

function isHandshakeVersion(version: string): boolean {
  return (handshakeVersions as readonly string[]).includes(version);
}

function statusOf(code: number): number {
  if (code === rpcCodes.methodNotFound) return 404;
  return code === rpcCodes.internal ? 500 : 400;
}

function rpc(message: object): string {
  return JSON.stringify({ jsonrpc: '2.0', ...message });
}
