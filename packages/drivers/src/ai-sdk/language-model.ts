/**
 * The part of the Vercel AI SDK's language model (specification V2, V3 and V4) that the adapter uses, by shape alone, so
 * that any version's object fits and no package of theirs is needed. Source: the `language-model` folder of
 * https://github.com/vercel/ai/tree/main/packages/provider/src
 */
export interface AiSdkLanguageModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: AiSdkCallOptions): PromiseLike<AiSdkGenerateResult>;
  doStream(options: AiSdkCallOptions): PromiseLike<AiSdkStreamResult>;
}

export interface AiSdkCallOptions {
  readonly prompt: readonly Record<string, unknown>[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stopSequences?: readonly string[];
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly seed?: number;
  readonly responseFormat?: Record<string, unknown>;
  readonly tools?: readonly Record<string, unknown>[];
  readonly toolChoice?: Record<string, unknown>;
  readonly providerOptions?: Record<string, unknown>;
  readonly abortSignal?: AbortSignal;
}

export interface AiSdkGenerateResult {
  readonly content: readonly unknown[];
  readonly finishReason: unknown;
  readonly usage: unknown;
  readonly response?: unknown;
}

export interface AiSdkStreamResult {
  /** A web ReadableStream, of which only its async iteration is used. */
  readonly stream: AsyncIterable<unknown>;
}

/** Whether something is a language model of a specification that the adapter reads. */
export function isAiSdkLanguageModel(value: unknown): value is AiSdkLanguageModel {
  const model = value as Partial<AiSdkLanguageModel> | null;
  return (
    typeof model === 'object' &&
    model !== null &&
    typeof model.doGenerate === 'function' &&
    typeof model.doStream === 'function' &&
    /^v([2-9]|\d\d+)$/.test(String(model.specificationVersion))
  );
}
