import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { type Clock, isMyriadError, MyriadError } from '@myriad/contracts';
import { type Dispatcher, fetch as undiciFetch } from 'undici';
import { guardedAgent } from '../guarded-fetch/guarded-agent.ts';
import type { ToolDescription } from './pin-tools.ts';

/** An MCP server that the operator set up, its key already resolved. */
export interface McpServer {
  readonly url: string;
  readonly key: string | null;
  readonly allowPrivate: boolean;
}

export interface McpAnswer {
  readonly text: string;
  readonly isError: boolean;
}

export interface McpServers {
  readonly names: readonly string[];
  /** Tools of a server, remembered for a minute. */
  tools(server: string, signal: AbortSignal): Promise<readonly ToolDescription[]>;
  call(server: string, tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<McpAnswer>;
  close(): Promise<void>;
}

interface Connection {
  readonly client: Client;
  readonly agent: Dispatcher;
  tools: { readonly list: readonly ToolDescription[]; readonly until: number } | null;
}

const listMs = 60_000;
const callMs = 60_000;
const maxTools = 500;

/** Connections to MCP servers over Streamable HTTP, opened at first use and kept. Addresses pass the guard. */
export function mcpServers(servers: Readonly<Record<string, McpServer>>, clock: Pick<Clock, 'now'>): McpServers {
  const open = new Map<string, Promise<Connection>>();

  async function connect(name: string): Promise<Connection> {
    const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
    if (!server) throw new MyriadError('not_found', `The operator has not set up an MCP server ${name}.`);
    // Loaded at first use: the SDK is large, and most houses start without a server.
    const [sdk, { StreamableHTTPClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    ]);
    const agent = guardedAgent({ allowPrivate: server.allowPrivate });
    const fetch = (url: string | URL, init?: RequestInit) =>
      undiciFetch(url, { ...(init as object), dispatcher: agent }) as unknown as Promise<Response>;
    const client = new sdk.Client({ name: 'myriad', version: '0.1.0' });
    const transport = new StreamableHTTPClientTransport(new URL(server.url), {
      fetch,
      ...(server.key === null ? {} : { requestInit: { headers: { authorization: `Bearer ${server.key}` } } }),
    });
    try {
      await client.connect(transport as unknown as Parameters<Client['connect']>[0], { timeout: 15_000 });
    } catch (error) {
      await agent.destroy();
      throw error;
    }
    return { client, agent, tools: null };
  }

  /** Runs a task on the server's connection; a connection that broke is dropped, so the next use opens a fresh one. */
  async function on<T>(name: string, signal: AbortSignal, task: (connection: Connection) => Promise<T>): Promise<T> {
    const opening = open.get(name) ?? connect(name);
    open.set(name, opening);
    try {
      return await task(await opening);
    } catch (error) {
      // The server's own answer to one call, and our caller's going away, say nothing against the connection.
      if (!isServersAnswer(error) && !signal.aborted) {
        if (open.get(name) === opening) open.delete(name);
        void opening.then(close).catch(() => undefined);
      }
      const own = refusalIn(error);
      if (own) throw own;
      if (signal.aborted) throw new MyriadError('aborted', 'The caller went away.', { cause: error });
      const told = isServersAnswer(error) ? `: ${error.message.slice(0, 300)}` : '.';
      throw new MyriadError('upstream_error', `The MCP server ${name} failed${told}`, { cause: error });
    }
  }

  return {
    names: Object.keys(servers),

    tools: (name, signal) =>
      on(name, signal, async (connection) => {
        if (connection.tools && connection.tools.until > clock.now()) return connection.tools.list;
        const list: ToolDescription[] = [];
        let cursor: string | undefined;
        do {
          const page = await connection.client.listTools(cursor ? { cursor } : {}, { signal, timeout: callMs });
          for (const tool of page.tools) {
            const { name: toolName, description, inputSchema } = tool;
            list.push({ name: toolName, description, inputSchema: inputSchema as Record<string, unknown> });
          }
          cursor = page.nextCursor;
        } while (cursor && list.length < maxTools);
        connection.tools = { list, until: clock.now() + listMs };
        return list;
      }),

    call: (name, tool, args, signal) =>
      on(name, signal, async ({ client }) => {
        const result = await client.callTool({ name: tool, arguments: { ...args } }, undefined, {
          signal,
          timeout: callMs,
        });
        return { text: textOfContent(result.content, result.structuredContent), isError: result.isError === true };
      }),

    async close() {
      const connections = [...open.values()];
      open.clear();
      await Promise.allSettled(connections.map(async (connection) => close(await connection)));
    },
  };
}

/** The SDK's `McpError`: the server answered, with an error. By name, so that the SDK need not be loaded to ask. */
const isServersAnswer = (error: unknown): error is Error => error instanceof Error && error.name === 'McpError';

async function close({ client, agent }: Connection): Promise<void> {
  await client.close();
  await agent.destroy();
}

function refusalIn(error: unknown): MyriadError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (isMyriadError(at)) return at;
  return null;
}

function textOfContent(content: unknown, structured: unknown): string {
  const parts = (Array.isArray(content) ? content : []).map((part: { type?: string; text?: string }) =>
    part.type === 'text' ? (part.text ?? '') : `(${part.type ?? 'content'})`,
  );
  return parts.join('\n') || (structured === undefined ? '' : JSON.stringify(structured));
}
