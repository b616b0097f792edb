/** The way of one chat over HTTP, the same for every dialect: send, refuse or read, tally, end. */
import {
  asMyriadError,
  type CallOptions,
  type ChatRequest,
  type ModelEvent,
  MyriadError,
  type Priority,
  type Usage,
} from '@myriad/contracts';
import type { Http } from '../http/http.ts';
import { parseJson, readBody } from '../http/read-body.ts';
import { openEventReader, type ServerEvent } from '../http/read-events.ts';
import { tallyAnswer } from './answer-tally.ts';

export interface WireRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads one answer; has a state, so one is made per call. */
export interface AnswerReader {
  /** One server-sent event of a stream. @throws MyriadError for an error inside the stream. */
  event(event: ServerEvent): readonly ModelEvent[];
  /** A whole answer. @throws MyriadError for an error inside a 200 answer. */
  whole(json: unknown): readonly ModelEvent[];
  /** After the bytes have ended: closing events, or null when the answer is not complete. */
  end(): readonly ModelEvent[] | null;
}

export interface ChatDialect {
  /** @throws MyriadError `unsupported` for what the dialect cannot say. */
  request(request: ChatRequest, stream: boolean, priority?: Priority): WireRequest;
  reader(): AnswerReader;
  /** Names a refusal by status. */
  refusal(status: number, headers: Readonly<Record<string, string>>, bodyText: string): MyriadError;
}

const acceptable = 'gzip, deflate, br, zstd';
const longestErrorBytes = 1 << 20;

/**
 * Runs one chat. Yields `start` first and a final `usage` last; failures carry the partial usage in their facts once the
 * answer had begun, because a provider bills what it wrote. Events that one piece of the network completed come together.
 */
export async function* runChatBatches(
  http: Http,
  dialect: ChatDialect,
  request: ChatRequest,
  options: CallOptions,
): AsyncGenerator<readonly ModelEvent[]> {
  const wire = dialect.request(request, options.stream, options.priority);
  const tally = tallyAnswer(request);
  try {
    const answer = await http.call({
      method: 'POST',
      url: wire.url,
      headers: {
        'content-type': 'application/json',
        accept: options.stream ? 'text/event-stream, application/json' : 'application/json',
        'accept-encoding': options.stream ? 'identity' : acceptable,
        ...wire.headers,
      },
      body: wire.body,
      options,
      awaitsToken: options.stream,
    });
    if (answer.status < 200 || answer.status >= 300)
      throw dialect.refusal(answer.status, answer.headers, await readBody(answer.body, longestErrorBytes));
    const reader = dialect.reader();
    let batch: ModelEvent[] = [];
    const add = (event: ModelEvent) => {
      if (event.type === 'start' && tally.started) return;
      if (event.type !== 'start' && !tally.started)
        throw new MyriadError('internal', 'An answer began without its start.');
      tally.note(event);
      batch.push(event);
    };
    /** What is already here when the caller leaves is not given out any more. */
    const take = (): readonly ModelEvent[] => {
      if (options.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
      if (tally.sawToken) answer.sawToken();
      const taken = batch;
      batch = [];
      return taken;
    };
    const type = answer.headers['content-type'] ?? '';
    try {
      if (type.includes('json') || (!options.stream && !type.includes('event-stream'))) {
        for (const event of reader.whole(parseJson(await readBody(answer.body)))) add(event);
      } else {
        const events = openEventReader();
        for await (const chunk of answer.body) {
          for (const event of events.feed(chunk)) for (const read of reader.event(event)) add(read);
          if (batch.length > 0) yield take();
        }
        for (const event of events.end()) for (const read of readLast(reader, event)) add(read);
      }
      const closing = reader.end();
      if (closing === null)
        throw new MyriadError('upstream_cut', 'The model server ended the answer before it was complete.');
      for (const event of closing) add(event);
    } catch (error) {
      // What came whole before the failure is given out first.
      if (batch.length > 0) yield take();
      throw error;
    }
    add({ type: 'usage', usage: tally.usage(true), provisional: false });
    yield take();
  } catch (error) {
    throw withUsage(asMyriadError(error), tally.started ? tally.usage(false) : null);
  }
}

/** The same, event by event. */
export async function* runChat(
  http: Http,
  dialect: ChatDialect,
  request: ChatRequest,
  options: CallOptions,
): AsyncGenerator<ModelEvent> {
  const batches = runChatBatches(http, dialect, request, options);
  for await (const batch of batches) {
    for (const event of batch) {
      // Told to the generator itself, which knows what was used until then.
      if (options.signal.aborted) await batches.throw(new MyriadError('aborted', 'The caller went away.'));
      yield event;
    }
  }
}

/** The last event of a body that ended without a blank line: whole it counts, half it is a cut. */
function readLast(reader: AnswerReader, event: ServerEvent): readonly ModelEvent[] {
  try {
    return reader.event(event);
  } catch (error) {
    const failure = asMyriadError(error);
    if (failure.code !== 'upstream_protocol') throw failure;
    throw new MyriadError('upstream_cut', 'The model server ended the answer in the middle of an event.');
  }
}

/** The same failure, with what was used until then. */
export function withUsage(failure: MyriadError, usage: Usage | null): MyriadError {
  if (!usage || failure.facts.usage) return failure;
  return new MyriadError(failure.code, failure.message, {
    facts: { ...failure.facts, usage },
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  });
}
