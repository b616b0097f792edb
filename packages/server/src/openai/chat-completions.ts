/** `POST /v1/chat/completions`: apps as `app:<name>` and base models by name, plain or streamed. */
import { asMyriadError, type Citation, type DirectEvent, MyriadError, type RunRecord } from '@myriad/contracts';
import type { House } from '../house.ts';
import { retryAfterSeconds, sendJson, toOpenAiError } from '../http/problem.ts';
import { openEventBatches, problemAsError } from '../surface-events.ts';
import { createEventStream } from '../v1/event-stream.ts';
import { authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { chatFrames } from './chat-frames.ts';
import { type ChatHead, encodeRun, gatherCompletion } from './encode-chat.ts';
import { type ParsedChat, parseChat } from './parse-chat.ts';

export async function chatCompletions(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  const parsed = parseChat(await readJsonBody(house, exchange));
  const events = await openEventBatches(house, exchange, subject, 'openai', parsed);
  const head: ChatHead = {
    id: `chatcmpl-${exchange.requestId.slice(4)}`,
    created: Math.floor(house.clock.now() / 1000),
    model: parsed.model,
  };
  await (parsed.stream ? answerStreamed(house, exchange, parsed, head, events) : answerWhole(exchange, head, events));
}

type EventBatches = AsyncIterable<readonly DirectEvent[]>;

async function answerWhole(exchange: Exchange, head: ChatHead, batches: EventBatches): Promise<void> {
  const gathered = gatherCompletion();
  const citations: Citation[] = [];
  let run: RunRecord | null = null;
  for await (const batch of batches) {
    for (const event of batch) {
      if (event.type === 'error') throw problemAsError(event);
      if (event.type === 'done') run = event.run;
      else if (event.type === 'restart') gathered.restart();
      else {
        if (event.type === 'citation') citations.push(event.citation);
        gathered.add(event);
      }
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
  batches: EventBatches,
): Promise<void> {
  const stream = createEventStream(
    exchange.response,
    house.clock,
    { 'x-request-id': exchange.requestId },
    exchange.signal,
  );
  const frames = chatFrames(head, parsed.includeUsage);
  try {
    for await (const batch of batches) {
      let text = '';
      for (const event of batch) {
        if (event.type === 'error') {
          if (text !== '') await stream.sendFrames(text);
          throw problemAsError(event);
        }
        text += frames.encode(event);
      }
      if (text === '') continue;
      // Only a socket that is full is waited for.
      const pending = stream.sendFrames(text);
      if (pending) await pending;
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
