/** A house in memory for tests of the cockpit: the parts of the store that it reads, and a clock that a test moves. */
import type {
  AppRecord,
  AppVersion,
  AuditEntry,
  CompiledManifest,
  LoggedEvent,
  LoggedExposure,
  Store,
} from '@myriad/contracts';
import { seededRandom } from '@myriad/lift';
import type { AppBudget, CockpitParts } from '../src/cockpit.ts';

export interface MemoryHouse extends CockpitParts {
  readonly events: LoggedEvent[];
  readonly exposures: LoggedExposure[];
  readonly audited: Omit<AuditEntry, 'sequence' | 'previousHash' | 'hash'>[];
  readonly settings: Map<string, unknown>;
  readonly given: ReadonlyMap<string, number>[];
  readonly spent: Map<string, number>;
  readonly budgets: Map<string, Omit<AppBudget, 'scope' | 'onExceed'>>;
  readonly modelSpend: { group: string; costMicros: number; tokens: number }[];
  now: number;
  addApp(name: string, kpi: CompiledManifest['kpi'], tenant?: string): AppRecord;
  expose(app: AppRecord, unit: string, assigned: string, time: number, delivered?: string): void;
  exposeIn(experiment: string, app: string, unit: string, assigned: string, time: number): void;
  event(kpi: string, unit: string, value: number, time: number, receivedAt?: number): void;
}

export const dayMs = 86_400_000;
export const start = Date.UTC(2026, 0, 1);

export function kpiOf(metric: string, change: Partial<NonNullable<CompiledManifest['kpi']>> = {}) {
  return {
    metric,
    direction: 'increase' as const,
    goalRatio: 0.1,
    valueMicrosPerUnit: 1_000_000,
    valueCurrency: 'USD',
    experiment: { unit: 'user', holdoutRatio: 0.5, windowMs: 7 * dayMs, guardrails: [], baseline: 'none' as const },
    ...change,
  };
}

