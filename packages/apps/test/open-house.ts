import type {
  AppEvent,
  AppRecord,
  AppRunRequest,
  Apps,
  Caller,
  ChatMessage,
  Collection,
  Passage,
} from '@myriad/contracts';
import { type AppsWiring, createApps } from '../src/create-apps.ts';
import {
  type MemoryKernel,
  memoryAppStore,
  memoryAudit,
  memoryCollections,
  memoryKernel,
  memoryKnowledge,
  memorySettings,
  type Script,
  testClock,
  testRandom,
} from './memory-house.ts';

export const mei: Caller = {
  actorId: 'per_mei',
  personId: 'per_mei',
  keyId: null,
  principals: ['everyone', 'person:per_mei', 'group:staff'],
};

export const user = (text: string): ChatMessage => ({ role: 'user', content: [{ type: 'text', text }] });

export interface House {
  readonly apps: Apps;
  readonly kernel: MemoryKernel;
  readonly knowledge: ReturnType<typeof memoryKnowledge>;
  readonly store: {
    apps: ReturnType<typeof memoryAppStore>;
    audit: ReturnType<typeof memoryAudit>;
    settings: ReturnType<typeof memorySettings>;
  };
  readonly clock: ReturnType<typeof testClock>;
  /** Makes and publishes an app, evals skipped. */
  publish(source: string): Promise<AppRecord>;
  /** Runs to the end and returns all events. */
  run(app: AppRecord, wanted?: Partial<AppRunRequest> & { readonly text?: string }): Promise<AppEvent[]>;
}

/** The apps room with all its neighbours in memory. */
export function openHouse(
  options: {
    readonly scripts?: readonly Script[];
    readonly collections?: readonly Collection[];
    readonly passages?: readonly Passage[];
    readonly wiring?: Partial<AppsWiring>;
  } = {},
): House {
  const kernel = memoryKernel(...(options.scripts ?? []));
  const knowledge = memoryKnowledge(options.passages ?? []);
  const clock = testClock();
  const store = {
    apps: memoryAppStore(),
    audit: memoryAudit(),
    settings: memorySettings(),
    knowledge: memoryCollections(options.collections ?? []),
  };
  const apps = createApps({
    store,
    kernel,
    knowledge,
    clock,
    random: testRandom(),
    config: { currency: 'USD', language: 'en', mcpServers: {}, tenant: 'main' },
    fetchPage: async () => {
      throw new Error('no network in this test');
    },
    ...options.wiring,
  });
  return {
    apps,
    kernel,
    knowledge,
    store,
    clock,
    async publish(source) {
      const app = await apps.create(source, mei);
      return (await apps.publish(app, null, mei, { skipEvals: true })).app;
    },
    async run(app, { text = 'Hello?', ...wanted } = {}) {
      const events: AppEvent[] = [];
      const request: AppRunRequest = {
        app,
        caller: mei,
        surface: 'page',
        messages: [user(text)],
        stream: true,
        signal: new AbortController().signal,
        ...wanted,
      };
      for await (const event of apps.run(request)) events.push(event);
      return events;
    },
  };
}

/** A manifest with these further lines. */
export const manifest = (...lines: string[]): string =>
  ['kind: App', 'name: desk', 'description: A desk', 'instructions: Be brief.', ...lines].join('\n');

export const ofType = <T extends AppEvent['type']>(events: readonly AppEvent[], type: T) =>
  events.filter((event): event is Extract<AppEvent, { type: T }> => event.type === type);

export const textOf = (events: readonly AppEvent[]) =>
  ofType(events, 'text')
    .map(({ text }) => text)
    .join('');
