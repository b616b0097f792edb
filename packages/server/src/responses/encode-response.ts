/**
 * Model events → the typed events and the object of OpenAI's Responses dialect. Items open as they come: reasoning, a
 * message, one for each call; calls may be interleaved, as each event names its item.
 * Source of the shapes: OpenAI API reference, "Responses" and "Streaming events".
 */
import type { Citation, FinishReason, ModelEvent, Usage } from '@myriad/contracts';
import type { Json } from '../http/checks.ts';
import { signaturePrefix } from './parse-items.ts';

/** Without its `sequence_number`, which is given when it is sent. */
export interface ResponseEvent extends Json {
  readonly type: string;
}

interface Item {
  readonly kind: 'reasoning' | 'message' | 'call';
  readonly id: string;
  readonly index: number;
  text: string;
  sealed: string;
  callId: string;
  name: string;
  /** Content parts of a message: text, and a refusal. */
  readonly parts: { kind: 'output_text' | 'refusal'; text: string; annotations: Json[]; logprobs: unknown[] }[];
  done: boolean;
}

export interface ResponseEncoder {
  /** `response.created` and `response.in_progress`. */
  begin(): ResponseEvent[];
  add(event: ModelEvent): ResponseEvent[];
  /** What was said so far is thrown away. */
  restart(): ResponseEvent[];
  /** Closes what is open and ends: completed, or incomplete when the model was cut short. */
  end(usage: Usage, more: Json): { readonly events: ResponseEvent[]; readonly response: Json };
  fail(error: { readonly code: string; readonly message: string }): ResponseEvent[];
}

