/** Small, faithful neighbours in memory for this room's tests: registry, settings, audit, knowledge, kernel, clock. */
import {
  type AppDraft,
  type AppRecord,
  type AppStore,
  type AppVersion,
  type AuditEntry,
  type AuditStore,
  type ChatRequest,
  type Clock,
  type Collection,
  type Kernel,
  type KernelCall,
  type Knowledge,
  type KnowledgeStore,
  type ModelEvent,
  MyriadError,
  noUsage,
  type OpenRun,
  type Passage,
  type Random,
  type RunOutcome,
  type RunRecord,
  type RunSpec,
  type SettingStore,
} from '@myriad/contracts';

export function memoryAppStore(): AppStore {
  const apps = new Map<string, AppRecord>();
  const drafts = new Map<string, AppDraft>();
  const versions = new Map<string, AppVersion>();
  const must = (id: string) => {
    const app = apps.get(id);
    if (!app) throw new MyriadError('not_found', `No app ${id}.`);
    return app;
  };
  const expectCurrent = (id: string, expected: string | null) => {
    if (must(id).currentVersion !== expected) throw new MyriadError('conflict', 'The app changed meanwhile.');
  };
  const store: AppStore = {
    async create(app, draft) {
      if (await store.byName(app.tenant, app.name)) throw new MyriadError('conflict', `${app.name} exists.`);
      apps.set(app.id, app);
      if (draft) drafts.set(app.id, draft);
    },
    byId: async (id) => apps.get(id) ?? null,
    byName: async (tenant, name) =>
      [...apps.values()].find((app) => app.tenant === tenant && app.name === name) ?? null,
    list: async () => ({ items: [...apps.values()], nextCursor: null }),
    count: async () => apps.size,
    async saveDraft(draft) {
      drafts.set(draft.appId, draft);
      apps.set(draft.appId, { ...must(draft.appId), hasDraft: true });
    },
    draft: async (id) => drafts.get(id) ?? null,
    async publish(version, app, expected) {
      expectCurrent(app.id, expected);
      versions.set(`${app.id}:${version.hash}`, version);
      apps.set(app.id, app);
      drafts.delete(app.id);
    },
    version: async (id, hash) => versions.get(`${id}:${hash}`) ?? null,
    versionByNumber: async (id, number) =>
      [...versions.values()].find((version) => version.appId === id && version.number === number) ?? null,
    versions: async (id) => ({ items: [...versions.values()].filter(({ appId }) => appId === id), nextCursor: null }),
    async setCurrent(id, hash, expected, updatedAt) {
      expectCurrent(id, expected);
      apps.set(id, { ...must(id), currentVersion: hash, updatedAt });
    },
    async setStatus(id, status, updatedAt) {
      apps.set(id, { ...must(id), status, updatedAt });
    },
    async importMany(rows) {
      let added = 0;
      for (const { app, version } of rows) {
        if (await store.byName(app.tenant, app.name)) continue;
        apps.set(app.id, app);
        versions.set(`${app.id}:${version.hash}`, version);
        added += 1;
      }
      return added;
    },
  };
  return store;
}

export function memoryAudit(): AuditStore & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    async append(entry) {
      const whole = { ...entry, sequence: entries.length + 1, previousHash: '', hash: '' };
      entries.push(whole);
      return whole;
    },
    list: async () => ({ items: entries, nextCursor: null }),
    verify: async () => ({ entries: entries.length, brokenAt: null }),
  };
}

export function memorySettings(): SettingStore {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key) ?? null,
    async set(key, value) {
      values.set(key, structuredClone(value));
    },
    async delete(key) {
      values.delete(key);
    },
    entries: async (prefix) =>
      [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value })),
  };
}

/** Collections only; what the rooms' other neighbours need is not there and says so when called. */
export function memoryCollections(collections: readonly Collection[]): KnowledgeStore {
  const known = {
    collection: async (id: string) => collections.find((one) => one.id === id) ?? null,
    collectionByName: async (name: string) => collections.find((one) => one.name === name) ?? null,
    collections: async ({ prefix = '' }: { prefix?: string }) => ({
      items: collections
        .filter(({ name }) => name.startsWith(prefix))
        .map((collection) => ({ ...collection, documents: 1, sizeBytes: 1 })),
      nextCursor: null,
    }),
  };
  return known as unknown as KnowledgeStore;
}

export const collectionOf = (id: string, name: string, readers: readonly string[], ownerId = 'per_x'): Collection => ({
  id,
  name,
  ownerId,
  readers,
  createdAt: 0,
});

export function passageOf(id: string, collectionId: string, text: string, page: number | null = null): Passage {
  const sentences = [...text.matchAll(/[^.。]+[.。]?/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    coverage: 1,
  }));
  return {
    id,
    documentId: `doc_${id}`,
    documentName: `${id}.pdf`,
    collectionId,
    text,
    start: 1_000,
    end: 1_000 + text.length,
    page,
    headings: [],
    score: 1,
    coverage: 1,
    sentences,
  };
}

/** Returns every passage of the collections asked for, and remembers the questions. */
export function memoryKnowledge(
  passages: readonly Passage[],
): Knowledge & { readonly queries: { query: string; collectionIds: readonly string[] }[] } {
  const queries: { query: string; collectionIds: readonly string[] }[] = [];
  const retrieve: Knowledge['retrieve'] = async ({ query, collectionIds }) => {
    queries.push({ query, collectionIds });
    const found = passages.filter(({ collectionId }) => collectionIds.includes(collectionId));
    return {
      passages: found,
      report: { method: 'lexical', because: 'no embeddings', tookMs: 1, candidates: found.length },
    };
  };
  return { queries, retrieve } as unknown as Knowledge & { queries: typeof queries };
}

