/** `POST /v1/chat/completions`: apps as `app:<name>` and base models by name, plain or streamed. */
import {
  asMyriadError,
  type Citation,
  type DirectEvent,
  type FinishReason,
  type ModelEvent,
  MyriadError,
  type RunRecord,
} from '@myriad/contracts';
import type { House } from '../house.ts';
import { retryAfterSeconds, sendJson, toOpenAiError } from '../http/problem.ts';
import { openEvents, problemAsError } from '../surface-events.ts';
import { createEventStream } from '../v1/event-stream.ts';
import { authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { type ChatHead, encodeChunk, encodeDelta, encodeRun, encodeUsage, gatherCompletion } from './encode-chat.ts';
import { type ParsedChat, parseChat } from './parse-chat.ts';

export async function chatCompletions(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  const parsed = parseChat(await readJsonBody(house, exchange));
  const events = await openEvents(house, exchange, subject, 'openai', parsed);
  const head: ChatHead = {
    id: `chatcmpl-${exchange.requestId.slice(4)}`,
    created: Math.floor(house.clock.now() / 1000),
    model: parsed.model,
  };
  await (parsed.stream ? answerStreamed(house, exchange, parsed, head, events) : answerWhole(exchange, head, events));
}

async function answerWhole(exchange: Exchange, head: ChatHead, events: AsyncIterable<DirectEvent>): Promise<void> {
  const gathered = gatherCompletion();
  const citations: Citation[] = [];
  let run: RunRecord | null = null;
  for await (const event of events) {
    if (event.type === 'error') throw problemAsError(event);
    if (event.type === 'done') run = event.run;
    else if (event.type === 'restart') gathered.restart();
    else {
      if (event.type === 'citation') citations.push(event.citation);
      gathered.add(event);
    }
  }
  if (!run) throw new MyriadError('internal', 'The run ended without a record.');
  sendJson(
    exchange.response,
    200,
    gathered.encode(head, run.usage, { myriad: encodeRun(run, citations, gathered.finishOf(0)) }),
    runHeaders(exchange, run.id),
  );
}

async function answerStreamed(
  house: House,
  exchange: Exchange,
  parsed: ParsedChat,
  head: ChatHead,
  events: AsyncIterable<DirectEvent>,
): Promise<void> {
  const stream = createEventStream(
    exchange.response,
    house.clock,
    { 'x-request-id': exchange.requestId },
    exchange.signal,
  );
  const usageField = parsed.includeUsage ? { usage: null } : {};
  const begun = new Set<number>();
  const citations: Citation[] = [];
  let finish: FinishReason | null = null;
  const begin = (choice: number) => {
    if (begun.has(choice)) return undefined;
    begun.add(choice);
    return stream.send(
      encodeChunk(
        head,
        { index: choice, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
        usageField,
      ),
    );
  };
  try {
    for await (const event of events) {
      if (event.type === 'error') throw problemAsError(event);
      if (event.type === 'done') {
        await begin(0);
        const own = { myriad: encodeRun(event.run, citations, finish) };
        // Usage has a chunk of its own when it was asked for; Myriad's field goes with the last chunk either way.
        await stream.send(
          encodeChunk(head, null, parsed.includeUsage ? { usage: encodeUsage(event.run.usage), ...own } : own),
        );
        await stream.send('[DONE]');
      } else if (event.type === 'citation') citations.push(event.citation);
      else if (event.type !== 'restart') {
        const delta = encodeDelta(event as ModelEvent);
        if (!delta) continue;
        if (event.type === 'finish' && event.choice === 0) finish = event.reason;
        const opening = begin(delta.index);
        if (opening) await opening;
        const pending = stream.send(encodeChunk(head, delta, usageField));
        if (pending) await pending;
      }
    }
    stream.end();
  } catch (thrown) {
    if (!stream.opened) throw thrown;
    // The status is out already: the error is a frame of its own, and no [DONE] follows.
    const { body } = toOpenAiError(thrown);
    await stream.send(JSON.stringify(body));
    stream.end();
  }
}

function runHeaders(exchange: Exchange, runId: string): Record<string, string> {
  return { 'x-request-id': exchange.requestId, 'x-myriad-run': runId };
}

/** Any failure on an OpenAI route, in OpenAI's shape. */
export function sendOpenAiError(exchange: Exchange, thrown: unknown): void {
  const { status, body, error } = toOpenAiError(asMyriadError(thrown));
  const retryAfter = retryAfterSeconds(error);
  sendJson(exchange.response, status, body, {
    'x-request-id': exchange.requestId,
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
}
