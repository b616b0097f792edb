/** Every provider that speaks OpenAI's chat dialect; what differs is in the quirk table. */
import {
  type CallOptions,
  type Clock,
  type Driver,
  type EmbedRequest,
  type EmbedResult,
  type ModelConnection,
  type ModelEndpoint,
  MyriadError,
  systemClock,
  type UpstreamModel,
} from '@myriad/contracts';
import { callJson } from '../dialect/call-json.ts';
import { checkKey } from '../dialect/check-key.ts';
import { relayCall } from '../dialect/relay-call.ts';
import { type ChatDialect, runChat, runChatBatches } from '../dialect/run-chat.ts';
import type { Http } from '../http/http.ts';
import { embedBatches } from './embed-batches.ts';
import { passMedia } from './pass-media.ts';
import { quirkOf } from './quirks/index.ts';
import type { Quirk } from './quirks/quirk.ts';
import { readAnswer } from './read-answer.ts';
import { readModels } from './read-models.ts';
import { readRefusals } from './read-refusal.ts';
import { writeRequest } from './write-request.ts';

/** @param clock For `retry-after` dates only; the limits of a call run on the clock of `http`. */
export function createOpenAiCompatibleDriver(http: Http, clock: Pick<Clock, 'now'> = systemClock): Driver {
  return { family: 'openai-compatible', connect: (endpoint, apiKey) => connect(http, clock, endpoint, apiKey) };
}

function connect(
  http: Http,
  clock: Pick<Clock, 'now'>,
  endpoint: ModelEndpoint,
  apiKey: string | null,
): ModelConnection {
  const quirk = quirkOf(endpoint.provider);
  checkKey(apiKey, quirk.id);
  const headers = headersOf(endpoint, quirk, apiKey);
  const refusals = readRefusals(endpoint, quirk, apiKey, () => clock.now());
  const dialect: ChatDialect = {
    request: (request, stream, priority) => ({
      url: urlOf(endpoint, quirk.paths.chat),
      headers,
      body: JSON.stringify(writeRequest(request, endpoint, quirk, stream, priority)),
    }),
    reader: () => readAnswer(quirk, refusals.inside),
    refusal: refusals.byStatus,
  };

  async function embed(request: EmbedRequest, options: CallOptions): Promise<EmbedResult> {
    const path = quirk.paths.embeddings;
    if (path === null)
      throw new MyriadError('unsupported', `${quirk.title} has no embeddings.`, { facts: { provider: quirk.id } });
    return embedBatches(request, endpoint, quirk, (body) =>
      callJson(http, { url: urlOf(endpoint, path), headers, body, options, refusals }),
    );
  }

  async function listModels(options: CallOptions): Promise<readonly UpstreamModel[]> {
    const path = quirk.paths.models;
    if (path === null)
      throw new MyriadError('unsupported', `${quirk.title} has no list of models.`, { facts: { provider: quirk.id } });
    return readModels(await callJson(http, { url: urlOf(endpoint, path), headers, options, refusals }));
  }

  return {
    chat: (request, options) => runChat(http, dialect, request, options),
    chatBatches: (request, options) => runChatBatches(http, dialect, request, options),
    embed,
    listModels,
    relay: (request, options) =>
      relayCall(http, urlOf(endpoint, request.path.replace(/^\/v1(?=\/)/, '')), headers, request.body, options),
    media: (request, options) =>
      passMedia(http, urlOf(endpoint, request.path), headers, endpoint, request, options, refusals),
    close: async () => undefined,
  };
}

function urlOf(endpoint: ModelEndpoint, path: string): string {
  const version = endpoint.options.apiVersion;
  const query = typeof version === 'string' ? `?api-version=${encodeURIComponent(version)}` : '';
  return endpoint.baseUrl.replace(/\/+$/, '') + path + query;
}

function headersOf(endpoint: ModelEndpoint, quirk: Quirk, apiKey: string | null): Record<string, string> {
  const given = endpoint.options.headers;
  const extra: Record<string, string> = {};
  if (typeof given === 'object' && given !== null)
    for (const [name, value] of Object.entries(given)) if (typeof value === 'string') extra[name.toLowerCase()] = value;
  return apiKey === null ? extra : { ...extra, [quirk.auth.header]: quirk.auth.prefix + apiKey };
}