export function encodeResponseUsage(usage: Usage): Json {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

const cutShort: Partial<Readonly<Record<FinishReason, string>>> = {
  length: 'max_output_tokens',
  contentFilter: 'content_filter',
};

export function createResponseEncoder(head: {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly model: string;
  readonly echo: Json;
}): ResponseEncoder {
  let nextIndex = 0;
  let items: Item[] = [];
  let finish: FinishReason = 'stop';
  const calls = new Map<number, Item>();
  const suffix = head.id.slice('resp_'.length);

  const responseObject = (status: string, more: Json): Json => ({
    id: head.id,
    object: 'response',
    created_at: head.createdAt,
    status,
    error: null,
    incomplete_details: null,
    model: head.model,
    output: [],
    usage: null,
    ...head.echo,
    ...more,
  });

  const open = (kind: Item['kind'], call?: { readonly id: string; readonly name: string }): [Item, ResponseEvent[]] => {
    const index = nextIndex++;
    const prefix = { reasoning: 'rs', message: 'msg', call: 'fc' }[kind];
    const item: Item = {
      kind,
      id: `${prefix}_${suffix}_${index}`,
      index,
      text: '',
      sealed: '',
      callId: call?.id ?? '',
      name: call?.name ?? '',
      parts: [],
      done: false,
    };
    const events = kind === 'call' ? [] : closeAll((other) => other.kind !== 'call');
    items.push(item);
    events.push({ type: 'response.output_item.added', output_index: index, item: encodeItem(item, 'in_progress') });
    if (kind === 'reasoning')
      events.push({ ...at(item, 0), type: 'response.content_part.added', part: { type: 'reasoning_text', text: '' } });
    return [item, events];
  };

  const openOf = (kind: 'reasoning' | 'message'): [Item, ResponseEvent[]] => {
    const last = items.findLast((item) => item.kind !== 'call');
    return last && last.kind === kind && !last.done ? [last, []] : open(kind);
  };

  const write = (kind: 'output_text' | 'refusal', delta: string): ResponseEvent[] => {
    const [item, events] = openOf('message');
    let position = item.parts.findIndex((part) => part.kind === kind);
    if (position < 0) {
      position = item.parts.push({ kind, text: '', annotations: [], logprobs: [] }) - 1;
      const part = encodePart(item.parts[position] as Item['parts'][number]);
      events.push({ ...at(item, position), type: 'response.content_part.added', part });
    }
    const part = item.parts[position] as Item['parts'][number];
    part.text += delta;
    events.push({
      ...at(item, position),
      type: kind === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta',
      delta,
      ...(kind === 'refusal' ? {} : { logprobs: [] }),
    });
    return events;
  };

  const annotate = (citation: Citation): ResponseEvent[] => {
    const item = items.findLast(({ kind, done }) => kind === 'message' && !done);
    const position = item ? item.parts.findIndex(({ kind }) => kind === 'output_text') : -1;
    const part = item?.parts[position];
    if (!item || !part) return [];
    const annotation = {
      type: 'file_citation',
      file_id: citation.documentId,
      filename: citation.documentName,
      index: part.text.length,
    };
    part.annotations.push(annotation);
    return [
      {
        ...at(item, position),
        type: 'response.output_text.annotation.added',
        annotation_index: part.annotations.length - 1,
        annotation,
      },
    ];
  };

  const addCall = (event: Extract<ModelEvent, { type: 'toolCall' }>): ResponseEvent[] => {
    const events: ResponseEvent[] = [];
    let item = calls.get(event.index);
    if (!item) {
      const [made, opened] = open('call', {
        id: event.id ?? `call_${suffix}_${event.index}`,
        name: event.name ?? '',
      });
      item = made;
      calls.set(event.index, item);
      events.push(...opened);
    } else if (event.name && !item.name) item.name = event.name;
    item.text += event.argumentsDelta;
    if (event.argumentsDelta)
      events.push({
        type: 'response.function_call_arguments.delta',
        item_id: item.id,
        output_index: item.index,
        delta: event.argumentsDelta,
      });
    return events;
  };

  const closeItem = (item: Item): ResponseEvent[] => {
    item.done = true;
    const events: ResponseEvent[] = [];
    if (item.kind === 'reasoning') {
      events.push({ ...at(item, 0), type: 'response.reasoning_text.done', text: item.text });
      const part = { type: 'reasoning_text', text: item.text };
      events.push({ ...at(item, 0), type: 'response.content_part.done', part });
    } else if (item.kind === 'call') {
      events.push({
        type: 'response.function_call_arguments.done',
        item_id: item.id,
        output_index: item.index,
        name: item.name,
        arguments: item.text,
      });
    } else {
      item.parts.forEach((part, position) => {
        events.push(
          part.kind === 'refusal'
            ? { ...at(item, position), type: 'response.refusal.done', refusal: part.text }
            : { ...at(item, position), type: 'response.output_text.done', text: part.text, logprobs: [] },
        );
        events.push({ ...at(item, position), type: 'response.content_part.done', part: encodePart(part) });
      });
    }
    events.push({ type: 'response.output_item.done', output_index: item.index, item: encodeItem(item, 'completed') });
    return events;
  };
  const closeAll = (which: (item: Item) => boolean): ResponseEvent[] =>
    items.filter((item) => !item.done && which(item)).flatMap(closeItem);

  return {
    begin: () =>
      ['response.created', 'response.in_progress'].map((type) => ({
        type,
        response: responseObject('in_progress', {}),
      })),
    add(event) {
      if ('choice' in event && event.choice !== 0) return [];
      switch (event.type) {
        case 'text':
          return event.text ? write('output_text', event.text) : [];
        case 'refusal':
          return event.text ? write('refusal', event.text) : [];
        case 'citation':
          return annotate(event.citation);
        case 'reasoning': {
          const [item, events] = openOf('reasoning');
          item.text += event.text;
          if (event.encrypted) item.sealed = event.encrypted;
          else if (event.signature) item.sealed = `${item.sealed || signaturePrefix}${event.signature}`;
          if (event.text) events.push({ ...at(item, 0), type: 'response.reasoning_text.delta', delta: event.text });
          return events;
        }
        case 'toolCall':
          return addCall(event);
        case 'logprobs': {
          const part = items
            .findLast(({ kind }) => kind === 'message')
            ?.parts.find(({ kind }) => kind === 'output_text');
          if (part && Array.isArray(event.content)) part.logprobs.push(...event.content);
          return [];
        }
        case 'finish':
          finish = event.reason;
          return [];
        default:
          return [];
      }
    },
    restart() {
      const events = closeAll(() => true);
      items = [];
      calls.clear();
      return events;
    },
    end(usage, more) {
      const reason = cutShort[finish];
      const status = reason ? 'incomplete' : 'completed';
      const closing = closeAll(() => true);
      const response = responseObject(status, {
        output: items.map((item) => encodeItem(item, item.kind === 'call' || !reason ? 'completed' : 'incomplete')),
        incomplete_details: reason ? { reason } : null,
        usage: encodeResponseUsage(usage),
        ...more,
      });
      return { events: [...closing, { type: `response.${status}`, response }], response };
    },
    fail(error) {
      const output = items.map((item) => encodeItem(item, item.done ? 'completed' : 'incomplete'));
      return [{ type: 'response.failed', response: responseObject('failed', { error, output }) }];
    },
  };
}

function at(item: Item, contentIndex: number): Json {
  return { item_id: item.id, output_index: item.index, content_index: contentIndex };
}

function encodePart(part: Item['parts'][number]): Json {
  return part.kind === 'refusal'
    ? { type: 'refusal', refusal: part.text }
    : { type: 'output_text', text: part.text, annotations: part.annotations, logprobs: part.logprobs };
}

function encodeItem(item: Item, status: 'in_progress' | 'completed' | 'incomplete'): Json {
  if (item.kind === 'message')
    return { id: item.id, type: 'message', role: 'assistant', status, content: item.parts.map(encodePart) };
  if (item.kind === 'call')
    return { id: item.id, type: 'function_call', status, call_id: item.callId, name: item.name, arguments: item.text };
  return {
    id: item.id,
    type: 'reasoning',
    status,
    summary: [],
    content: item.text ? [{ type: 'reasoning_text', text: item.text }] : [],
    ...(item.sealed ? { encrypted_content: item.sealed } : {}),
  };
}
