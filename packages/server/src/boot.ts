/**
 * Wires the house. The only file that knows concrete adapters: which store, which drivers, which clock. Everything else
 * is handed what it needs.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createApps, createWebSearch } from '@myriad/apps';
import { builtinApps } from '@myriad/builtin';
import { createDrive } from '@myriad/builtin/drive';
import { type Cockpit, createCockpit } from '@myriad/cockpit';
import {
  type Clock,
  type Config,
  type ConfigEntry,
  MyriadError,
  newId,
  type Random,
  systemClock,
  systemRandom,
} from '@myriad/contracts';
import { createDrivers } from '@myriad/drivers';
import { createKernel } from '@myriad/kernel';
import { createKnowledge } from '@myriad/knowledge';
import { createOrg } from '@myriad/org';
import { openStore } from '@myriad/store';
import { createBatchDesk } from './batch/create-batch-desk.ts';
import { readBlobPlace } from './blob-place.ts';
import { createChatDesk } from './chat/chat-desk.ts';
import { createFeedbackDesk } from './chat/give-feedback.ts';
import { cockpitParts } from './cockpit-parts.ts';
import type { LoadedConfig } from './config/load-config.ts';
import { type House, tenant } from './house.ts';
import { listen } from './http/listen.ts';
import { installBuiltinApps } from './install-builtin-apps.ts';
import { intakeOf } from './kpi/receive-events.ts';
import { takeEvents } from './kpi/take-events.ts';
import { addDuckdb, hasDuckdb } from './kpi-sources/import-duckdb.ts';
import { readFile } from './kpi-sources/read-file.ts';
import { readMysql } from './kpi-sources/read-mysql.ts';
import { readPostgres } from './kpi-sources/read-postgres.ts';
import { createSourceDesk } from './kpi-sources/source-desk.ts';
import { sourcePasswords } from './kpi-sources/source-passwords.ts';
import { openLocalModels } from './local-models/local-models.ts';
import { createLog, type Log } from './log.ts';
import { clearForms } from './media/receive-form.ts';
import { meteredLedger } from './metrics/metered-ledger.ts';
import { createMeters } from './metrics/meters.ts';
import { openModelDesk } from './models/model-desk.ts';
import { resolveSecret } from './models/resolve-secret.ts';
import { createSeal, nodeKey } from './models/seal.ts';
import { createQuantumDesk } from './quantum/quantum-desk.ts';
import { quantumTool } from './quantum/quantum-tool.ts';
import { type Environment, readEnvironment } from './read-environment.ts';
import { kernelEmbedder } from './search/kernel-embedder.ts';
import { openStandingBudgets } from './standing-budgets.ts';
import { openTelemetry } from './telemetry/open-telemetry.ts';
import { telemetrySettings } from './telemetry/telemetry-settings.ts';
import { createWenkuDesk } from './wenku/wenku-desk.ts';

export interface BootOptions {
  readonly loaded: LoadedConfig;
  readonly environment?: Environment;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** Starts the downloaded models that ran when the node was stopped; for a node that serves, not for one command. */
  readonly startLocalModels?: boolean;
}

export interface Node {
  readonly house: House;
  /** Address under which people reach it. */
  readonly url: string;
  /** One-time link by which the first visitor becomes the owner; null when there is one. */
  readonly ownerLink: string | null;
  readonly readyMs: number;
  /** Refuses new work, gives streams in flight their time, settles all, closes. Safe to call twice. */
  close(): Promise<void>;
}

const consoleFolder = join(import.meta.dirname, '../../console/dist');
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string };

