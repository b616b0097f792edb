/** The data plane's table of routes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { asMyriadError, MyriadError, newId } from '@myriad/contracts';
import { countTokens, messages, sendAnthropicError } from '../anthropic/messages.ts';
import { cancelBatch, createBatch, listBatches, showBatch } from '../batch/batches.ts';
import { createFile, listFiles, removeFile, showContent, showFile } from '../batch/files.ts';
import { receiveExposure } from '../exposures/receive-exposure.ts';
import type { House } from '../house.ts';
import { sendProblem } from '../http/problem.ts';
import { receiveKpiEvents } from '../kpi/receive-events.ts';
import { routeMcp, sendMcpError } from '../mcp/route-mcp.ts';
import { createSpeech, transcribe, translate } from '../media/audio.ts';
import { editImages, generateImages, varyImages } from '../media/images.ts';
import { inRequestScope, type RequestScope } from '../metrics/request-scope.ts';
import { serveMetrics } from '../metrics/serve-metrics.ts';
import { evaluateAll, evaluateOne } from '../ofrep/ofrep.ts';
import { OfrepFailure, sendOfrepError } from '../ofrep/ofrep-failure.ts';
import { chatCompletions, sendOpenAiError } from '../openai/chat-completions.ts';
import { embeddings } from '../openai/embeddings.ts';
import {
  countInputTokens,
  createResponse,
  deleteResponse,
  listInputItems,
  readResponse,
} from '../responses/responses.ts';
import { showAssignment } from './assignment.ts';
import type { Exchange } from './exchange.ts';
import { listModels, showModel } from './list-models.ts';

type Handler = (house: House, exchange: Exchange, parameter: string) => Promise<void>;
type Dialect = 'openai' | 'anthropic' | 'mcp' | 'ofrep' | 'problem';

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** The address without its parameters, as metrics name it. */
  readonly name: string;
  readonly handler: Handler;
  readonly dialect: Dialect;
}

/** Open to tests, which walk every route as nobody and as a foreigner. */
export const v1Routes: readonly Route[] = [
  {
    method: 'POST',
    pattern: /^\/v1\/chat\/completions$/,
    name: '/v1/chat/completions',
    handler: chatCompletions,
    dialect: 'openai',
  },
  { method: 'POST', pattern: /^\/v1\/responses$/, name: '/v1/responses', handler: createResponse, dialect: 'openai' },
  {
    method: 'POST',
    pattern: /^\/v1\/responses\/input_tokens$/,
    name: '/v1/responses/input_tokens',
    handler: countInputTokens,
    dialect: 'openai',
  },
  {
    method: 'GET',
    pattern: /^\/v1\/responses\/([^/]+)$/,
    name: '/v1/responses/:id',
    handler: readResponse,
    dialect: 'openai',
  },
  {
    method: 'DELETE',
    pattern: /^\/v1\/responses\/([^/]+)$/,
    name: '/v1/responses/:id',
    handler: deleteResponse,
    dialect: 'openai',
  },
  {
    method: 'GET',
    pattern: /^\/v1\/responses\/([^/]+)\/input_items$/,
    name: '/v1/responses/:id/input_items',
    handler: listInputItems,
    dialect: 'openai',
  },
  { method: 'POST', pattern: /^\/v1\/messages$/, name: '/v1/messages', handler: messages, dialect: 'anthropic' },
  {
    method: 'POST',
    pattern: /^\/v1\/messages\/count_tokens$/,
    name: '/v1/messages/count_tokens',
    handler: countTokens,
    dialect: 'anthropic',
  },
  { method: 'POST', pattern: /^\/v1\/embeddings$/, name: '/v1/embeddings', handler: embeddings, dialect: 'openai' },
  ...(
    [
      ['images/generations', generateImages],
      ['images/edits', editImages],
      ['images/variations', varyImages],
      ['audio/speech', createSpeech],
      ['audio/transcriptions', transcribe],
      ['audio/translations', translate],
    ] as const
  ).map(([path, handler]) => ({
    method: 'POST',
    pattern: new RegExp(`^/v1/${path}$`),
    name: `/v1/${path}`,
    handler,
    dialect: 'openai' as const,
  })),
  ...(
    [
      ['POST', 'files', createFile],
      ['GET', 'files', listFiles],
      ['GET', 'files/:id', showFile],
      ['DELETE', 'files/:id', removeFile],
      ['GET', 'files/:id/content', showContent],
      ['POST', 'batches', createBatch],
      ['GET', 'batches', listBatches],
      ['GET', 'batches/:id', showBatch],
      ['POST', 'batches/:id/cancel', cancelBatch],
    ] as const
  ).map(([method, path, handler]) => ({
    method,
    pattern: new RegExp(`^/v1/${path.replace(':id', '([^/]+)')}$`),
    name: `/v1/${path}`,
    handler,
    dialect: 'openai' as const,
  })),
  { method: 'GET', pattern: /^\/v1\/models$/, name: '/v1/models', handler: listModels, dialect: 'openai' },
  { method: 'GET', pattern: /^\/v1\/models\/(.+)$/, name: '/v1/models/:id', handler: showModel, dialect: 'openai' },
  {
    method: 'POST',
    pattern: /^\/v1\/kpi\/events$/,
    name: '/v1/kpi/events',
    handler: receiveKpiEvents,
    dialect: 'problem',
  },
  {
    method: 'GET',
    pattern: /^\/v1\/apps\/([^/]+)\/assignment$/,
    name: '/v1/apps/:id/assignment',
    handler: showAssignment,
    dialect: 'problem',
  },
  {
    method: 'POST',
    pattern: /^\/v1\/apps\/([^/]+)\/exposures$/,
    name: '/v1/apps/:id/exposures',
    handler: receiveExposure,
    dialect: 'problem',
  },
  {
    method: 'POST',
    pattern: /^\/ofrep\/v1\/evaluate\/flags\/([^/]+)$/,
    name: '/ofrep/v1/evaluate/flags/:key',
    handler: evaluateOne,
    dialect: 'ofrep',
  },
  {
    method: 'POST',
    pattern: /^\/ofrep\/v1\/evaluate\/flags$/,
    name: '/ofrep/v1/evaluate/flags',
    handler: evaluateAll,
    dialect: 'ofrep',
  },
  { method: 'POST', pattern: /^\/mcp$/, name: '/mcp', handler: routeMcp, dialect: 'mcp' },
  { method: 'GET', pattern: /^\/metrics$/, name: '/metrics', handler: serveMetrics, dialect: 'problem' },
];

