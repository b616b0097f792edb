import type {
  AppRunRequest,
  Apps,
  Caller,
  Clock,
  Kernel,
  Knowledge,
  Random,
  Store,
  TrafficRules,
} from '@myriad/contracts';
import type { GuardPolicy } from '@myriad/kernel';
import { assignUnit } from './assignment/assign-unit.ts';
import { type FetchPage, pageFetcher } from './guarded-fetch/fetch-page.ts';
import { validateManifest } from './manifest/validate-manifest.ts';
import type { ResolvePerson } from './registry/app-record.ts';
import { createRegistry } from './registry/create-registry.ts';
import { importApps } from './registry/import-apps.ts';
import { readVersions } from './registry/versions.ts';
import { type RunAppWiring, runApp } from './run/run-app.ts';
import { runModel, runModelBatches } from './run/run-model.ts';
import { type McpServer, mcpServers } from './tools/mcp-servers.ts';
import type { HouseTool } from './tools/tool.ts';
import type { WebSearch } from './web-search/web-search.ts';

export interface AppsWiring {
  readonly store: Pick<Store, 'apps' | 'settings' | 'audit' | 'knowledge'>;
  readonly kernel: Kernel;
  readonly knowledge: Knowledge;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: {
    readonly currency: string;
    /** Language for runs that name none. */
    readonly language: 'en' | 'zh';
    /** MCP servers that manifests may name; keys already resolved. */
    readonly mcpServers: Readonly<Record<string, McpServer>>;
    readonly tenant: string;
    /** What may pass in and out of every run of this node, joined with each app's own policy. */
    readonly policy?: GuardPolicy;
  };
  /** Instead of the guarded reader of public pages. */
  readonly fetchPage?: FetchPage;
  /** A source of web pages that the operator attached. */
  readonly webSearch?: WebSearch;
  /** Tools that other rooms do the work of, such as `quantum_run`. */
  readonly extraTools?: readonly HouseTool[];
  /** Told of every run that ended by a fault of ours, with its cause, for the log. */
  readonly onFault?: RunAppWiring['onFault'];
  /** Collections behind `drive:/…` of a manifest that this caller may read, beside those of that name. */
  readonly driveFolders?: (name: string, caller: Caller) => Promise<readonly string[]>;
  /** What the cockpit decided about who meets what; nothing without it. */
  readonly rules?: TrafficRules;
  /** Turns `person:<e-mail>` of a manifest into an id when it is published. */
  readonly resolvePerson?: ResolvePerson;
}

/** Manifests, the registry and the run of an app. See `Apps` in the contracts for each method. */
export function createApps(wiring: AppsWiring): Apps {
  const { store, kernel, knowledge, clock, random, config } = wiring;
  const versions = readVersions(store);
  const mcp = mcpServers(config.mcpServers, clock);
  const ownFetcher = wiring.fetchPage ? null : pageFetcher();
  const fetchPage = wiring.fetchPage ?? (ownFetcher as FetchPage);
  const { onFault, webSearch, extraTools = [], rules } = wiring;
  const path = {
    store,
    kernel,
    knowledge,
    clock,
    random,
    versions,
    mcp,
    fetchPage,
    extraTools,
    ...(onFault ? { onFault } : {}),
    ...(webSearch ? { webSearch } : {}),
    ...(wiring.driveFolders ? { driveFolders: wiring.driveFolders } : {}),
    ...(config.policy ? { policy: config.policy } : {}),
    ...(rules ? { rules } : {}),
  };
  const run = (request: AppRunRequest) => runApp(path, { ...request, language: request.language ?? config.language });
  const direct = { kernel, clock, random, ...(config.policy ? { policy: config.policy } : {}) };
  const shared = {
    store,
    clock,
    random,
    tenant: config.tenant,
    mcpServers: mcp.names,
    resolvePerson: wiring.resolvePerson,
  };
  return {
    ...createRegistry({ ...shared, versions, run }),
    validate: (source) => validateManifest(source, mcp.names),
    current: (app) => versions.current(app),
    importMany: (lines, caller, onProgress) => importApps(shared, lines, caller, onProgress),
    async assign(app, unit) {
      const current = await versions.current(app);
      const experiment = rules?.experiment(app.id) ?? null;
      const globalHoldoutRatio = rules?.globalHoldoutRatio() ?? 0;
      if (current) return assignUnit(current.manifest, unit, { experiment, globalHoldoutRatio });
      return { experiment: null, variant: 'treatment', reason: 'no_experiment', unit };
    },
    run,
    runModel: (request) => runModel(direct, request),
    runModelBatches: (request) => runModelBatches(direct, request),
    async close() {
      await Promise.allSettled([mcp.close(), ownFetcher?.close()]);
    },
  };
}
