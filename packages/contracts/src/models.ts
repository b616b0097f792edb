/** Base models: endpoints, capabilities, and the port that every driver implements. */
import type { ChatRequest, ModelEvent } from './chat.ts';
import type { MediaRequest } from './media.ts';
import type { Price } from './money.ts';
import type { Priority } from './runs.ts';
import type { Usage } from './usage.ts';

/**
 * What an app may ask for. `generate` separates models that write from `extract`, which only quotes. `audio` hears in a
 * chat; `image`, `speech` and `transcribe` are calls of their own, passed through.
 */
export type Capability =
  | 'chat'
  | 'generate'
  | 'tools'
  | 'vision'
  | 'json'
  | 'zh'
  | 'long'
  | 'reasoning'
  | 'audio'
  | 'embed'
  | 'image'
  | 'speech'
  | 'transcribe';

export type DriverFamily = 'openai-compatible' | 'anthropic' | 'gemini' | 'ai-sdk' | 'extract' | 'fake';

/** One reachable model: a model name at an address, with what it can do and what it costs. */
export interface ModelEndpoint {
  readonly id: string;
  /** Public name, such as `myriad/extract-1` or `deepseek/deepseek-chat`; what `/v1/models` lists. */
  readonly name: string;
  readonly family: DriverFamily;
  /** Row of the quirk table for `openai-compatible`, such as `qianfan` or `ollama`. */
  readonly provider: string;
  readonly baseUrl: string;
  /** The model's name as the provider knows it. */
  readonly upstreamModel: string;
  readonly capabilities: readonly Capability[];
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly price: Price | null;
  /** Calls in flight that the endpoint takes. */
  readonly concurrency: number;
  readonly enabled: boolean;
  /** Operator's preference: higher is tried first among endpoints that can serve. */
  readonly preference: number;
  /** Provider-specific settings, such as an API version or a thinking switch; never a secret. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Limits of one call, in milliseconds. */
export interface CallTimeouts {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly chunkGapMs: number;
  readonly totalMs: number;
}

export const defaultTimeouts: CallTimeouts = {
  connectMs: 5_000,
  firstTokenMs: 120_000,
  chunkGapMs: 60_000,
  totalMs: 600_000,
};

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Whether to ask the provider for a stream. Events are the same either way. */
  readonly stream: boolean;
  readonly timeouts: CallTimeouts;
  /** How urgent the call is; told to servers that take it, where the operator says so (`forwardPriority`). */
  readonly priority?: Priority;
  /** Names of the run and the call as the ledger will have them, for whoever watches calls go out. */
  readonly record?: { readonly runId: string; readonly callId: string };
  /** Trace context (W3C) that goes out with the call as headers. */
  readonly traceHeaders?: Readonly<Record<string, string>>;
}

export interface EmbedRequest {
  readonly inputs: readonly string[];
  readonly dimensions?: number;
}

export interface EmbedResult {
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
  readonly usage: Usage;
}

export interface UpstreamModel {
  readonly name: string;
  readonly contextTokens?: number;
  readonly ownedBy?: string;
}

/** Raw pass-through of one call whose caller and endpoint speak the same dialect: bytes untouched, a copy tapped. */
export interface RelayRequest {
  /** The caller's JSON body with `model` (and usage asking) already rewritten. */
  readonly body: Uint8Array;
  readonly path: string;
}

export interface RelayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * One open endpoint. A driver translates and does nothing else: no retry, cache, price or log. Failures are MyriadError
 * `upstream_*` (facts: `status`, `upstreamCode`, `requestId`), `content_filtered`, `context_too_long` or `aborted`.
 */
export interface ModelConnection {
  /**
   * Streams the answer as events: `start` first, `usage` and `finish` before the end. Ends normally only when the
   * provider ended normally; a cut throws `upstream_cut` after the events that did come.
   */
  chat(request: ChatRequest, options: CallOptions): AsyncIterable<ModelEvent>;
  /** The same events in the groups in which the network brought them, none empty: waiting once a group, not once an event. */
  chatBatches?(request: ChatRequest, options: CallOptions): AsyncIterable<readonly ModelEvent[]>;
  embed?(request: EmbedRequest, options: CallOptions): Promise<EmbedResult>;
  listModels?(options: CallOptions): Promise<readonly UpstreamModel[]>;
  relay?(request: RelayRequest, options: CallOptions): Promise<RelayResponse>;
  /** Images and speech, passed through. @throws MyriadError as `chat` does; the answer's status was 2xx. */
  media?(request: MediaRequest, options: CallOptions): Promise<Omit<RelayResponse, 'status'>>;
  close(): Promise<void>;
}

export interface Driver {
  readonly family: DriverFamily;
  /** @param apiKey The secret already resolved; null for servers that need none. */
  connect(endpoint: ModelEndpoint, apiKey: string | null): ModelConnection;
}