/** Routes without parameters by method and address, which nearly every request names exactly. */
const exactRoutes = new Map(
  v1Routes.filter(({ name }) => !name.includes(':')).map((route) => [`${route.method} ${route.name}`, route]),
);

export async function routeV1(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = newId('evt', house.clock, house.random);
  const target = request.url ?? '/';
  const method = request.method ?? '';
  let parsed: URL | null = null;
  const exact = exactRoutes.get(`${method} ${target}`);
  const pathname = exact ? target : new URL(target, 'http://node').pathname;
  const route = exact ?? v1Routes.find((one) => one.method === method && one.pattern.test(pathname));
  const abort = new AbortController();
  const scope: RequestScope = {
    runs: [],
    traceparent: one(request.headers.traceparent),
    tracestate: one(request.headers.tracestate),
  };
  const begunMs = house.clock.monotonicMs();
  let handled: Promise<void> = Promise.resolve();
  let lastByteMs: number | null = null;
  response.once('finish', () => {
    lastByteMs = house.clock.monotonicMs();
  });
  response.once('close', () => {
    const wallMs = (lastByteMs ?? house.clock.monotonicMs()) - begunMs;
    if (!response.writableFinished) abort.abort();
    // A caller that went away leaves its run to be settled a little later.
    void handled.then(() => {
      const name = route ? `${route.method} ${route.name}` : 'none';
      house.meters.observeRequest({ route: name, status: response.statusCode, wallMs, runs: scope.runs });
    });
  });
  const exchange: Exchange = {
    request,
    response,
    requestId,
    signal: abort.signal,
    get url() {
      parsed ??= new URL(target, 'http://node');
      return parsed;
    },
  };
  try {
    if (!route) throw noRoute(method, pathname);
    const parameter = route.pattern.exec(pathname)?.[1] ?? '';
    const work = inRequestScope(scope, () => route.handler(house, exchange, decode(parameter)));
    handled = work.catch(() => {});
    await work;
  } catch (thrown) {
    if (!(thrown instanceof OfrepFailure)) report(house, requestId, pathname, thrown);
    if (response.destroyed) return;
    if (route?.dialect === 'problem') sendProblem(response, thrown, requestId);
    else if (route?.dialect === 'anthropic') sendAnthropicError(exchange, thrown);
    else if (route?.dialect === 'ofrep' || pathname.startsWith('/ofrep/')) sendOfrepError(exchange, thrown);
    else if (route?.dialect === 'mcp' || pathname === '/mcp') sendMcpError(exchange, thrown);
    else sendOpenAiError(exchange, thrown);
    // What is left of a refused body must not be read as the next request.
    if (!request.complete) response.once('finish', () => request.destroy());
  }
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header.join(',') : header);

function noRoute(method: string, path: string): MyriadError {
  const other = v1Routes.find(({ pattern }) => pattern.test(path));
  if (other) return new MyriadError('method_not_allowed', `${path} takes ${other.method}, not ${method}.`);
  return new MyriadError('not_found', `There is nothing at ${method} ${path}.`);
}

function decode(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    throw new MyriadError('invalid_request', 'The address has a broken percent sign.');
  }
}

function report(house: House, requestId: string, path: string, thrown: unknown): void {
  const error = asMyriadError(thrown);
  if (error.class.kind !== 'fault') return;
  house.log('error', 'request_failed', {
    requestId,
    path,
    code: error.code,
    message: error.message,
    cause: String((error.cause as Error | undefined)?.stack ?? error.cause ?? ''),
  });
}
