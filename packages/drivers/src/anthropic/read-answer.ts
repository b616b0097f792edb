/** Answers of the Messages API, streamed or whole, as our events. */
import { type FinishReason, type ModelEvent, MyriadError, type Usage } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import type { AnswerReader } from '../dialect/run-chat.ts';
import { parseJson } from '../http/read-body.ts';
import { readUsage } from './read-usage.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'toolCalls',
  refusal: 'contentFilter',
};

/** @param errorIn Names the error of an `error` event or a 200 body that is one. */
export function readAnswer(errorIn: (json: JsonRecord) => MyriadError): AnswerReader {
  /** Content block index → index among the tool calls. */
  const tools = new Map<number, number>();
  let usage: Usage | null = null;
  let started = false;
  let reason: FinishReason | null = null;
  let stopped = false;

  function start(message: JsonRecord | null): ModelEvent[] {
    started = true;
    const id = asText(message?.id);
    return [
      { type: 'start', model: asText(message?.model) ?? '', ...(id ? { upstreamId: id } : {}) },
      ...counted(message?.usage),
    ];
  }

  function counted(value: unknown): ModelEvent[] {
    const next = readUsage(value, usage);
    if (!next) return [];
    usage = next;
    return [{ type: 'usage', usage: next, provisional: true }];
  }

  /** The beginning of a block; in whole answers it is all of the block. */
  function block(index: number, value: unknown): ModelEvent[] {
    const content = asRecord(value) ?? {};
    switch (content.type) {
      case 'text':
        return textEvent(asText(content.text));
      case 'thinking':
        return thinkingEvent(asText(content.thinking) ?? '', asText(content.signature));
      case 'redacted_thinking':
        return [{ type: 'reasoning', choice: 0, text: '', encrypted: asText(content.data) ?? '' }];
      case 'tool_use': {
        const position = tools.size;
        tools.set(index, position);
        const input = asRecord(content.input);
        const whole = input && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
        return [
          {
            type: 'toolCall',
            choice: 0,
            index: position,
            id: asText(content.id) ?? `toolu_${position}`,
            name: asText(content.name) ?? '',
            argumentsDelta: whole,
          },
        ];
      }
      default:
        return [];
    }
  }

  function delta(index: number, value: unknown): ModelEvent[] {
    const change = asRecord(value) ?? {};
    switch (change.type) {
      case 'text_delta':
        return textEvent(asText(change.text));
      case 'thinking_delta':
        return thinkingEvent(asText(change.thinking) ?? '', null);
      case 'signature_delta':
        return thinkingEvent('', asText(change.signature));
      case 'input_json_delta': {
        const position = tools.get(index);
        const argumentsDelta = asText(change.partial_json) ?? '';
        return position === undefined || argumentsDelta === ''
          ? []
          : [{ type: 'toolCall', choice: 0, index: position, argumentsDelta }];
      }
      default:
        return [];
    }
  }

  function finish(value: unknown): void {
    const given = asText(value);
    if (given) reason = finishReasons[given] ?? 'stop';
  }

  return {
    event(event) {
      if (event.data === '') return [];
      const json = asRecord(parseJson(event.data));
      if (!json)
        throw new MyriadError('upstream_protocol', 'The model server streamed something that is not an object.');
      const index = asCount(json.index) ?? 0;
      switch (asText(json.type) ?? event.name) {
        case 'message_start':
          return start(asRecord(json.message));
        case 'content_block_start':
          return block(index, json.content_block);
        case 'content_block_delta':
          return delta(index, json.delta);
        case 'message_delta':
          finish(at(json.delta, 'stop_reason'));
          return counted(json.usage);
        case 'message_stop':
          stopped = true;
          return [];
        case 'error':
          throw errorIn(json);
        default:
          return [];
      }
    },
    whole(json) {
      const message = asRecord(json);
      if (message?.type === 'error') throw errorIn(message);
      if (!message || !Array.isArray(message.content))
        throw new MyriadError('upstream_protocol', 'The model server answered without content.');
      const events = start(message);
      asList(message.content).forEach((content, index) => {
        events.push(...block(index, content));
      });
      finish(message.stop_reason);
      stopped = true;
      return events;
    },
    end() {
      return started && stopped ? [{ type: 'finish', choice: 0, reason: reason ?? 'stop' }] : null;
    },
  };
}

function textEvent(text: string | null): ModelEvent[] {
  return text ? [{ type: 'text', choice: 0, text }] : [];
}

function thinkingEvent(text: string, signature: string | null): ModelEvent[] {
  return text === '' && !signature ? [] : [{ type: 'reasoning', choice: 0, text, ...(signature ? { signature } : {}) }];
}