export function testClock(start = Date.UTC(2026, 0, 5, 9)): Clock & { advance(byMs: number): void } {
  let now = start;
  return {
    now: () => now,
    monotonicMs: () => now,
    sleep: () => Promise.resolve(),
    after: () => () => {},
    advance(byMs) {
      now += byMs;
    },
  };
}

/** Deterministic bytes (xorshift32), never for anything but tests. */
export function testRandom(seed = 7): Random {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return { next, bytes: (size) => Uint8Array.from({ length: size }, () => Math.floor(next() * 256)) };
}

/** What the model says in one call: events, or an error to throw after them. */
export type Script = (request: ChatRequest, call: KernelCall) => AsyncIterable<ModelEvent> | Iterable<ModelEvent>;

export interface MemoryKernel extends Kernel {
  readonly begun: RunSpec[];
  readonly calls: KernelCall[];
  readonly settled: { readonly spec: RunSpec; readonly outcome: RunOutcome }[];
  /** Thrown by the next `begin`. */
  refuse: MyriadError | null;
  generates: boolean;
  capabilities: readonly string[] | null;
}

/** A kernel that plays scripts in order (the last one again and again) and keeps the account: every begun run settles once. */
export function memoryKernel(...scripts: Script[]): MemoryKernel {
  let turn = 0;
  const kernel: MemoryKernel = {
    begun: [],
    calls: [],
    settled: [],
    refuse: null,
    generates: true,
    capabilities: null,
    inFlight: 0,
    recover: async () => 0,
    setShares: () => {},
    status: () => [],
    drain: async () => {},
    async begin(spec) {
      if (kernel.refuse) throw kernel.refuse;
      kernel.begun.push(spec);
      let served: { endpointId: string; model: string; generates: boolean } | null = null;
      let record: RunRecord | null = null;
      const run: OpenRun = {
        runId: spec.runId,
        async *chatBatches(call) {
          for await (const event of run.chat(call)) yield [event];
        },
        get servedBy() {
          return served;
        },
        async *chat(call) {
          if (kernel.capabilities) {
            const lacking = call.need.capabilities.find((one) => !kernel.capabilities?.includes(one));
            if (lacking) throw new MyriadError('capability_unavailable', `No model can ${lacking}.`);
          }
          if (call.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
          kernel.calls.push(call);
          served = { endpointId: 'mdl_1', model: 'fake/model', generates: kernel.generates };
          yield { type: 'start', model: 'fake/model' };
          const script = scripts[Math.min(turn, scripts.length - 1)];
          turn += 1;
          if (script) yield* script(call.request, call);
        },
        media: async () => {
          throw new MyriadError('capability_unavailable', 'No model makes images here.');
        },
        embed: async () => ({ vectors: [], model: 'fake/model', usage: noUsage }),
        async settle(outcome) {
          if (record) return record;
          kernel.settled.push({ spec, outcome });
          record = recordOf(spec, outcome, served);
          return record;
        },
      };
      return run;
    },
  };
  return kernel;
}

function recordOf(spec: RunSpec, outcome: RunOutcome, served: { readonly model: string } | null): RunRecord {
  return {
    id: spec.runId,
    appId: spec.appId,
    appName: spec.appName,
    version: spec.version,
    surface: spec.surface,
    tenant: spec.tenant,
    personId: spec.personId,
    keyId: spec.keyId,
    unit: spec.assignment.unit,
    experiment: spec.assignment.experiment,
    assigned: spec.assignment.variant,
    delivered: outcome.delivered ?? spec.delivered,
    assignmentReason: spec.assignment.reason,
    conversationId: spec.conversationId,
    status: outcome.status,
    errorCode: outcome.errorCode,
    stream: spec.stream,
    startedAt: 0,
    firstTokenAt: null,
    finishedAt: 0,
    usage: noUsage,
    costMicros: 0,
    pricedMicros: 0,
    currency: 'USD',
    model: served?.model ?? null,
    calls: [],
    steps: outcome.steps,
  };
}

/** A model that says this text, in stretches of a few characters. */
export function saying(text: string, finish: 'stop' | 'notFound' | 'length' = 'stop'): Script {
  return function* () {
    for (let at = 0; at < text.length; at += 7) yield { type: 'text', choice: 0, text: text.slice(at, at + 7) };
    yield { type: 'usage', usage: noUsage, provisional: false };
    yield { type: 'finish', choice: 0, reason: finish };
  };
}

/** A model that calls tools; the arguments come in fragments, interleaved. */
export function calling(...calls: readonly { readonly name: string; readonly args: unknown }[]): Script {
  return function* () {
    const texts = calls.map(({ args }) => (typeof args === 'string' ? args : JSON.stringify(args)));
    for (const [index, { name }] of calls.entries()) {
      yield { type: 'toolCall', choice: 0, index, id: `call_${name}_${index}`, name, argumentsDelta: '' };
    }
    for (const part of [0, 1]) {
      for (const [index, text] of texts.entries()) {
        const half = Math.ceil(text.length / 2);
        const argumentsDelta = part === 0 ? text.slice(0, half) : text.slice(half);
        yield { type: 'toolCall', choice: 0, index, argumentsDelta };
      }
    }
    yield { type: 'finish', choice: 0, reason: 'toolCalls' };
  };
}