export async function boot(options: BootOptions): Promise<Node> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const environment = options.environment ?? readEnvironment();
  const { config, entries } = options.loaded;
  const log = options.log ?? createLog(config.log);
  const begunAt = clock.monotonicMs();
  const closers: (() => Promise<void>)[] = [];
  try {
    const built = await build({
      config,
      entries,
      clock,
      random,
      environment,
      log,
      closers,
      startLocalModels: options.startLocalModels ?? false,
    });
    const listening = await listen(built.house, { host: config.host, port: config.port, consoleFolder });
    const localUrl = `http://${displayHost(config.host)}:${listening.port}`;
    built.setUrl(config.publicUrl ?? localUrl);
    writePrivate(join(built.house.dataFolder, 'node.json'), JSON.stringify({ pid: process.pid, url: localUrl }));
    // Servers on this machine are looked for, and shown; attaching one is the operator's word.
    void built.house.models.detect().catch(() => {});
    const token = await built.house.org.ownerToken();
    let closed: Promise<void> | null = null;
    const close = async () => {
      built.house.batches.stop();
      const limitMs = config.limits.shutdownMs;
      const server = listening.close(limitMs);
      // Before the runs are waited for: what is being written goes on at the next start.
      await built.house.wenku.close();
      await built.house.kernel.drain(limitMs);
      await server;
      for (const closer of closers.reverse()) await closer();
    };
    return {
      house: built.house,
      url: built.house.publicUrl(),
      ownerLink: token ? `${built.house.publicUrl()}/welcome#${token}` : null,
      readyMs: clock.monotonicMs() - begunAt,
      close: () => {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    for (const closer of closers.reverse()) await closer().catch(() => {});
    throw error;
  }
}

interface Parts {
  readonly config: Config;
  readonly entries: readonly ConfigEntry[];
  readonly clock: Clock;
  readonly random: Random;
  readonly environment: Environment;
  readonly log: Log;
  readonly closers: (() => Promise<void>)[];
  readonly startLocalModels: boolean;
}

async function build({
  config,
  entries,
  clock,
  random,
  environment,
  log,
  closers,
  startLocalModels,
}: Parts): Promise<{ house: House; setUrl: (url: string) => void }> {
  const dataFolder = prepareDataFolder(config.data);
  const database = /^(env|file):/.test(config.database) ? resolveSecret(config.database, environment) : config.database;
  const s3 = readBlobPlace(config.blobs, environment);
  const store = await openStore({ data: dataFolder, database, clock, random, ...(s3 ? { s3 } : {}) });
  closers.push(() => store.close());
  const secret = nodeKey(dataFolder);
  let url = config.publicUrl ?? `http://${displayHost(config.host)}:${config.port}`;
  const org = createOrg({ store, clock, random, secret, publicUrl: () => url });
  closers.push(() => org.close());
  const models = await openModelDesk({
    store,
    drivers: createDrivers(),
    config,
    environment,
    seal: createSeal(secret),
    clock,
    random,
  });
  closers.push(() => models.close());
  const meters = createMeters();
  const localModels = await openLocalModels({
    folder: join(dataFolder, 'models'),
    config,
    desk: models,
    environment,
    clock,
    random,
    log,
  });
  closers.push(() => localModels.close());
  const budgets = await openStandingBudgets(
    store,
    async (personId) => (await store.org.person(personId))?.groups ?? [],
  );
  const tracing = telemetrySettings(config.telemetry, environment);
  const telemetry =
    tracing && (await openTelemetry(tracing, { version: manifest.version, policy: config.policy, log }));
  if (telemetry) closers.push(() => telemetry.close());
  const ledger = meteredLedger(store.ledger, meters, clock);
  const ownKernel = createKernel({
    ledger: telemetry?.ledger(ledger) ?? ledger,
    endpoints: telemetry?.endpoints(models) ?? models,
    clock,
    random,
    owner: newId('hold', clock, random),
    exchange: { base: config.currency, rates: config.exchangeRates },
    timeZone: config.timeZone,
    cache: {
      maxBytes: config.cache.bytes,
      hitPriceRatio: config.cache.hitPriceRatio,
      likeness: config.cache.likeness,
    },
    limits: { queuePerApp: config.limits.queuePerApp, queueMs: config.limits.queueMs },
    timeouts: config.timeouts,
    routing: config.routing,
    log,
  });
  const kernel = budgets.bind(telemetry?.bind(ownKernel) ?? ownKernel);
  const embedder = kernelEmbedder({ kernel, models, clock, random, wanted: config.embedder });
  const webSearch = config.webSearch
    ? createWebSearch({
        ...config.webSearch,
        key: config.webSearch.key ? resolveSecret(config.webSearch.key, environment) : null,
      })
    : null;
  const knowledge = createKnowledge({
    store,
    embedder,
    clock,
    random,
    limits: {
      parseMs: config.limits.parseMs,
      parseMemoryBytes: config.limits.parseMemoryBytes,
      uploadBytes: config.limits.uploadBytes,
    },
    isHeld: async (hash) => (await store.drive.countByHash(hash)) > 0,
  });
  closers.push(() => knowledge.close());
  const drive = createDrive({
    store,
    knowledge,
    clock,
    random,
    staging: join(dataFolder, 'uploads'),
    limits: {
      quotaBytes: {
        member: config.drive.memberBytes,
        builder: config.drive.builderBytes,
        owner: config.drive.ownerBytes,
      },
      houseQuotaBytes: config.drive.houseBytes,
      largestFileBytes: config.drive.fileBytes,
      largestIndexedBytes: config.limits.uploadBytes,
      versions: config.drive.versions,
      trashDays: config.drive.trashDays,
    },
    publicUrl: () => url,
    onFault: (what, error) => log('error', 'drive_failed', { what, cause: causeOf(error) }),
  });
  closers.push(() => drive.close());
  const quantum = createQuantumDesk({ clock, random });
  closers.push(() => quantum.close());
  // apps run by what the cockpit decides, and the cockpit acts on apps: the rules come once it stands
  let decided: Cockpit['rules'] | null = null;
  const apps = createApps({
    store,
    resolvePerson: async (email) => (await store.org.personByEmail(email))?.id ?? null,
    onFault: (fault, facts) => log('error', 'run_failed', { ...facts, cause: causeOf(fault) }),
    extraTools: [quantumTool(quantum)],
    ...(webSearch ? { webSearch } : {}),
    driveFolders: (name, caller) => drive.finding.collectionsOf(name, caller),
    rules: {
      experiment: (appId) => decided?.experiment(appId) ?? null,
      globalHoldoutRatio: () => decided?.globalHoldoutRatio() ?? 0,
      route: (appId) => decided?.route(appId) ?? null,
      canServe: (model) => decided?.canServe(model) ?? false,
    },
    kernel,
    knowledge,
    clock,
    random,
    config: {
      currency: config.currency,
      language: config.language,
      tenant,
      policy: config.policy,
      mcpServers: mcpServers(config, environment),
    },
  });
  closers.push(() => apps.close());
  const chats = createChatDesk({ store, apps, clock, random, log });
  closers.push(() => chats.close());
  const wenku = createWenkuDesk({
    store,
    apps,
    tenant,
    generates: () => models.list().some(({ enabled, capabilities }) => enabled && capabilities.includes('generate')),
    principalsOf: async (personId) => {
      const person = await store.org.person(personId);
      return person && !person.disabled ? org.principalsOf({ kind: 'person', person, sessionId: '' }) : null;
    },
    clock,
    random,
    log,
  });
  const cockpit = await createCockpit(
    cockpitParts({
      store,
      clock,
      random,
      config,
      kernel,
      models,
      apps,
      budgets,
      log: (fault) => log('error', 'cockpit_failed', { cause: causeOf(fault) }),
    }),
  );
  decided = cockpit.rules;
  closers.push(() => cockpit.close());
  const kpiSources = createSourceDesk({
    ...{ store, clock, random, tenant },
    readers: { postgres: readPostgres, mysql: readMysql, sqlite: readFile, duckdb: readFile },
    missing: (kind) => (kind === 'duckdb' && !hasDuckdb() ? addDuckdb : null),
    take: async (values, origin) => takeEvents(await intakeOf(house), values, origin),
    passwords: sourcePasswords({ secrets: store.models, seal: createSeal(secret), environment }),
    log: (message, facts) => log('error', message, facts),
  });
  closers.push(() => kpiSources.close());
  const withoutBatches: Omit<House, 'batches'> = {
    version: manifest.version,
    config,
    configEntries: entries,
    clock,
    random,
    log,
    store,
    org,
    apps,
    kernel,
    knowledge,
    models,
    localModels,
    budgets,
    chats,
    cockpit,
    kpiSources,
    feedback: createFeedbackDesk({ store: store.feedback, clock, tenant }),
    meters,
    quantum,
    webSearch,
    embedder,
    drive,
    wenku,
    localToken: localToken(dataFolder),
    startedAt: clock.now(),
    dataFolder,
    publicUrl: () => url,
  };
  const batches = createBatchDesk(withoutBatches);
  closers.push(() => batches.close());
  const house: House = { ...withoutBatches, batches };
  await installBuiltinApps(
    house,
    builtinApps().map(({ source }) => source),
  );
  await clearForms(dataFolder);
  await cockpit.start();
  kpiSources.start();
  const lost = await kernel.recover();
  if (lost > 0) log('info', 'runs_recovered', { lost });
  const resumed = await knowledge.resume();
  if (resumed > 0) log('info', 'parsing_resumed', { documents: resumed });
  drive.start();
  await localModels.resume(startLocalModels);
  const drafts = await wenku.resume();
  if (drafts > 0) log('info', 'wenku_jobs_resumed', { jobs: drafts });
  if (startLocalModels) {
    const left = await batches.resume();
    if (left > 0) log('info', 'batches_resumed', { batches: left });
  }
  return {
    house,
    setUrl: (next) => {
      url = next;
    },
  };
}

/** @throws MyriadError `storage_read_only` when the folder cannot be made or written. */
function prepareDataFolder(data: string): string {
  const folder = resolve(data);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new MyriadError(
      'storage_read_only',
      `The data folder ${folder} cannot be made: ${(cause as Error).message}.`,
      { cause, facts: { folder } },
    );
  }
  return folder;
}

function mcpServers(config: Config, environment: Environment) {
  return Object.fromEntries(
    Object.entries(config.mcpServers).map(([name, server]) => [
      name,
      {
        url: server.url,
        key: server.key ? resolveSecret(server.key, environment) : null,
        allowPrivate: server.allowPrivate,
      },
    ]),
  );
}

/** A fault's own words and stack, for the log only. */
function causeOf(fault: unknown): string {
  const cause = fault instanceof Error && fault.cause !== undefined ? fault.cause : fault;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** New at each start: whoever can read the data folder may act as its operator. */
function localToken(dataFolder: string): string {
  const token = randomBytes(32).toString('base64url');
  writePrivate(join(dataFolder, 'operator.token'), token);
  return token;
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

function displayHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
