/** `POST /v1/messages` and `/v1/messages/count_tokens`: apps and base models in Anthropic's dialect. */
import { asMyriadError, MyriadError, noUsage, type RunRecord, type Usage } from '@myriad/contracts';
import { estimateInput } from '@myriad/kernel';
import type { House } from '../house.ts';
import { retryAfterSeconds, sendJson } from '../http/problem.ts';
import { openEvents, problemAsError } from '../surface-events.ts';
import { createEventStream, type EventStream } from '../v1/event-stream.ts';
import { allow, authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { createMessageEncoder, encodeAnthropicUsage, type WireEvent } from './encode-message.ts';
import { parseMessages } from './parse-messages.ts';

export async function messages(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  const parsed = parseMessages(await readJsonBody(house, exchange));
  const events = await openEvents(house, exchange, subject, 'anthropic', parsed);
  const encoder = createMessageEncoder({ id: `msg_${exchange.requestId.slice(4)}`, model: parsed.model });
  const stream = parsed.stream
    ? createEventStream(exchange.response, house.clock, { 'request-id': exchange.requestId }, exchange.signal)
    : null;
  const estimate: Usage = { ...noUsage, inputTokens: estimateInput(parsed.request).tokens, source: 'estimated' };
  let run: RunRecord | null = null;
  try {
    for await (const event of events) {
      if (event.type === 'error') throw problemAsError(event);
      if (event.type === 'done') run = event.run;
      else if (event.type !== 'restart') {
        const wire = encoder.add(event);
        if (stream && wire.length > 0) {
          if (!stream.opened) await sendStart(stream, exchange, parsed.model, estimate);
          await sendAll(stream, wire);
        }
      }
    }
    if (!run) throw new MyriadError('internal', 'The run ended without a record.');
    const own = {
      myriad: {
        run_id: run.id,
        model: run.model,
        cost: run.costMicros === null ? null : { micros: run.costMicros, currency: run.currency },
      },
    };
    if (!stream) {
      sendJson(exchange.response, 200, encoder.message(run.usage, own), {
        'request-id': exchange.requestId,
        'x-myriad-run': run.id,
      });
      return;
    }
    if (!stream.opened) await sendStart(stream, exchange, parsed.model, estimate);
    await sendAll(stream, encoder.end(run.usage, own));
    stream.end();
  } catch (thrown) {
    if (!stream?.opened) throw thrown;
    await stream.send(JSON.stringify(toAnthropicError(thrown, exchange.requestId).body), 'error');
    stream.end();
  }
}

async function sendStart(stream: EventStream, exchange: Exchange, model: string, usage: Usage): Promise<void> {
  const message = {
    id: `msg_${exchange.requestId.slice(4)}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: encodeAnthropicUsage(usage),
  };
  await stream.send(JSON.stringify({ type: 'message_start', message }), 'message_start');
}

async function sendAll(stream: EventStream, events: readonly WireEvent[]): Promise<void> {
  for (const event of events) {
    const pending = stream.send(JSON.stringify(event), event.type);
    if (pending) await pending;
  }
}

/** An estimate of the input's tokens; no model is called. */
export async function countTokens(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  const { request } = parseMessages(await readJsonBody(house, exchange), true);
  sendJson(
    exchange.response,
    200,
    { input_tokens: estimateInput(request).tokens },
    { 'request-id': exchange.requestId },
  );
}

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

export function toAnthropicError(thrown: unknown, requestId: string) {
  const error = asMyriadError(thrown);
  const { status } = error.class;
  return {
    status,
    error,
    body: {
      type: 'error',
      error: { type: types[status] ?? 'api_error', message: error.message, code: error.code },
      request_id: requestId,
    },
  };
}

/** Any failure on this route, in Anthropic's shape. */
export function sendAnthropicError(exchange: Exchange, thrown: unknown): void {
  const { status, body, error } = toAnthropicError(thrown, exchange.requestId);
  const retryAfter = retryAfterSeconds(error);
  sendJson(exchange.response, status, body, {
    'request-id': exchange.requestId,
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
  });
}
