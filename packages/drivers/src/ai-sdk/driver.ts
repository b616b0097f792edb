/** Any language model object of the Vercel AI SDK, as one of our connections. */
import {
  type CallOptions,
  type ChatRequest,
  type Clock,
  type Driver,
  isMyriadError,
  type ModelEndpoint,
  type ModelEvent,
  MyriadError,
  systemClock,
} from '@myriad/contracts';
import { tallyAnswer } from '../dialect/answer-tally.ts';
import { guardCall } from '../dialect/guard-call.ts';
import { asCode, asCount, asRecord, asText, at } from '../dialect/json-value.ts';
import { withUsage } from '../dialect/run-chat.ts';
import { retryAfterOf, upstreamFailure } from '../dialect/upstream-failure.ts';
import { type AiSdkLanguageModel, isAiSdkLanguageModel } from './language-model.ts';
import { partsOf, readParts } from './read-parts.ts';
import { writeCallOptions } from './write-prompt.ts';

/**
 * @param models The model objects by name; an endpoint's `upstreamModel` names one. They hold their own keys and
 * connections, so the endpoint's key and base URL are not used.
 */
export function createAiSdkDriver(models: Readonly<Record<string, unknown>>, clock: Clock = systemClock): Driver {
  return {
    family: 'ai-sdk',
    connect(endpoint) {
      const model = Object.hasOwn(models, endpoint.upstreamModel) ? models[endpoint.upstreamModel] : undefined;
      if (!isAiSdkLanguageModel(model))
        throw new MyriadError(
          'not_found',
          `No AI SDK language model of specification v2 or later is given as ${endpoint.upstreamModel}.`,
          {
            facts: { model: endpoint.upstreamModel },
          },
        );
      return {
        chat: (request, options) => chat(model, endpoint, request, options, clock),
        close: async () => undefined,
      };
    },
  };
}

async function* chat(
  model: AiSdkLanguageModel,
  endpoint: ModelEndpoint,
  request: ChatRequest,
  options: CallOptions,
  clock: Clock,
): AsyncGenerator<ModelEvent> {
  const guard = guardCall(options, clock);
  const tally = tallyAnswer(request);
  const reader = readParts(endpoint.upstreamModel);
  let iterator: AsyncIterator<unknown> | null = null;
  try {
    const callOptions = writeCallOptions(request, guard.signal);
    if (options.signal.aborted) throw new MyriadError('aborted', 'The caller went away.');
    iterator = options.stream
      ? (await guard.race(model.doStream(callOptions))).stream[Symbol.asyncIterator]()
      : asAsync(partsOf(await guard.race(model.doGenerate(callOptions))));
    for (;;) {
      guard.sawChunk();
      const step = await guard.race(iterator.next());
      if (step.done) break;
      for (const event of reader.part(step.value)) {
        tally.note(event);
        if (tally.sawToken) guard.sawToken();
        yield event;
      }
    }
    const closing = reader.end();
    if (!closing) throw new MyriadError('upstream_cut', 'The model ended the answer before it was complete.');
    yield* closing;
    yield { type: 'usage', usage: tally.usage(true), provisional: false };
  } catch (error) {
    throw withUsage(failureOf(error, endpoint, clock), tally.started ? tally.usage(false) : null);
  } finally {
    guard.end();
    void iterator?.return?.()?.catch(() => undefined);
  }
}

async function* asAsync(parts: readonly unknown[]): AsyncGenerator<unknown> {
  yield* parts;
}

/** An APICallError of the SDK carries `statusCode`, `responseHeaders`, `responseBody`; other errors are of the network. */
function failureOf(error: unknown, endpoint: ModelEndpoint, clock: Pick<Clock, 'now'>): MyriadError {
  if (isMyriadError(error)) return error;
  const record = asRecord(error);
  const status = asCount(record?.statusCode);
  const headers = asRecord(record?.responseHeaders) as Record<string, string> | null;
  const said = asText(record?.message) ?? (error instanceof Error ? error.message : '');
  const context = { provider: 'ai-sdk', model: endpoint.upstreamModel, apiKey: null, codes: {} };
  if (status === null && error instanceof Error && /fetch failed|ECONN|socket|network/i.test(`${error.message}`))
    return new MyriadError('upstream_unavailable', 'The model behind the AI SDK cannot be reached.', {
      facts: { provider: 'ai-sdk', cause: String(asCode(at(error.cause, 'code')) ?? error.name) },
    });
  const data = at(record?.data, 'error');
  const codes = [asCode(at(data, 'code')), asCode(at(data, 'type'))].filter((code) => code !== null);
  return upstreamFailure(
    {
      status: status ?? 0,
      codes,
      message: said,
      requestId: headers?.['x-request-id'] ?? null,
      retryAfterMs: headers ? retryAfterOf(headers, clock.now()) : undefined,
    },
    context,
  );
}
