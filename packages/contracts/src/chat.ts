/** One dialect-free form of a chat: what surfaces translate from and drivers translate to. */
import type { Passage } from './knowledge.ts';
import type { Usage } from './usage.ts';

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  /** Anthropic's prompt-cache mark, kept both ways. */
  readonly cacheControl?: unknown;
}

/** Where the bytes of an image, audio clip or file are. */
export type MediaSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'fileId'; readonly fileId: string };

export interface ImagePart {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: 'auto' | 'low' | 'high';
  readonly cacheControl?: unknown;
}

export interface FilePart {
  readonly type: 'file';
  readonly source: MediaSource;
  readonly name?: string;
  readonly cacheControl?: unknown;
}

export interface AudioPart {
  readonly type: 'audio';
  readonly source: MediaSource;
  readonly format?: string;
}

export type ContentPart = TextPart | ImagePart | FilePart | AudioPart;

/** Reasoning as the model gave it. The signature or encrypted form is replayed verbatim to the same family. */
export interface ReasoningPart {
  readonly text: string;
  readonly signature?: string;
  readonly encrypted?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text exactly as the model wrote it; may be cut off or empty. */
  readonly argumentsJson: string;
  readonly cacheControl?: unknown;
}

export type ChatMessage =
  | { readonly role: 'system' | 'developer'; readonly content: readonly TextPart[] }
  | { readonly role: 'user'; readonly content: readonly ContentPart[]; readonly name?: string }
  | {
      readonly role: 'assistant';
      readonly content: readonly TextPart[];
      readonly reasoning?: readonly ReasoningPart[];
      readonly toolCalls?: readonly ToolCall[];
      readonly refusal?: string;
    }
  | {
      readonly role: 'tool';
      readonly toolCallId: string;
      readonly content: readonly ContentPart[];
      readonly isError?: boolean;
      readonly cacheControl?: unknown;
    };

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cacheControl?: unknown;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'jsonObject' }
  | {
      readonly type: 'jsonSchema';
      readonly name: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly strict?: boolean;
      readonly description?: string;
    };

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** Number of choices, 1 unless said. */
  readonly choices?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly reasoning?: {
    readonly effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high';
    readonly budgetTokens?: number;
  };
  /** A stable, non-identifying name of the end user for the provider's abuse checks. */
  readonly endUser?: string;
  /** Passages that the answer may quote; `extract` answers from nothing else. */
  readonly passages?: readonly Passage[];
  /** Fields of the caller's dialect that we do not know, passed on when the endpoint speaks the same dialect. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export type FinishReason = 'stop' | 'length' | 'toolCalls' | 'contentFilter' | 'error' | 'notFound';

/** A claim of the answer tied to the exact characters of a passage. */
export interface Citation {
  /** 1-based number shown in the answer as [n]; citations of one passage share it. */
  readonly number: number;
  readonly passageId: string;
  readonly documentId: string;
  readonly documentName: string;
  /** The words quoted, verbatim from the passage. */
  readonly quote: string;
  /** Characters of the quote in the document's extracted text: [start, end). */
  readonly start: number;
  readonly end: number;
  /** 1-based page where the source has pages. */
  readonly page?: number;
  readonly score?: number;
}

export type ModelEvent =
  | { readonly type: 'start'; readonly model: string; readonly upstreamId?: string }
  | { readonly type: 'text'; readonly choice: number; readonly text: string }
  | { readonly type: 'citation'; readonly choice: number; readonly citation: Citation }
  | { readonly type: 'refusal'; readonly choice: number; readonly text: string }
  | {
      readonly type: 'reasoning';
      readonly choice: number;
      readonly text: string;
      readonly signature?: string;
      readonly encrypted?: string;
    }
  | {
      readonly type: 'toolCall';
      readonly choice: number;
      /** Which of the parallel calls this fragment belongs to; fragments of several calls may be interleaved. */
      readonly index: number;
      readonly id?: string;
      readonly name?: string;
      readonly argumentsDelta: string;
    }
  | { readonly type: 'logprobs'; readonly choice: number; readonly content: unknown }
  | { readonly type: 'finish'; readonly choice: number; readonly reason: FinishReason }
  /** Provisional and final usage are never summed: each replaces the one before. */
  | { readonly type: 'usage'; readonly usage: Usage; readonly provisional: boolean };

/** The whole answer of one choice, gathered from events. */
export interface ChatAnswer {
  readonly text: string;
  readonly refusal: string | null;
  readonly reasoning: readonly ReasoningPart[];
  readonly toolCalls: readonly ToolCall[];
  readonly citations: readonly Citation[];
  readonly finish: FinishReason | null;
}
