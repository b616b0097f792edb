/**
 * Model events → OpenAI's chat-completion objects, whole or as chunks. Unknown to OpenAI are the `myriad` field (run id,
 * app, variant, citations) and `reasoning_content`, both of which its clients ignore.
 *
 * Source of the shape: OpenAI API reference, "The chat completion object" and "The chat completion chunk object".
 */
import type { Citation, FinishReason, ModelEvent, RunRecord, Usage } from '@myriad/contracts';

export interface ChatHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  /** The model as the caller named it. */
  readonly model: string;
}

const finishReasons: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  toolCalls: 'tool_calls',
  contentFilter: 'content_filter',
  error: 'stop',
  notFound: 'stop',
};

export function encodeUsage(usage: Usage): Record<string, unknown> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

/** What the caller may know of the run beyond OpenAI's fields. */
export function encodeRun(
  run: RunRecord,
  citations: readonly Citation[],
  finish: FinishReason | null,
): Record<string, unknown> {
  return {
    run_id: run.id,
    app: run.version === null ? null : run.appName,
    version: run.version,
    model: run.model,
    variant: run.delivered,
    found: finish !== 'notFound',
    cost: run.costMicros === null ? null : { micros: run.costMicros, currency: run.currency },
    citations: citations.map((citation) => ({
      number: citation.number,
      document: citation.documentName,
      document_id: citation.documentId,
      passage_id: citation.passageId,
      quote: citation.quote,
      page: citation.page ?? null,
      start: citation.start,
      end: citation.end,
    })),
  };
}

/** Delta of one event, or null when the event has no chunk of its own. */
export function encodeDelta(
  event: ModelEvent,
): { index: number; delta: Record<string, unknown>; finish_reason: string | null; logprobs?: unknown } | null {
  switch (event.type) {
    case 'text':
      return { index: event.choice, delta: { content: event.text }, finish_reason: null };
    case 'refusal':
      return { index: event.choice, delta: { refusal: event.text }, finish_reason: null };
    case 'reasoning':
      return event.text === ''
        ? null
        : { index: event.choice, delta: { reasoning_content: event.text }, finish_reason: null };
    case 'toolCall':
      return {
        index: event.choice,
        delta: {
          tool_calls: [
            {
              index: event.index,
              ...(event.id === undefined ? {} : { id: event.id, type: 'function' }),
              function: { ...(event.name === undefined ? {} : { name: event.name }), arguments: event.argumentsDelta },
            },
          ],
        },
        finish_reason: null,
      };
    case 'logprobs':
      return {
        index: event.choice,
        delta: {},
        logprobs: { content: event.content, refusal: null },
        finish_reason: null,
      };
    case 'finish':
      return { index: event.choice, delta: {}, finish_reason: finishReasons[event.reason] };
    default:
      return null;
  }
}

export function encodeChunk(head: ChatHead, choice: object | null, more: object = {}): string {
  return JSON.stringify({
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.created,
    model: head.model,
    choices: choice ? [choice] : [],
    ...more,
  });
}

interface Choice {
  content: string;
  refusal: string;
  reasoning: string;
  toolCalls: Map<number, { id: string; name: string; arguments: string }>;
  finish: FinishReason | null;
  logprobs: unknown[];
}

/** Gathers events into a whole completion. */
export function gatherCompletion() {
  const choices = new Map<number, Choice>();
  const choiceAt = (index: number): Choice => {
    let choice = choices.get(index);
    if (!choice) {
      choice = { content: '', refusal: '', reasoning: '', toolCalls: new Map(), finish: null, logprobs: [] };
      choices.set(index, choice);
    }
    return choice;
  };
  return {
    add(event: ModelEvent): void {
      if (event.type === 'start' || event.type === 'usage' || event.type === 'citation') return;
      const choice = choiceAt(event.choice);
      if (event.type === 'text') choice.content += event.text;
      else if (event.type === 'refusal') choice.refusal += event.text;
      else if (event.type === 'reasoning') choice.reasoning += event.text;
      else if (event.type === 'logprobs') choice.logprobs.push(event.content);
      else if (event.type === 'finish') choice.finish = event.reason;
      else {
        const call = choice.toolCalls.get(event.index) ?? { id: '', name: '', arguments: '' };
        if (event.id !== undefined) call.id = event.id;
        if (event.name !== undefined) call.name = event.name;
        call.arguments += event.argumentsDelta;
        choice.toolCalls.set(event.index, call);
      }
    },
    /** A guard or a retry threw away what was said so far. */
    restart(): void {
      choices.clear();
    },
    finishOf(index: number): FinishReason | null {
      return choices.get(index)?.finish ?? null;
    },
    encode(head: ChatHead, usage: Usage, more: object): Record<string, unknown> {
      return {
        id: head.id,
        object: 'chat.completion',
        created: head.created,
        model: head.model,
        choices: [...(choices.size > 0 ? choices : new Map([[0, choiceAt(0)]]))]
          .sort(([left], [right]) => left - right)
          .map(([index, choice]) => encodeChoice(index, choice)),
        usage: encodeUsage(usage),
        ...more,
      };
    },
  };
}

function encodeChoice(index: number, choice: Choice): Record<string, unknown> {
  const toolCalls = [...choice.toolCalls]
    .sort(([left], [right]) => left - right)
    .map(([, call]) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } }));
  return {
    index,
    message: {
      role: 'assistant',
      content: choice.content === '' && toolCalls.length > 0 ? null : choice.content,
      refusal: choice.refusal === '' ? null : choice.refusal,
      ...(choice.reasoning === '' ? {} : { reasoning_content: choice.reasoning }),
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    },
    logprobs: mergeLogprobs(choice.logprobs),
    finish_reason: choice.finish === null ? null : finishReasons[choice.finish],
  };
}

/** Log-probabilities come in lists of tokens, piece by piece; a completion carries them joined. */
function mergeLogprobs(pieces: readonly unknown[]): unknown {
  if (pieces.length === 0) return null;
  const content = pieces.flatMap((piece) => (Array.isArray(piece) ? piece : []));
  return { content, refusal: null };
}
