/** One row of the quirk table: how a provider of OpenAI's chat dialect differs from the others. Data only, no code. */
import type { FailureCode, Priority } from '@myriad/contracts';

/** How the caller's wish to think becomes fields of the body. */
export interface ThinkingKnob {
  /** Merged into the body when thinking is asked for. */
  readonly on?: Readonly<Record<string, unknown>>;
  /** Merged when effort is `none`. Absent: the provider cannot switch it off, and the wish is left out. */
  readonly off?: Readonly<Record<string, unknown>>;
  /** Where the effort goes (a path into the body), and the provider's word for each of ours. */
  readonly effort?: {
    readonly path: readonly string[];
    readonly words: Readonly<Record<'minimal' | 'low' | 'medium' | 'high', string>>;
  };
  /** Where a budget of thinking tokens goes. */
  readonly budget?: readonly string[];
}

export interface Quirk {
  readonly id: string;
  readonly title: string;
  /** Includes the version segment; a path of `paths` follows it. */
  readonly baseUrl: string;
  /** Where a person gets a key; null when none is needed. */
  readonly keyUrl: string | null;
  readonly auth: { readonly header: string; readonly prefix: string };
  readonly paths: { readonly chat: string; readonly embeddings: string | null; readonly models: string | null };
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether `stream_options: { include_usage: true }` is understood; otherwise usage comes unasked or not at all. */
  readonly streamOptions: boolean;
  /** Where usage stands in a chunk, first place that has it. `choice` is `choices[0].usage`, `timings` is llama.cpp's. */
  readonly usageAt: readonly ('chunk' | 'choice' | 'x_groq' | 'timings')[];
  /** Where reasoning stands in a delta or message; `think` is a `<think>` block at the start of the content. */
  readonly reasoningAt: readonly ('reasoning_content' | 'reasoning' | 'reasoning_details' | 'think')[];
  /** Under which name earlier reasoning is sent back; null where it must not be. */
  readonly replayReasoning: 'reasoning_content' | 'reasoning_details' | null;
  readonly thinking: ThinkingKnob | null;
  /** `native` takes json_schema; `emulate` has only json_object, and the schema goes into the instructions. */
  readonly jsonSchema: 'native' | 'emulate';
  readonly developerRole: boolean;
  /** Kinds of content parts beside text that the dialect can carry there. */
  readonly parts: readonly ('image' | 'file' | 'audio')[];
  /** Whether `n` above 1 is understood. */
  readonly choices: boolean;
  readonly logprobs: boolean;
  /** How the urgency of a call is told, merged into the body; only to endpoints with the option `forwardPriority`. */
  readonly priority: Readonly<Record<Priority, Readonly<Record<string, unknown>>>> | null;
  /** Constant fields of every chat body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The provider's error codes that mean something else than their HTTP status says. */
  readonly errors: Readonly<Record<string, FailureCode>>;
  /** Comment lines sent while waiting, as documented; the event reader skips any comment. */
  readonly keepAliveComment: string | null;
  /** Requests in flight to start with; the catalogue or the operator may know better. */
  readonly concurrency: number;
  /** Inputs that one embeddings call takes. */
  readonly embeddingBatch: number;
  readonly local: boolean;
  /** Public documentation the row was written from. */
  readonly sources: readonly string[];
}

const plain: Omit<Quirk, 'id' | 'title' | 'baseUrl' | 'keyUrl' | 'sources'> = {
  auth: { header: 'authorization', prefix: 'Bearer ' },
  paths: { chat: '/chat/completions', embeddings: '/embeddings', models: '/models' },
  maxTokensField: 'max_tokens',
  streamOptions: true,
  usageAt: ['chunk', 'choice', 'x_groq', 'timings'],
  reasoningAt: ['reasoning_content', 'reasoning', 'reasoning_details'],
  replayReasoning: null,
  thinking: null,
  jsonSchema: 'native',
  developerRole: false,
  parts: ['image'],
  choices: true,
  logprobs: true,
  priority: null,
  body: {},
  errors: {},
  keepAliveComment: null,
  concurrency: 16,
  embeddingBatch: 64,
  local: false,
};

/** Fills a row's unsaid fields with what most providers do. */
export function defineQuirk(
  row: Pick<Quirk, 'id' | 'title' | 'baseUrl' | 'keyUrl' | 'sources'> & Partial<Quirk>,
): Quirk {
  return { ...plain, ...row };
}
