/**
 * The attached base models: the built-in one, the operator's from the configuration, and those attached in the console or
 * found on loopback. It is the kernel's source of endpoints; keys are resolved here and nowhere else.
 */
import {
  type AttachModelRequest,
  asMyriadError,
  type Clock,
  type Config,
  type DetectedServer,
  defaultTimeouts,
  type EndpointSource,
  type ModelConnection,
  type ModelEndpoint,
  type ModelRow,
  type ModelsAnswer,
  type ModelTestAnswer,
  MyriadError,
  newId,
  type PoolStatus,
  type Random,
  type Store,
} from '@myriad/contracts';
import {
  type Drivers,
  discoverLocalServers,
  endpointFromRequest,
  extractEndpoint,
  type LocalServer,
} from '@myriad/drivers';
import type { Environment } from '../read-environment.ts';
import { referencePattern, resolveSecret } from './resolve-secret.ts';
import type { Seal } from './seal.ts';

export interface ModelDesk extends EndpointSource {
  describe(pools: readonly PoolStatus[]): Promise<ModelsAnswer>;
  attach(request: AttachModelRequest): Promise<ModelEndpoint>;
  update(id: string, change: Partial<AttachModelRequest> & { readonly enabled?: boolean }): Promise<ModelEndpoint>;
  remove(id: string): Promise<void>;
  /** Makes a real call and says in words what came of it. */
  test(id: string, signal: AbortSignal): Promise<ModelTestAnswer>;
  detect(): Promise<readonly DetectedServer[]>;
  /**
   * Lists a model that this node runs itself, until `detachLocal`; again with a new address after a restart. Nothing of
   * it is stored: the address and the key live as long as the process behind them.
   */
  attachLocal(endpoint: ModelEndpoint, key: string): Promise<void>;
  detachLocal(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface ModelDeskOptions {
  readonly store: Pick<Store, 'models'>;
  readonly drivers: Drivers;
  readonly config: Pick<Config, 'models' | 'detectLocalModels'>;
  readonly environment: Environment;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: Random;
}

type Source = ModelRow['source'];

export async function openModelDesk(options: ModelDeskOptions): Promise<ModelDesk> {
  const { store, drivers, config, environment, seal, clock, random } = options;
  const endpoints = new Map<string, ModelEndpoint>();
  const sources = new Map<string, Source>();
  const references = new Map<string, string>();
  const connections = new Map<string, Promise<ModelConnection>>();
  const sealed = new Set<string>();
  /** Keys of models that this node runs itself, by endpoint. */
  const ownKeys = new Map<string, string>();
  let detected: readonly LocalServer[] = [];
  let all: readonly ModelEndpoint[] = [];

  const put = (endpoint: ModelEndpoint, source: Source) => {
    endpoints.set(endpoint.id, endpoint);
    sources.set(endpoint.id, source);
    all = [...endpoints.values()];
  };
  put(extractEndpoint(), 'builtin');
  config.models.forEach((model, index) => {
    const { key, ...request } = model;
    const endpoint = endpointFromRequest(request as AttachModelRequest, { id: `mdl_config${index}` });
    put(endpoint, 'config');
    if (key) references.set(endpoint.id, key);
  });
  for (const endpoint of await store.models.list()) {
    put(endpoint, endpoint.options.foundLocally === true ? 'local' : 'console');
    const reference = endpoint.options.keyReference;
    if (typeof reference === 'string') references.set(endpoint.id, reference);
    if (await store.models.secret(secretName(endpoint.id))) sealed.add(endpoint.id);
  }

  async function keyOf(id: string): Promise<string | null> {
    const own = ownKeys.get(id);
    if (own) return own;
    const reference = references.get(id);
    if (reference) return resolveSecret(reference, environment);
    const secret = sealed.has(id) ? await store.models.secret(secretName(id)) : null;
    return secret ? seal.open(secret, secretName(id)) : null;
  }
  async function open(id: string): Promise<ModelConnection> {
    const endpoint = need(id);
    return drivers.driverFor(endpoint.family).connect(endpoint, await keyOf(id));
  }
  function connect(id: string): Promise<ModelConnection> {
    let connection = connections.get(id);
    if (!connection) {
      connection = open(id);
      connections.set(id, connection);
      connection.catch(() => connections.delete(id));
    }
    return connection;
  }
  function need(id: string): ModelEndpoint {
    const endpoint = endpoints.get(id);
    if (!endpoint) throw new MyriadError('model_not_found', `There is no model "${id}".`);
    return endpoint;
  }
  async function forget(id: string): Promise<void> {
    const connection = connections.get(id);
    connections.delete(id);
    await connection?.then((opened) => opened.close()).catch(() => {});
  }
  async function saveKey(id: string, key: string | undefined): Promise<Record<string, unknown>> {
    if (key === undefined) return {};
    references.delete(id);
    sealed.delete(id);
    await store.models.removeSecret(secretName(id));
    if (key === '') return { keyReference: null };
    if (referencePattern.test(key)) {
      resolveSecret(key, environment);
      references.set(id, key);
      return { keyReference: key };
    }
    await store.models.saveSecret(secretName(id), seal.seal(key, secretName(id)));
    sealed.add(id);
    return { keyReference: null };
  }
  function checkName(name: string, id: string): void {
    if (all.some((endpoint) => endpoint.name === name && endpoint.id !== id))
      throw new MyriadError('conflict', `There is a model named "${name}" already.`, { facts: { name } });
    if (name.startsWith('app:'))
      throw new MyriadError('invalid_request', 'The name of a base model cannot begin with "app:".', {
        facts: { param: 'name' },
      });
  }
  function refuseOwn(endpoint: ModelEndpoint): void {
    if (ownKeys.has(endpoint.id))
      throw new MyriadError(
        'conflict',
        `"${endpoint.name}" runs from a file on this node; stop it among the downloaded models.`,
      );
  }
  function present(servers: readonly LocalServer[]): DetectedServer[] {
    return servers.map(({ provider, baseUrl, models }) => ({
      provider,
      baseUrl,
      models,
      attached: all.some((endpoint) => endpoint.baseUrl.startsWith(baseUrl)),
    }));
  }
  function rowSource(id: string): Source {
    return sources.get(id) ?? 'console';
  }

  return {
    list: () => all,
    connect,

    async describe(pools) {
      const models = all.map(
        (endpoint): ModelRow => ({
          endpoint,
          hasKey: references.has(endpoint.id) || sealed.has(endpoint.id),
          keySource: references.get(endpoint.id) ?? (sealed.has(endpoint.id) ? 'console' : null),
          status: pools.find((pool) => pool.endpointId === endpoint.id) ?? null,
          source: rowSource(endpoint.id),
        }),
      );
      const attachedLocally = models.some(
        (row) => row.endpoint.enabled && isLoopback(row.endpoint.baseUrl) && !ownKeys.has(row.endpoint.id),
      );
      const attachedRemotely = models.some(
        (row) =>
          row.endpoint.enabled && row.endpoint.capabilities.includes('generate') && !isLoopback(row.endpoint.baseUrl),
      );
      return {
        models,
        detected: present(detected),
        ladder: [
          { rung: 1, reached: true, name: 'myriad/extract-1' },
          { rung: 2, reached: attachedLocally, name: 'local' },
          { rung: 3, reached: ownKeys.size > 0, name: 'downloaded' },
          { rung: 4, reached: attachedRemotely, name: 'provider' },
        ],
      };
    },

    async attach(request) {
      const id = newId('mdl', clock, random);
      const draft = endpointFromRequest(request, { id });
      checkName(draft.name, id);
      const keyOptions = await saveKey(id, request.key);
      const foundLocally = detected.some((server) => draft.baseUrl.startsWith(server.baseUrl));
      const endpoint: ModelEndpoint = {
        ...draft,
        options: { ...draft.options, ...keyOptions, ...(foundLocally ? { foundLocally } : {}) },
      };
      await store.models.save(endpoint);
      put(endpoint, foundLocally ? 'local' : 'console');
      return endpoint;
    },

    async update(id, change) {
      const endpoint = need(id);
      if (rowSource(id) === 'config')
        throw new MyriadError('conflict', `"${endpoint.name}" comes from the configuration file; change it there.`);
      if (rowSource(id) === 'builtin') throw new MyriadError('conflict', 'The built-in model cannot be changed.');
      refuseOwn(endpoint);
      if (change.name) checkName(change.name, id);
      const keyOptions = await saveKey(id, change.key);
      const changed: ModelEndpoint = {
        ...endpoint,
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.model === undefined ? {} : { upstreamModel: change.model }),
        ...(change.baseUrl === undefined ? {} : { baseUrl: change.baseUrl }),
        ...(change.capabilities === undefined ? {} : { capabilities: change.capabilities }),
        ...(change.concurrency === undefined ? {} : { concurrency: change.concurrency }),
        ...(change.preference === undefined ? {} : { preference: change.preference }),
        ...(change.price === undefined ? {} : { price: change.price }),
        ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
        options: { ...endpoint.options, ...change.options, ...keyOptions },
      };
      await store.models.save(changed);
      put(changed, rowSource(id));
      await forget(id);
      return changed;
    },

    async remove(id) {
      const endpoint = need(id);
      if (rowSource(id) === 'config' || rowSource(id) === 'builtin')
        throw new MyriadError(
          'conflict',
          `"${endpoint.name}" cannot be removed here: it comes from ${rowSource(id) === 'config' ? 'the configuration file' : 'the node itself'}.`,
        );
      refuseOwn(endpoint);
      await store.models.remove(id);
      await store.models.removeSecret(secretName(id));
      endpoints.delete(id);
      references.delete(id);
      sealed.delete(id);
      all = [...endpoints.values()];
      await forget(id);
    },

    async test(id, signal) {
      const endpoint = need(id);
      const startedAt = clock.monotonicMs();
      let firstTokenMs: number | null = null;
      try {
        const connection = await connect(id);
        const request = {
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Say OK.' }] }],
          maxOutputTokens: 256,
        } as const;
        for await (const event of connection.chat(request, {
          signal,
          stream: true,
          timeouts: { ...defaultTimeouts, firstTokenMs: 30_000, totalMs: 60_000 },
        })) {
          if (event.type !== 'start') firstTokenMs ??= clock.monotonicMs() - startedAt;
        }
        const tookMs = clock.monotonicMs() - startedAt;
        return {
          ok: true,
          message: `${endpoint.name} answered in ${Math.round(tookMs)} ms.`,
          tookMs,
          firstTokenMs,
          code: null,
        };
      } catch (thrown) {
        const error = asMyriadError(thrown);
        return {
          ok: false,
          message: error.message,
          tookMs: clock.monotonicMs() - startedAt,
          firstTokenMs,
          code: error.code,
        };
      }
    },

    async detect() {
      if (!config.detectLocalModels) return [];
      detected = await discoverLocalServers({ http: drivers.http });
      return present(detected);
    },

    async attachLocal(endpoint, key) {
      ownKeys.set(endpoint.id, key);
      put(endpoint, 'local');
      await forget(endpoint.id);
    },

    async detachLocal(id) {
      if (!ownKeys.delete(id)) return;
      endpoints.delete(id);
      sources.delete(id);
      all = [...endpoints.values()];
      await forget(id);
    },

    async close() {
      await Promise.all([...connections.keys()].map(forget));
      await drivers.close();
    },
  };
}

const secretName = (id: string) => `model:${id}`;

function isLoopback(baseUrl: string): boolean {
  try {
    const { hostname } = new URL(baseUrl);
    return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  } catch {
    return false;
  }
}