export function openMemoryHouse(): MemoryHouse {
  const apps = new Map<string, AppRecord>();
  const versions = new Map<string, AppVersion>();
  const events: LoggedEvent[] = [];
  const exposures: LoggedExposure[] = [];
  const audited: MemoryHouse['audited'] = [];
  const settings = new Map<string, unknown>();
  const given: ReadonlyMap<string, number>[] = [];
  const spent = new Map<string, number>();
  const modelSpend: MemoryHouse['modelSpend'] = [];
  const budgets: MemoryHouse['budgets'] = new Map();
  const firstBudgets: MemoryHouse['budgets'] = new Map();
  const models = [
    { id: 'mdl_1', name: 'one', enabled: true },
    { id: 'mdl_2', name: 'two', enabled: false },
  ];
  const draw = seededRandom(5);
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
  const store = {
    apps: {
      byId: async (id: string) => apps.get(id) ?? null,
      byName: async (tenant: string, name: string) =>
        [...apps.values()].find((app) => app.tenant === tenant && app.name === name) ?? null,
      version: async (id: string, hash: string) => {
        const version = versions.get(id);
        return version ? { ...version, hash, number: Number(hash.slice(1)) } : null;
      },
      versionByNumber: async (id: string, number: number) =>
        versions.has(id) && number <= 3 ? { ...versions.get(id), hash: `v${number}`, number } : null,
    },
    log: {
      events: async ({ after, limit }: { after: number; limit: number }) => events.slice(after, after + limit),
      exposures: async ({ after, limit }: { after: number; limit: number }) => exposures.slice(after, after + limit),
      unserved: async () => [],
    },
    ledger: {
      spend: async ({ groupBy }: { groupBy: string }) =>
        (groupBy === 'appModel'
          ? modelSpend.map(({ group, costMicros }) => [group, costMicros] as const)
          : [...spent]
        ).map(([group, costMicros]) => ({
          time: 0,
          group,
          currency: 'USD',
          costMicros,
          runs: 1,
          inputTokens: modelSpend.find((row) => row.group === group)?.tokens ?? 10,
          outputTokens: modelSpend.some((row) => row.group === group) ? 0 : 10,
          unpricedRuns: 0,
        })),
    },
    settings: {
      get: async (key: string) => copy(settings.get(key) ?? null),
      set: async (key: string, value: unknown) => void settings.set(key, copy(value)),
      delete: async (key: string) => void settings.delete(key),
      entries: async (prefix: string) =>
        [...settings].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value: copy(value) })),
    },
    audit: {
      append: async (entry: (typeof audited)[number]) => {
        audited.push(entry);
        return { ...entry, sequence: audited.length, previousHash: '', hash: '' };
      },
    },
  } as unknown as Store;
  const house: MemoryHouse = {
    store,
    now: start,
    clock: {
      now: () => house.now,
      monotonicMs: () => house.now,
      sleep: async () => {},
      after: () => () => {},
    },
    random: {
      next: draw,
      bytes: (size) => Uint8Array.from({ length: size }, () => Math.floor(draw() * 256)),
    } as CockpitParts['random'],
    tenant: 'main',
    currency: 'USD',
    convert: () => null,
    setShares: (shares) => void given.push(shares),
    setAppStatus: async (app, status) => void apps.set(app.id, { ...app, status }),
    setAppVersion: async (app, number) => {
      apps.set(app.id, { ...(apps.get(app.id) as AppRecord), currentVersion: `v${number}` });
    },
    appBudget: async (app) => {
      const budget = budgets.get(app.id);
      return budget ? { scope: `app:${app.id}`, onExceed: 'refuse', ...budget } : null;
    },
    setAppBudget: async (appId, change) => {
      const before = budgets.get(appId);
      if (change === null) budgets.set(appId, { ...firstBudgets.get(appId)!, standing: false });
      else {
        if (before && !before.standing) firstBudgets.set(appId, before);
        const { micros: limitMicros, currency, period } = change;
        budgets.set(appId, { limitMicros, currency, period, standing: true, spentMicros: before?.spentMicros ?? 0 });
      }
    },
    budgets,
    models: () => models,
    setModelEnabled: async (id, enabled) => {
      const model = models.find((one) => one.id === id);
      if (model) model.enabled = enabled;
    },
    publish: async () => {
      throw new Error('no manifests here');
    },
    events,
    exposures,
    audited,
    settings,
    given,
    spent,
    modelSpend,
    addApp(name, kpi, tenant = 'main') {
      const id = `app_${name}`;
      const app = { id, name, tenant, titleEn: name, titleZh: name, status: 'published', currentVersion: 'v1' };
      apps.set(id, app as AppRecord);
      versions.set(id, { appId: id, hash: 'v1', manifest: { name, kpi } } as unknown as AppVersion);
      return app as AppRecord;
    },
    expose(app, unit, assigned, time, delivered = assigned) {
      const metric = versions.get(app.id)?.manifest.kpi?.metric;
      exposures.push({
        sequence: exposures.length + 1,
        afterEvent: events.length,
        experiment: `${app.name}:${metric}`,
        appId: app.id,
        version: 'v1',
        unit,
        assigned,
        delivered,
        runId: 'run_1',
        time,
      });
    },
    exposeIn(experiment, app, unit, assigned, time) {
      exposures.push({
        sequence: exposures.length + 1,
        afterEvent: events.length,
        experiment,
        appId: `app_${app}`,
        version: 'v1',
        unit,
        assigned,
        delivered: assigned === 'global_holdout' ? 'none' : assigned,
        runId: 'run_1',
        time,
      });
    },
    event(kpi, unit, value, time, receivedAt = time) {
      const sequence = events.length + 1;
      events.push({ sequence, tenant: 'main', id: `e${sequence}`, kpi, unit, value, time, receivedAt });
    },
  };
  return house;
}
