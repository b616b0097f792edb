/** Parts of an AI SDK stream or result, as our events. */
import type { FinishReason, ModelEvent, Usage } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import type { AiSdkGenerateResult } from './language-model.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'contentFilter',
  'tool-calls': 'toolCalls',
  error: 'error',
};

export interface PartReader {
  /** @throws whatever an `error` part carries. */
  part(part: unknown): readonly ModelEvent[];
  /** The closing event, or null when no `finish` part came. */
  end(): readonly ModelEvent[] | null;
}

export function readParts(model: string): PartReader {
  const calls = new Map<string, { index: number; streamed: boolean }>();
  let started = false;
  let reason: FinishReason | null = null;

  function start(part: JsonRecord): ModelEvent[] {
    if (started) return [];
    started = true;
    const id = asText(part.id);
    return [{ type: 'start', model: asText(part.modelId) ?? model, ...(id ? { upstreamId: id } : {}) }];
  }

  function slot(id: string): { index: number; streamed: boolean } {
    const known = calls.get(id) ?? { index: calls.size, streamed: false };
    calls.set(id, known);
    return known;
  }

  function content(part: JsonRecord): ModelEvent[] {
    switch (part.type) {
      case 'text-delta':
        return textOf(part.delta);
      case 'text':
        return textOf(part.text);
      case 'reasoning-start':
      case 'reasoning-end':
        return reasoningOf('', part.providerMetadata);
      case 'reasoning-delta':
        return reasoningOf(asText(part.delta) ?? '', part.providerMetadata);
      case 'reasoning':
        return reasoningOf(asText(part.text) ?? '', part.providerMetadata);
      case 'tool-input-start': {
        const id = asText(part.id) ?? '';
        const call = slot(id);
        call.streamed = true;
        return [
          { type: 'toolCall', choice: 0, index: call.index, id, name: asText(part.toolName) ?? '', argumentsDelta: '' },
        ];
      }
      case 'tool-input-delta': {
        const call = slot(asText(part.id) ?? '');
        return [{ type: 'toolCall', choice: 0, index: call.index, argumentsDelta: asText(part.delta) ?? '' }];
      }
      case 'tool-call':
        return toolCall(part);
      case 'finish': {
        const given = asText(at(part.finishReason, 'unified')) ?? asText(part.finishReason);
        reason = finishReasons[given ?? 'stop'] ?? 'stop';
        const usage = usageOf(part.usage);
        return usage ? [{ type: 'usage', usage, provisional: true }] : [];
      }
      case 'error':
        throw part.error;
      default:
        return [];
    }
  }

  /** The whole call; a repetition of what came in fragments adds nothing. Calls that the provider ran itself are not ours. */
  function toolCall(part: JsonRecord): ModelEvent[] {
    if (part.providerExecuted === true) return [];
    const id = asText(part.toolCallId) ?? '';
    const call = slot(id);
    if (call.streamed) return [];
    const input = typeof part.input === 'string' ? part.input : JSON.stringify(part.input ?? {});
    return [
      { type: 'toolCall', choice: 0, index: call.index, id, name: asText(part.toolName) ?? '', argumentsDelta: input },
    ];
  }

  return {
    part(value) {
      const part = asRecord(value);
      if (!part || part.type === 'stream-start' || part.type === 'raw') return [];
      if (part.type === 'response-metadata') return start(part);
      return [...start({}), ...content(part)];
    },
    end() {
      return started && reason ? [{ type: 'finish', choice: 0, reason }] : null;
    },
  };
}

/** The parts that a stream of the same result would have had. */
export function partsOf(result: AiSdkGenerateResult): readonly unknown[] {
  return [
    { type: 'response-metadata', ...asRecord(result.response) },
    ...asList(result.content),
    { type: 'finish', finishReason: result.finishReason, usage: result.usage },
  ];
}

function textOf(value: unknown): ModelEvent[] {
  const text = asText(value);
  return text ? [{ type: 'text', choice: 0, text }] : [];
}

/** Metadata is kept whole, as JSON, so that signatures go back verbatim under the provider's own names. */
function reasoningOf(text: string, metadata: unknown): ModelEvent[] {
  const kept = asRecord(metadata);
  if (text === '' && !kept) return [];
  return [{ type: 'reasoning', choice: 0, text, ...(kept ? { encrypted: JSON.stringify(kept) } : {}) }];
}

/** V2 counts flat; V3 and later by class. */
function usageOf(value: unknown): Usage | null {
  const usage = asRecord(value);
  if (!usage) return null;
  const input = asCount(at(usage.inputTokens, 'total')) ?? asCount(usage.inputTokens);
  const output = asCount(at(usage.outputTokens, 'total')) ?? asCount(usage.outputTokens);
  if (input === null || output === null) return null;
  return {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: asCount(at(usage.inputTokens, 'cacheRead')) ?? asCount(usage.cachedInputTokens) ?? 0,
    cacheWriteTokens: asCount(at(usage.inputTokens, 'cacheWrite')) ?? 0,
    reasoningTokens: asCount(at(usage.outputTokens, 'reasoning')) ?? asCount(usage.reasoningTokens) ?? 0,
    source: 'reported',
  };
}
