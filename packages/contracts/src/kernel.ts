/** The kernel's port: every call of a base model goes through an open run. */
import type { ChatRequest, ModelEvent } from './chat.ts';
import type { MediaAnswer, MediaRequest } from './media.ts';
import type { Capability, EmbedRequest, EmbedResult } from './models.ts';
import type { Assignment, Budget, Priority, RunRecord, RunStatus, Surface, TraceStep } from './runs.ts';

/** Who runs what, decided before any model is called. */
export interface RunSpec {
  readonly runId: string;
  readonly appId: string;
  readonly appName: string;
  readonly version: string | null;
  readonly tenant: string;
  readonly surface: Surface;
  readonly personId: string | null;
  readonly keyId: string | null;
  readonly assignment: Assignment;
  readonly delivered: string;
  readonly conversationId: string | null;
  readonly priority: Priority;
  readonly stream: boolean;
  /** Budgets that bind the run, widest first. */
  readonly budgets: readonly Budget[];
  readonly limits: {
    readonly requestsPerMinute: number | null;
    readonly tokensPerMinute: number | null;
    readonly parallel: number | null;
    readonly deadlineMs: number | null;
  };
  /** Part of each model's price that the run pays; 1 unless said. */
  readonly priceRatio?: number;
  /** Caches of this run's calls; scoped by tenant, app, version and variant. `semantic` acts when something attached embeds. */
  readonly cache: { readonly exact: boolean; readonly semantic?: boolean; readonly ttlMs: number };
}

/** What a call needs of a model. `model` pins one by its public name: direct access, an experiment, or a decision. */
export interface ModelNeed {
  readonly capabilities: readonly Capability[];
  readonly optimize: 'cost' | 'speed' | 'quality' | 'balanced';
  readonly model?: string;
}

export interface KernelCall {
  readonly request: ChatRequest;
  readonly need: ModelNeed;
  readonly stream: boolean;
  readonly signal: AbortSignal;
}

/** What the run knows at its end; the kernel adds usage, cost and calls. */
export interface RunOutcome {
  readonly status: RunStatus;
  readonly errorCode: string | null;
  readonly delivered?: string;
  readonly steps: readonly TraceStep[];
}

/**
 * One run under account. Money is held before each call and settled once; `settle` must be called on every path, and is
 * idempotent. Nothing that a caller was told is lost: the promise resolves when the ledger is durable.
 */
export interface OpenRun {
  readonly runId: string;
  /**
   * hold → cache → queue → route → driver. Events as the driver gives them. Fallback to another endpoint happens only
   * before the first event. Errors: `budget_exhausted`, `queue_full`, `deadline_exceeded`, `rate_limited`,
   * `capability_unavailable`, `model_not_found`, `upstream_*`, `aborted`.
   */
  chat(call: KernelCall): AsyncIterable<ModelEvent>;
  /** The same events, those that are at hand together; no group is empty. */
  chatBatches(call: KernelCall): AsyncIterable<readonly ModelEvent[]>;
  embed(request: EmbedRequest, need: ModelNeed, signal: AbortSignal): Promise<EmbedResult>;
  /** Images and speech. The call ends with the answer's body; settle after it. */
  media(request: MediaRequest, need: ModelNeed, signal: AbortSignal): Promise<MediaAnswer>;
  /** Endpoint that served the last call, once known. */
  readonly servedBy: { readonly endpointId: string; readonly model: string; readonly generates: boolean } | null;
  settle(outcome: RunOutcome): Promise<RunRecord>;
}

export interface PoolStatus {
  readonly endpointId: string;
  readonly model: string;
  readonly inFlight: number;
  readonly limit: number;
  readonly queued: number;
  readonly circuit: 'closed' | 'open' | 'half-open';
  readonly firstTokenMs: number | null;
  readonly errorRatio: number;
}

export interface Kernel {
  /** Checks policy, limits and budgets. @throws MyriadError `app_stopped`, `rate_limited`, `budget_exhausted`. */
  begin(spec: RunSpec): Promise<OpenRun>;
  /** Books runs whose process died as `lost` and releases their holds; returns how many. */
  recover(): Promise<number>;
  /** Share weights from outside (lift): app id → factor, clamped to ½…4. */
  setShares(shares: ReadonlyMap<string, number>): void;
  status(): readonly PoolStatus[];
  /** Runs in flight now. */
  readonly inFlight: number;
  /** Refuses new runs, waits for those in flight up to the limit, then aborts them; all are settled. */
  drain(limitMs: number): Promise<void>;
}
