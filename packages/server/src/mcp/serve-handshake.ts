/**
 * MCP up to 2025-11-25, by the official SDK: a server and a transport for each request, so that no session is kept and
 * any node may answer. Loaded at the first request, as the SDK is large.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { isMyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';
import type { Exchange } from '../v1/exchange.ts';
import type { AppCatalogue } from './app-catalogue.ts';
import { McpFailure, rpcCodes, toRpcError } from './mcp-failure.ts';
import { instructions, serverInfo } from './server-info.ts';

export async function serveHandshake(
  house: House,
  exchange: Exchange,
  catalogue: AppCatalogue,
  body: unknown,
): Promise<void> {
  const server = new Server(serverInfo(house), { capabilities: { tools: {}, resources: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => told(catalogue.listTools(params?.cursor)));
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => told(catalogue.listResources(params?.cursor)));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => catalogue.listResourceTemplates());
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) =>
    told(
      catalogue.readResource(params.uri).catch((error) => {
        if (isMyriadError(error) && error.code === 'not_found')
          throw new McpFailure(rpcCodes.resourceNotFound, error.message, { uri: params.uri });
        throw error;
      }),
    ),
  );
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => {
    const progressToken = params._meta?.progressToken;
    return told(
      catalogue.callTool({
        name: params.name,
        args: params.arguments ?? {},
        meta: params._meta ?? {},
        signal: AbortSignal.any([exchange.signal, extra.signal]),
        ...(progressToken === undefined
          ? {}
          : {
              onProgress: (progress, message) =>
                extra.sendNotification({
                  method: 'notifications/progress',
                  params: { progressToken, progress, message },
                }),
            }),
      }),
    );
  });
  const transport = new StreamableHTTPServerTransport();
  exchange.response.once('close', () => void server.close().catch(() => {}));
  // The SDK's class declares optional callbacks that `exactOptionalPropertyTypes` tells apart from its own interface.
  await server.connect(transport as Parameters<Server['connect']>[0]);
  await transport.handleRequest(exchange.request, exchange.response, body);
}

/** The SDK takes `code`, `message` and `data` of what is thrown. */
async function told<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (thrown) {
    const { code, message, data } = toRpcError(thrown);
    throw new McpFailure(code, message, data as Record<string, unknown> | undefined);
  }
}
