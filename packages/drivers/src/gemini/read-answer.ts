/** Answers of `generateContent` and `streamGenerateContent`, as our events. */
import { type FinishReason, type ModelEvent, MyriadError } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import type { AnswerReader } from '../dialect/run-chat.ts';
import { parseJson } from '../http/read-body.ts';
import { readUsage } from './read-usage.ts';

const finishReasons: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'contentFilter',
  RECITATION: 'contentFilter',
  LANGUAGE: 'contentFilter',
  BLOCKLIST: 'contentFilter',
  PROHIBITED_CONTENT: 'contentFilter',
  SPII: 'contentFilter',
  IMAGE_SAFETY: 'contentFilter',
  MALFORMED_FUNCTION_CALL: 'error',
  UNEXPECTED_TOOL_CALL: 'error',
  MALFORMED_RESPONSE: 'error',
  OTHER: 'error',
};

/** @param errorIn Names the error of a body that is one, or null. */
export function readAnswer(errorIn: (json: JsonRecord) => MyriadError | null): AnswerReader {
  const finished = new Map<number, FinishReason>();
  const open = new Set<number>();
  const calls = new Map<number, number>();
  let started = false;

  function read(json: JsonRecord): ModelEvent[] {
    const failure = errorIn(json);
    if (failure) throw failure;
    const blocked = asText(at(json.promptFeedback, 'blockReason'));
    if (blocked)
      throw new MyriadError('content_filtered', `gemini filtered the prompt (${blocked}).`, {
        facts: { provider: 'gemini', upstreamCode: blocked },
      });
    const events: ModelEvent[] = [];
    if (!started) {
      started = true;
      const id = asText(json.responseId);
      events.push({ type: 'start', model: asText(json.modelVersion) ?? '', ...(id ? { upstreamId: id } : {}) });
    }
    asList(json.candidates).forEach((candidate, position) => {
      readCandidate(asRecord(candidate) ?? {}, position, events);
    });
    const usage = readUsage(json.usageMetadata);
    if (usage) events.push({ type: 'usage', usage, provisional: true });
    return events;
  }

  function readCandidate(candidate: JsonRecord, position: number, events: ModelEvent[]): void {
    const choice = asCount(candidate.index) ?? position;
    open.add(choice);
    for (const part of asList(at(candidate.content, 'parts'))) readPart(asRecord(part) ?? {}, choice, events);
    const logprobs = asRecord(candidate.logprobsResult);
    if (logprobs) events.push({ type: 'logprobs', choice, content: writeLogprobs(logprobs) });
    const reason = asText(candidate.finishReason);
    if (reason) finished.set(choice, finishReasons[reason] ?? 'stop');
  }

  function readPart(part: JsonRecord, choice: number, events: ModelEvent[]): void {
    const text = asText(part.text) ?? '';
    const signature = asText(part.thoughtSignature);
    const call = asRecord(part.functionCall);
    if (part.thought === true) {
      if (text !== '' || signature)
        events.push({ type: 'reasoning', choice, text, ...(signature ? { signature } : {}) });
      return;
    }
    if (text !== '') events.push({ type: 'text', choice, text });
    if (signature) events.push({ type: 'reasoning', choice, text: '', signature });
    if (!call) return;
    const index = calls.get(choice) ?? 0;
    calls.set(choice, index + 1);
    events.push({
      type: 'toolCall',
      choice,
      index,
      id: asText(call.id) ?? `call_${choice}_${index}`,
      name: asText(call.name) ?? '',
      argumentsDelta: JSON.stringify(asRecord(call.args) ?? {}),
    });
  }

  return {
    event(event) {
      if (event.data === '' || event.data.trim() === '[DONE]') return [];
      return read(object(parseJson(event.data)));
    },
    whole(json) {
      // Without `alt=sse` a stream comes as one array of chunks.
      const chunks = Array.isArray(json) ? json : [json];
      return chunks.flatMap((chunk) => read(object(chunk)));
    },
    end() {
      if (!started || open.size === 0 || [...open].some((choice) => !finished.has(choice))) return null;
      return [...open]
        .sort((left, right) => left - right)
        .map((choice) => {
          const reason = finished.get(choice) as FinishReason;
          return { type: 'finish', choice, reason: reason === 'stop' && calls.has(choice) ? 'toolCalls' : reason };
        });
    },
  };
}

function object(value: unknown): JsonRecord {
  const record = asRecord(value);
  if (!record) throw new MyriadError('upstream_protocol', 'The model server answered something that is not an object.');
  return record;
}

/** In the form that surfaces know: one entry a token with its alternatives. */
function writeLogprobs(result: JsonRecord): unknown {
  const tops = asList(result.topCandidates);
  return asList(result.chosenCandidates).map((chosen, position) => ({
    token: asText(at(chosen, 'token')) ?? '',
    logprob: at(chosen, 'logProbability'),
    top_logprobs: asList(at(tops[position], 'candidates')).map((top) => ({
      token: asText(at(top, 'token')) ?? '',
      logprob: at(top, 'logProbability'),
    })),
  }));
}
