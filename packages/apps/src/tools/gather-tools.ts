import type { Clock, CompiledManifest, CompiledTool, Knowledge, Passage, SettingStore } from '@myriad/contracts';
import type { FetchPage } from '../guarded-fetch/fetch-page.ts';
import { calculatorTool } from './calculator.ts';
import { currentTimeTool } from './current-time.ts';
import { fetchPageTool } from './fetch-page-tool.ts';
import { knowledgeSearchTool } from './knowledge-search.ts';
import type { McpServers } from './mcp-servers.ts';
import { checkPin } from './pin-tools.ts';
import { type HouseTool, said, type Tool } from './tool.ts';

export interface ToolWiring {
  readonly knowledge: Pick<Knowledge, 'retrieve'>;
  readonly settings: SettingStore;
  readonly clock: Clock;
  readonly mcp: McpServers;
  readonly fetchPage: FetchPage;
  /** Built-in tools whose work is done by other rooms, by name. */
  readonly extraTools?: readonly HouseTool[];
}

export interface RunContext {
  readonly collectionIds: readonly string[];
  readonly documentIds?: readonly string[];
  readonly userTexts: readonly string[];
  readonly numberOf: (passage: Passage) => number;
  readonly signal: AbortSignal;
}

export interface GatheredTools {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Tools that the manifest names and this run does not get, with the reason. */
  readonly missing: readonly { readonly tool: string; readonly reason: string }[];
}

/** Name under which a model sees a server's tool: letters, digits, `_` and `-`, at most 64. */
export function exposedName(server: string, tool: string): string {
  const short = (server.split(/[./]/).at(-1) ?? server).replace(/[^\w-]/g, '_').slice(0, 20);
  return `${short}__${tool.replace(/[^\w-]/g, '_')}`.slice(0, 64);
}

function builtinTool(tool: CompiledTool & { kind: 'builtin' }, wiring: ToolWiring, run: RunContext): Tool | string {
  const { name, approval } = tool;
  if (name === 'calculator') return calculatorTool(approval);
  if (name === 'current_time') return currentTimeTool(approval, wiring.clock);
  if (name === 'knowledge_search') {
    if (run.collectionIds.length === 0) return 'there are no documents in this run';
    return knowledgeSearchTool(approval, wiring.knowledge, run.collectionIds, run.numberOf, run.documentIds);
  }
  if (name === 'fetch_page') {
    const holdsPrivateData = () => run.collectionIds.length > 0;
    return fetchPageTool(approval, wiring.fetchPage, { userTexts: run.userTexts, holdsPrivateData });
  }
  const given = wiring.extraTools?.find(({ definition }) => definition.name === name);
  if (given) {
    return {
      approval,
      definition: given.definition,
      call: async (args, signal) => said(await given.call(args, signal)),
    };
  }
  return 'this node does not offer it';
}

/** Tools of a run: the manifest's, as far as they can be had now. A server that is down costs its tools, not the run. */
export async function gatherTools(
  manifest: CompiledManifest,
  wiring: ToolWiring,
  run: RunContext,
): Promise<GatheredTools> {
  const tools = new Map<string, Tool>();
  const missing: { tool: string; reason: string }[] = [];
  for (const tool of manifest.tools) {
    if (tool.kind === 'builtin') {
      const built = builtinTool(tool, wiring, run);
      if (typeof built === 'string') missing.push({ tool: tool.name, reason: built });
      else tools.set(tool.name, built);
      continue;
    }
    try {
      const offered = await wiring.mcp.tools(tool.server, run.signal);
      for (const name of tool.allow) {
        const described = offered.find((one) => one.name === name);
        if (!described) missing.push({ tool: name, reason: `${tool.server} does not offer it` });
        else if ((await checkPin(wiring.settings, wiring.clock, tool.server, described)) === 'blocked') {
          missing.push({ tool: name, reason: `${tool.server} changed its description; it waits for approval` });
        } else tools.set(exposedName(tool.server, name), mcpTool(tool, described, wiring.mcp));
      }
    } catch (error) {
      if (run.signal.aborted) throw error;
      missing.push({ tool: tool.server, reason: (error as Error).message });
    }
  }
  return { tools, missing };
}

function mcpTool(
  { server, approval }: CompiledTool & { kind: 'mcp' },
  described: Awaited<ReturnType<McpServers['tools']>>[number],
  mcp: McpServers,
): Tool {
  return {
    approval,
    definition: {
      name: exposedName(server, described.name),
      ...(described.description ? { description: described.description.slice(0, 4_000) } : {}),
      parameters: described.inputSchema,
    },
    call: async (args, signal) => ({ ...(await mcp.call(server, described.name, args, signal)), untrusted: true }),
  };
}
