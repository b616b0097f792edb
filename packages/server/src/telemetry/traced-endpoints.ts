/** Endpoints as seen by traces: each call carries the trace on, and tells what kind of call it was. */
import type { CallOptions, ChatRequest, EndpointSource, ModelConnection, ModelEvent } from '@myriad/contracts';
import { AnswerText } from './span-content.ts';
import { spanIdOf, traceHeaders } from './trace-context.ts';
import type { TracedCall, TracedRun } from './traced-run.ts';

/** @param keepsContent Whether the operator opted in to send prompts and answers. */
export function tracedEndpoints(
  source: EndpointSource,
  runOf: (runId: string) => TracedRun | undefined,
  keepsContent: boolean,
): EndpointSource {
  const wrapped = new WeakMap<ModelConnection, ModelConnection>();

  const follow = (options: CallOptions, operation: TracedCall['operation'], request: ChatRequest | null) => {
    const { record } = options;
    const run = record && runOf(record.runId);
    if (!record || !run) return { options, answer: null };
    const { traceId, sampled, parent } = run;
    const headers = traceHeaders({ traceId, spanId: spanIdOf(record.callId), sampled, state: parent?.state ?? null });
    const content = keepsContent && sampled && request ? { request, answer: new AnswerText() } : null;
    if (sampled) run.calls.set(record.callId, { operation, content });
    return { options: { ...options, traceHeaders: headers }, answer: content?.answer ?? null };
  };

  const wrap = (connection: ModelConnection): ModelConnection => ({
    chat(request, options) {
      const followed = follow(options, 'chat', request);
      const events = connection.chat(request, followed.options);
      return followed.answer ? listen(events, followed.answer) : events;
    },
    ...(connection.chatBatches && {
      chatBatches: (request, options) => {
        const followed = follow(options, 'chat', request);
        const batches = connection.chatBatches?.(request, followed.options) as AsyncIterable<readonly ModelEvent[]>;
        return followed.answer ? listenToBatches(batches, followed.answer) : batches;
      },
    }),
    ...(connection.embed && {
      embed: (request, options) =>
        connection.embed?.(request, follow(options, 'embeddings', null).options) as ReturnType<
          NonNullable<ModelConnection['embed']>
        >,
    }),
    ...(connection.media && {
      media: (request, options) =>
        connection.media?.(request, follow(options, 'generate_content', null).options) as ReturnType<
          NonNullable<ModelConnection['media']>
        >,
    }),
    ...(connection.listModels && { listModels: connection.listModels.bind(connection) }),
    ...(connection.relay && { relay: connection.relay.bind(connection) }),
    close: () => connection.close(),
  });

  return {
    list: () => source.list(),
    async connect(endpointId) {
      const connection = await source.connect(endpointId);
      let known = wrapped.get(connection);
      if (!known) {
        known = wrap(connection);
        wrapped.set(connection, known);
      }
      return known;
    },
  };
}

async function* listen(events: AsyncIterable<ModelEvent>, answer: AnswerText): AsyncGenerator<ModelEvent> {
  for await (const event of events) {
    answer.take(event);
    yield event;
  }
}

async function* listenToBatches(
  batches: AsyncIterable<readonly ModelEvent[]>,
  answer: AnswerText,
): AsyncGenerator<readonly ModelEvent[]> {
  for await (const batch of batches) {
    for (const event of batch) answer.take(event);
    yield batch;
  }
}
