/** A model without a network, for the tests of other rooms: deterministic, scriptable, with delays and failures. */
import {
  type CallOptions,
  type ChatRequest,
  type Clock,
  type Driver,
  type EmbedRequest,
  type ModelEndpoint,
  type ModelEvent,
  MyriadError,
  noUsage,
  systemClock,
} from '@myriad/contracts';
import { tallyAnswer } from '../dialect/answer-tally.ts';
import { guardCall } from '../dialect/guard-call.ts';
import { withUsage } from '../dialect/run-chat.ts';
import { lastQuestion } from '../dialect/turn-message.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { type FakeReply, piecesOf } from './fake-reply.ts';
import { fakeVector } from './fake-vector.ts';

export interface FakeCall {
  readonly endpoint: ModelEndpoint;
  readonly request: ChatRequest;
  readonly stream: boolean;
  /** Whether the call's signal fired before its end. */
  readonly aborted: boolean;
}

export type FakeScript = (
  request: ChatRequest,
  call: { readonly number: number; readonly endpoint: ModelEndpoint },
) => FakeReply;

export interface FakeDriver extends Driver {
  /** Calls so far, oldest first. */
  readonly calls: readonly FakeCall[];
}

/**
 * @param script Decides each reply, or a list of replies used in turn (the last one repeats). Unless given, the model
 * answers `You said: …` with the words of the last user message.
 */
export function createFakeDriver(
  script: FakeScript | readonly FakeReply[] = echo,
  clock: Clock = systemClock,
): FakeDriver {
  const calls: { -readonly [K in keyof FakeCall]: FakeCall[K] }[] = [];
  const decide: FakeScript =
    typeof script === 'function' ? script : (_, { number }) => script[Math.min(number, script.length - 1)] ?? {};
  return {
    family: 'fake',
    calls,
    connect: (endpoint) => ({
      async *chat(request, options) {
        if (options.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
        const call = { endpoint, request, stream: options.stream, aborted: false };
        calls.push(call);
        const reply = decide(request, { number: calls.length - 1, endpoint });
        try {
          yield* play(reply, request, endpoint, options, clock);
        } finally {
          call.aborted = options.signal.aborted;
        }
      },
      async embed(request: EmbedRequest, options: CallOptions) {
        if (options.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
        const inputTokens = request.inputs.reduce((sum, text) => sum + estimateTokens(text), 0);
        const vectors = request.inputs.map((text) => fakeVector(text, request.dimensions ?? 64));
        return { vectors, model: endpoint.upstreamModel, usage: { ...noUsage, inputTokens } };
      },
      listModels: async () => [{ name: endpoint.upstreamModel }],
      close: async () => undefined,
    }),
  };
}

async function* play(
  reply: FakeReply,
  request: ChatRequest,
  endpoint: ModelEndpoint,
  options: CallOptions,
  clock: Clock,
): AsyncGenerator<ModelEvent> {
  const guard = guardCall(options, clock);
  const tally = tallyAnswer(request);
  const wait = (delayMs: number) => guard.race(clock.sleep(delayMs, guard.signal));
  try {
    if (reply.fail?.afterPieces === 0) throw reply.fail.error;
    const start: ModelEvent = { type: 'start', model: endpoint.upstreamModel, upstreamId: 'fake' };
    tally.note(start);
    yield start;
    await wait(reply.firstTokenMs ?? 0);
    let sent = 0;
    for (const piece of piecesOf(reply)) {
      if (sent > 0 && reply.chunkMs) await wait(reply.chunkMs);
      guard.sawToken();
      guard.sawChunk();
      if (options.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
      tally.note(piece);
      yield piece;
      sent += 1;
      if (reply.fail && sent >= reply.fail.afterPieces) throw reply.fail.error;
    }
    if (reply.hang) await guard.race(new Promise<never>(() => undefined));
    if (reply.usage) tally.note({ type: 'usage', usage: reply.usage, provisional: true });
    yield { type: 'finish', choice: 0, reason: reply.finish ?? (reply.toolCalls?.length ? 'toolCalls' : 'stop') };
    yield { type: 'usage', usage: tally.usage(true), provisional: false };
  } catch (error) {
    throw error instanceof MyriadError ? withUsage(error, tally.started ? tally.usage(false) : null) : error;
  } finally {
    guard.end();
  }
}

function echo(request: ChatRequest): FakeReply {
  return { text: `You said: ${lastQuestion(request.messages)}` };
}
