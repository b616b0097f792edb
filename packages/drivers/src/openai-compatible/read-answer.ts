/** Answers of OpenAI's chat dialect, streamed or whole, as our events. */
import { type FinishReason, type ModelEvent, MyriadError } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import type { AnswerReader } from '../dialect/run-chat.ts';
import { parseJson } from '../http/read-body.ts';
import type { Quirk } from './quirks/quirk.ts';
import { readToolCalls } from './read-tool-calls.ts';
import { readUsage } from './read-usage.ts';
import { textTemplate } from './text-template.ts';
import { splitThinking, type ThinkSplitter } from './think-splitter.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  normal: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'toolCalls',
  function_call: 'toolCalls',
  content_filter: 'contentFilter',
  sensitive: 'contentFilter',
  error: 'error',
  abort: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
};

/**
 * @param errorIn Names an error that stands in a chunk or a 200 answer, or null when there is none.
 */
export function readAnswer(quirk: Quirk, errorIn: (json: JsonRecord) => MyriadError | null): AnswerReader {
  const tools = readToolCalls();
  const splitters = new Map<number, ThinkSplitter>();
  const finished = new Map<number, FinishReason>();
  const open = new Set<number>();
  let started = false;
  let done = false;
  // Thinking that stands in the text itself has to be looked at piece by piece.
  const template = quirk.reasoningAt.includes('think') ? null : textTemplate();
  let templateChoice = 0;

  function read(json: JsonRecord, part: 'delta' | 'message'): ModelEvent[] {
    const failure = errorIn(json);
    if (failure) throw failure;
    const events: ModelEvent[] = [];
    const choices = asList(json.choices);
    if (!started && (choices.length > 0 || json.id !== undefined)) {
      started = true;
      const id = asText(json.id);
      events.push({ type: 'start', model: asText(json.model) ?? '', ...(id ? { upstreamId: id } : {}) });
    }
    choices.forEach((choice, position) => {
      readChoice(asRecord(choice) ?? {}, position, part, events);
    });
    const usage = readUsage(json, quirk);
    if (usage && started) events.push({ type: 'usage', usage, provisional: true });
    return events;
  }

  function readChoice(choice: JsonRecord, position: number, part: 'delta' | 'message', events: ModelEvent[]): void {
    const index = asCount(choice.index) ?? position;
    open.add(index);
    const body = asRecord(choice[part]) ?? asRecord(choice.delta) ?? asRecord(choice.message) ?? {};
    readReasoning(body, index, events);
    readContent(body.content, index, events);
    const refusal = asText(body.refusal);
    if (refusal) events.push({ type: 'refusal', choice: index, text: refusal });
    const legacy = asRecord(body.function_call);
    events.push(...tools.push(index, legacy ? [{ function: legacy }] : asList(body.tool_calls)));
    const logprobs = at(choice.logprobs, 'content');
    if (Array.isArray(logprobs) && logprobs.length > 0)
      events.push({ type: 'logprobs', choice: index, content: logprobs });
    const reason = asText(choice.finish_reason);
    if (reason) finished.set(index, finishReasons[reason] ?? 'stop');
  }

  function readContent(content: unknown, choice: number, events: ModelEvent[]): void {
    const text =
      typeof content === 'string'
        ? content
        : asList(content)
            .map((piece) => asText(at(piece, 'text')) ?? '')
            .join('');
    if (text === '') return;
    if (!quirk.reasoningAt.includes('think')) {
      events.push({ type: 'text', choice, text });
      return;
    }
    let splitter = splitters.get(choice);
    if (!splitter) {
      splitter = splitThinking();
      splitters.set(choice, splitter);
    }
    for (const split of splitter.push(text)) events.push({ type: split.kind, choice, text: split.text });
  }

  function readReasoning(body: JsonRecord, choice: number, events: ModelEvent[]): void {
    for (const place of quirk.reasoningAt) {
      if (place === 'think') continue;
      if (place === 'reasoning_details') {
        const details = asList(body.reasoning_details);
        for (const detail of details) events.push(...readDetail(detail, choice));
        if (details.length > 0) return;
        continue;
      }
      const text = asText(body[place]);
      if (text) {
        events.push({ type: 'reasoning', choice, text });
        return;
      }
    }
  }

  /** A chunk that holds one choice with one text and ends nothing is what the next ones are compared with. */
  function learn(data: string, json: JsonRecord, events: readonly ModelEvent[]): void {
    const [event] = events;
    if (!template || events.length !== 1 || event?.type !== 'text' || asList(json.choices).length !== 1) return;
    if (finished.has(event.choice)) return;
    templateChoice = event.choice;
    template.learn(data, event.text);
  }

  return {
    event(event) {
      if (event.data === '') return [];
      const text = template?.read(event.data) ?? null;
      if (text !== null) return text === '' ? [] : [{ type: 'text', choice: templateChoice, text }];
      if (event.data.trim() === '[DONE]') {
        done = true;
        return [];
      }
      const json = asRecord(parseJson(event.data));
      if (!json)
        throw new MyriadError('upstream_protocol', 'The model server streamed something that is not an object.');
      const events = read(json, 'delta');
      learn(event.data, json, events);
      return events;
    },
    whole(json) {
      const body = asRecord(json);
      if (!body)
        throw new MyriadError('upstream_protocol', 'The model server answered something that is not an object.');
      const events = read(body, 'message');
      if (asList(body.choices).length === 0)
        throw new MyriadError('upstream_protocol', 'The model server answered without choices.');
      done = true;
      return events;
    },
    end() {
      if (!started) return null;
      const unfinished = [...open].filter((choice) => !finished.has(choice));
      if (open.size === 0 || (unfinished.length > 0 && !done)) return null;
      const closing: ModelEvent[] = [];
      for (const [choice, splitter] of splitters)
        for (const split of splitter.flush()) closing.push({ type: split.kind, choice, text: split.text });
      closing.push(...tools.end());
      for (const choice of [...open].sort((left, right) => left - right))
        closing.push({ type: 'finish', choice, reason: finished.get(choice) ?? 'stop' });
      return closing;
    },
  };
}

/** One piece of `reasoning_details`; an encrypted one is kept whole, to be sent back as it came. */
function readDetail(detail: unknown, choice: number): ModelEvent[] {
  const piece = asRecord(detail);
  if (!piece) return [];
  if (piece.type === 'reasoning.encrypted')
    return [{ type: 'reasoning', choice, text: '', encrypted: JSON.stringify(piece) }];
  const text = asText(piece.text) ?? asText(piece.summary) ?? '';
  const signature = asText(piece.signature);
  return text === '' && !signature ? [] : [{ type: 'reasoning', choice, text, ...(signature ? { signature } : {}) }];
}
