/** Anthropic's Messages API. */
import {
  type CallOptions,
  type Clock,
  type Driver,
  type ModelConnection,
  type ModelEndpoint,
  systemClock,
} from '@myriad/contracts';
import { callJson } from '../dialect/call-json.ts';
import { checkKey } from '../dialect/check-key.ts';
import { asCount, asList, asText, at } from '../dialect/json-value.ts';
import { relayCall } from '../dialect/relay-call.ts';
import { type ChatDialect, runChat, runChatBatches } from '../dialect/run-chat.ts';
import type { Http } from '../http/http.ts';
import { readAnswer } from './read-answer.ts';
import { readRefusals } from './read-refusal.ts';
import { writeRequest } from './write-request.ts';

const apiVersion = '2023-06-01';

/** @param clock For `retry-after` dates only; the limits of a call run on the clock of `http`. */
export function createAnthropicDriver(http: Http, clock: Pick<Clock, 'now'> = systemClock): Driver {
  return { family: 'anthropic', connect: (endpoint, apiKey) => connect(http, clock, endpoint, apiKey) };
}

function connect(
  http: Http,
  clock: Pick<Clock, 'now'>,
  endpoint: ModelEndpoint,
  apiKey: string | null,
): ModelConnection {
  checkKey(apiKey, 'anthropic');
  const headers = headersOf(endpoint, apiKey);
  const refusals = readRefusals(endpoint, apiKey, () => clock.now());
  // Both forms of the base URL are in use, with and without the version.
  const base = endpoint.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
  const dialect: ChatDialect = {
    request: (request, stream, priority) => ({
      url: `${base}/v1/messages`,
      headers,
      body: JSON.stringify(writeRequest(request, endpoint, stream, priority)),
    }),
    reader: () => readAnswer(refusals.insideOf),
    refusal: refusals.byStatus,
  };
  return {
    chat: (request, options) => runChat(http, dialect, request, options),
    chatBatches: (request, options) => runChatBatches(http, dialect, request, options),
    async listModels(options: CallOptions) {
      const json = await callJson(http, { url: `${base}/v1/models?limit=1000`, headers, options, refusals });
      return asList(at(json, 'data')).flatMap((row) => {
        const name = asText(at(row, 'id'));
        const context = asCount(at(row, 'max_input_tokens'));
        return name ? [{ name, ...(context ? { contextTokens: context } : {}), ownedBy: 'anthropic' }] : [];
      });
    },
    relay: (request, options) =>
      relayCall(http, `${base}/v1${request.path.replace(/^\/v1(?=\/)/, '')}`, headers, request.body, options),
    close: async () => undefined,
  };
}

function headersOf(endpoint: ModelEndpoint, apiKey: string | null): Record<string, string> {
  const beta = endpoint.options.beta;
  return {
    'anthropic-version': apiVersion,
    ...(typeof beta === 'string' ? { 'anthropic-beta': beta } : {}),
    ...(apiKey === null ? {} : { 'x-api-key': apiKey }),
  };
}
