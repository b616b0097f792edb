/** A kernel with everything in memory around it, for the room's own tests. */
import {
  type ChatRequest,
  type Kernel,
  type KernelCall,
  type ModelEvent,
  type ModelNeed,
  newId,
  type OpenRun,
  type RunSpec,
} from '@myriad/contracts';
import { createKernel, type KernelOptions } from '../create-kernel.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { createScriptedSource, type ScriptedEndpoint, type ScriptedSource } from './scripted-endpoint.ts';
import { createSeededRandom, createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface KernelBench {
  readonly kernel: Kernel;
  readonly ledger: MemoryLedger;
  readonly source: ScriptedSource;
  readonly clock: VirtualClock;
  spec(overrides?: Partial<RunSpec>): RunSpec;
  begin(overrides?: Partial<RunSpec>): Promise<OpenRun>;
}

export function createKernelBench(
  endpoints: readonly ScriptedEndpoint[],
  overrides: Partial<KernelOptions> = {},
): KernelBench {
  const clock = (overrides.clock as VirtualClock | undefined) ?? createVirtualClock();
  const random = createSeededRandom(7);
  const ledger = (overrides.ledger as MemoryLedger | undefined) ?? createMemoryLedger();
  const source = createScriptedSource(endpoints);
  const kernel = createKernel({
    endpoints: source,
    random,
    owner: 'node-1',
    exchange: { base: 'USD', rates: { CNY: 0.14 } },
    timeZone: 'Asia/Shanghai',
    limits: { queuePerApp: 64, queueMs: 60_000 },
    ...overrides,
    ledger,
    clock,
  });
  const spec = (changes: Partial<RunSpec> = {}): RunSpec => ({
    runId: newId('run', clock, random),
    appId: 'app_one',
    appName: 'one',
    version: 'v1',
    tenant: 'home',
    surface: 'openai',
    personId: null,
    keyId: null,
    assignment: { experiment: null, variant: 'treatment', reason: 'no_experiment', unit: null },
    delivered: 'treatment',
    conversationId: null,
    priority: 'standard',
    stream: true,
    budgets: [],
    limits: { requestsPerMinute: null, tokensPerMinute: null, parallel: null, deadlineMs: null },
    cache: { exact: false, ttlMs: 0 },
    ...changes,
  });
  return { kernel, ledger, source, clock, spec, begin: (changes) => kernel.begin(spec(changes)) };
}

export const anyModel: ModelNeed = { capabilities: [], optimize: 'balanced' };

export function ask(text: string, overrides: Partial<ChatRequest> = {}): ChatRequest {
  return { messages: [{ role: 'user', content: [{ type: 'text', text }] }], ...overrides };
}

export function callOf(overrides: Partial<KernelCall> = {}): KernelCall {
  return { request: ask('hello'), need: anyModel, stream: true, signal: new AbortController().signal, ...overrides };
}

export async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}
