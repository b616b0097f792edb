/** `/v1/responses`: apps and base models in OpenAI's Responses dialect, with turns kept for `previous_response_id`. */
import { asMyriadError, type Citation, MyriadError, type RunRecord } from '@myriad/contracts';
import { estimateInput } from '@myriad/kernel';
import { actorOf } from '../admin/context.ts';
import type { House } from '../house.ts';
import { sendJson } from '../http/problem.ts';
import { encodeRun } from '../openai/encode-chat.ts';
import { openEvents, problemAsError } from '../surface-events.ts';
import { createEventStream } from '../v1/event-stream.ts';
import { allow, authenticate, type Exchange, readJsonBody } from '../v1/exchange.ts';
import { createResponseEncoder, type ResponseEvent } from './encode-response.ts';
import { chatOf, parseResponses } from './parse-responses.ts';
import { dropResponse, earlierItems, keepResponse, storedResponse } from './stored-responses.ts';

export async function createResponse(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  const parsed = parseResponses(await readJsonBody(house, exchange));
  const owner = actorOf(subject);
  const request = chatOf(parsed, await earlierItems(house, owner, parsed.previousId));
  const { model, unit, inputs } = parsed;
  const events = await openEvents(house, exchange, subject, 'openai', {
    model,
    stream: parsed.stream,
    request,
    unit,
    inputs,
  });
  const now = house.clock.now();
  const id = `resp_${exchange.requestId.slice(4)}`;
  const encoder = createResponseEncoder({ id, createdAt: Math.floor(now / 1000), model, echo: parsed.echo });
  const stream = parsed.stream
    ? createEventStream(exchange.response, house.clock, { 'x-request-id': exchange.requestId }, exchange.signal)
    : null;
  let sequence = 0;
  const send = async (frames: readonly ResponseEvent[]) => {
    if (!stream) return;
    // Nothing is sent before the model's first event, so that a refusal has a status of its own.
    const opening = !stream.opened && frames.length > 0 ? encoder.begin() : [];
    for (const frame of [...opening, ...frames]) {
      const pending = stream.send(JSON.stringify({ ...frame, sequence_number: sequence++ }), frame.type);
      if (pending) await pending;
    }
  };
  const citations: Citation[] = [];
  let run: RunRecord | null = null;
  try {
    for await (const event of events) {
      if (event.type === 'error') throw problemAsError(event);
      if (event.type === 'done') run = event.run;
      else if (event.type === 'restart') await send(encoder.restart());
      else {
        if (event.type === 'citation') citations.push(event.citation);
        await send(encoder.add(event));
      }
    }
    if (!run) throw new MyriadError('internal', 'The run ended without a record.');
    const { events: last, response } = encoder.end(run.usage, {
      completed_at: Math.floor(house.clock.now() / 1000),
      myriad: encodeRun(run, citations, null),
    });
    if (parsed.store)
      await keepResponse(house, id, { owner, previousId: parsed.previousId, input: parsed.items, response });
    if (!stream) {
      sendJson(exchange.response, 200, response, { 'x-request-id': exchange.requestId, 'x-myriad-run': run.id });
      return;
    }
    await send(last);
    stream.end();
  } catch (thrown) {
    if (!stream?.opened) throw thrown;
    const { code, message } = asMyriadError(thrown);
    await send(encoder.fail({ code, message }));
    stream.end();
  }
}

export async function readResponse(house: House, exchange: Exchange, id: string): Promise<void> {
  const owner = actorOf(await authenticate(house, exchange));
  if (exchange.url.searchParams.get('stream') === 'true')
    throw new MyriadError('unsupported', 'stream: A stored response is not streamed again.', {
      facts: { param: 'stream' },
    });
  const { response } = await storedResponse(house, owner, id);
  sendJson(exchange.response, 200, response, { 'x-request-id': exchange.requestId });
}

/** Items of the turn, newest first unless asked otherwise. */
export async function listInputItems(house: House, exchange: Exchange, id: string): Promise<void> {
  const owner = actorOf(await authenticate(house, exchange));
  const { input } = await storedResponse(house, owner, id);
  const data = input.map((item, index) => ({
    ...item,
    id: item.id ?? `item_${id.slice(5)}_${index}`,
    type: item.type ?? 'message',
    ...(typeof item.content === 'string' ? { content: [{ type: 'input_text', text: item.content }] } : {}),
  }));
  if (exchange.url.searchParams.get('order') !== 'asc') data.reverse();
  sendJson(
    exchange.response,
    200,
    { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: false },
    { 'x-request-id': exchange.requestId },
  );
}

export async function deleteResponse(house: House, exchange: Exchange, id: string): Promise<void> {
  const owner = actorOf(await authenticate(house, exchange));
  await dropResponse(house, owner, id);
  sendJson(exchange.response, 200, { id, object: 'response', deleted: true }, { 'x-request-id': exchange.requestId });
}

/** An estimate; no model is called. */
export async function countInputTokens(house: House, exchange: Exchange): Promise<void> {
  const subject = await authenticate(house, exchange);
  allow(house, subject, 'model.use', { type: 'house' });
  const parsed = parseResponses(await readJsonBody(house, exchange));
  const request = chatOf(parsed, await earlierItems(house, actorOf(subject), parsed.previousId));
  sendJson(
    exchange.response,
    200,
    { object: 'response.input_tokens', input_tokens: estimateInput(request).tokens },
    { 'x-request-id': exchange.requestId },
  );
}
