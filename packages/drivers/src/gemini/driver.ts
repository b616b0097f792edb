/** Google's Gemini API. */
import {
  type CallOptions,
  type Clock,
  type Driver,
  type EmbedRequest,
  type EmbedResult,
  type ModelConnection,
  type ModelEndpoint,
  MyriadError,
  noUsage,
  systemClock,
} from '@myriad/contracts';
import { callJson } from '../dialect/call-json.ts';
import { checkKey } from '../dialect/check-key.ts';
import { asCount, asList, asText, at, compact } from '../dialect/json-value.ts';
import { type ChatDialect, runChat, runChatBatches } from '../dialect/run-chat.ts';
import type { Http } from '../http/http.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { readAnswer } from './read-answer.ts';
import { readRefusals } from './read-refusal.ts';
import { writeRequest } from './write-request.ts';

/** @param clock For `retry-after` dates only; the limits of a call run on the clock of `http`. */
export function createGeminiDriver(http: Http, clock: Pick<Clock, 'now'> = systemClock): Driver {
  return { family: 'gemini', connect: (endpoint, apiKey) => connect(http, clock, endpoint, apiKey) };
}

function connect(
  http: Http,
  clock: Pick<Clock, 'now'>,
  endpoint: ModelEndpoint,
  apiKey: string | null,
): ModelConnection {
  checkKey(apiKey, 'gemini');
  const headers: Record<string, string> = apiKey === null ? {} : { 'x-goog-api-key': apiKey };
  const refusals = readRefusals(endpoint, apiKey, () => clock.now());
  const base = endpoint.baseUrl.replace(/\/+$/, '');
  const model = `models/${endpoint.upstreamModel.replace(/^models\//, '')}`;
  const dialect: ChatDialect = {
    request: (request, stream) => ({
      url: `${base}/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      headers,
      body: JSON.stringify(writeRequest(request, endpoint)),
    }),
    reader: () => readAnswer(refusals.inside),
    refusal: refusals.byStatus,
  };

  /** Usage is estimated: the API does not report it for embeddings. */
  async function embed(request: EmbedRequest, options: CallOptions): Promise<EmbedResult> {
    const requests = request.inputs.map((text) =>
      compact({ model, content: { parts: [{ text }] }, outputDimensionality: request.dimensions }),
    );
    const json = await callJson(http, {
      url: `${base}/${model}:batchEmbedContents`,
      headers,
      body: JSON.stringify({ requests }),
      options,
      refusals,
    });
    const vectors = asList(at(json, 'embeddings')).map((row) => asList(at(row, 'values')) as readonly number[]);
    if (
      vectors.length !== request.inputs.length ||
      vectors.some((vector) => vector.some((value) => typeof value !== 'number'))
    )
      throw new MyriadError(
        'upstream_protocol',
        `gemini gave ${vectors.length} vectors for ${request.inputs.length} inputs.`,
      );
    const inputTokens = request.inputs.reduce((sum, text) => sum + estimateTokens(text), 0);
    return { vectors, model: endpoint.upstreamModel, usage: { ...noUsage, inputTokens, source: 'estimated' } };
  }

  return {
    chat: (request, options) => runChat(http, dialect, request, options),
    chatBatches: (request, options) => runChatBatches(http, dialect, request, options),
    embed,
    async listModels(options: CallOptions) {
      const json = await callJson(http, { url: `${base}/models?pageSize=1000`, headers, options, refusals });
      return asList(at(json, 'models')).flatMap((row) => {
        const name = asText(at(row, 'name'))?.replace(/^models\//, '');
        const context = asCount(at(row, 'inputTokenLimit'));
        return name ? [{ name, ...(context ? { contextTokens: context } : {}), ownedBy: 'google' }] : [];
      });
    },
    close: async () => undefined,
  };
}
