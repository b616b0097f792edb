import type {
  ApiAnswer,
  ApiBody,
  ApiQuery,
  ApiRoute,
  AssignmentAnswer,
  KpiEvent,
  KpiEventsAnswer,
} from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts/errors';
import { type FollowOptions, followAnswer, type NumberedEvent } from './follow-answer.ts';
import { errorOfResponse } from './problem-error.ts';

export interface MyriadOptions {
  /** Address of the node, such as `http://127.0.0.1:8420`; empty means the page's own origin. */
  readonly baseUrl?: string;
  /** An API key; without one the browser's session cookie is used. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
  /** Token of `GET /api/session`, sent with requests that change something. A function is asked each time. */
  readonly csrf?: string | (() => string | null);
}

type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** Path parameters of a route by name; an empty object for routes without any. */
export type RouteParams<R extends ApiRoute> = { readonly [Name in ParamNames<R>]: string };

/** Filters of a route; lists also take `cursor` and `limit`. */
export type RouteQuery<R extends ApiRoute> = Partial<ApiQuery<R>> & { cursor?: string; limit?: string };

export type CallInput<R extends ApiRoute> = ([ParamNames<R>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: RouteParams<R> }) &
  ([ApiBody<R>] extends [undefined] ? { readonly body?: undefined } : { readonly body: ApiBody<R> }) & {
    readonly query?: RouteQuery<R>;
    readonly signal?: AbortSignal;
    /** Lets the request outlive the page that sent it. */
    readonly keepalive?: boolean;
  };

type CallArguments<R extends ApiRoute> = Record<string, never> extends CallInput<R> ? [CallInput<R>?] : [CallInput<R>];

export interface Myriad {
  /** Calls one route of the control plane: `call('GET /api/apps/:app', { params: { app: 'refund-desk' } })`. */
  call<R extends ApiRoute>(route: R, ...input: CallArguments<R>): Promise<ApiAnswer<R>>;
  /** Follows an answer of a conversation, from the beginning or from a sequence, through cuts, to its end. */
  follow(messageId: string, options?: FollowOptions): AsyncGenerator<NumberedEvent>;
  /** Which variant a unit has in an app's experiment, and why. */
  assignment(app: string, unit: string): Promise<AssignmentAnswer>;
  readonly kpi: {
    /** Sends facts of the business. Durable and idempotent by id: sending the same events again changes nothing. */
    send(events: readonly KpiEvent[]): Promise<KpiEventsAnswer>;
  };
  /** The full address of a path, for links and uploads. */
  url(path: string): string;
  /** Headers that a request of one's own (an upload with progress) must carry. */
  headers(method: string): Record<string, string>;
}

/**
 * A client of one Myriad node. Every call throws MyriadError on refusal, with the server's code, sentence and facts, and
 * `upstream_unavailable` when the node cannot be reached.
 */
export function createMyriad(options: MyriadOptions = {}): Myriad {
  const base = (options.baseUrl ?? '').replace(/\/$/, '');
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  const url = (path: string) => base + path;

  function headers(method: string): Record<string, string> {
    const csrf = typeof options.csrf === 'function' ? options.csrf() : options.csrf;
    return {
      ...(options.key ? { authorization: `Bearer ${options.key}` } : {}),
      ...(csrf && method !== 'GET' ? { 'x-myriad-csrf': csrf } : {}),
    };
  }

  async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await send(url(path), {
        ...init,
        method,
        credentials: options.key ? 'omit' : 'same-origin',
        headers: { accept: 'application/json', ...headers(method), ...(init.headers as Record<string, string>) },
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        throw new MyriadError('aborted', 'The request was stopped.', { cause: error });
      }
      throw new MyriadError('upstream_unavailable', `${base || 'The node'} cannot be reached.`, { cause: error });
    }
    if (!response.ok) throw await errorOfResponse(response);
    return response;
  }

  async function callJson<T>(
    method: string,
    path: string,
    body: unknown,
    init: Pick<RequestInit, 'signal' | 'keepalive'> = {},
  ): Promise<T> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await request(method, path, {
      ...init,
      ...content,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    return (await response.json()) as T;
  }

  return {
    async call<R extends ApiRoute>(route: R, ...[input]: CallArguments<R>): Promise<ApiAnswer<R>> {
      const [method, path] = pathOf(route, input?.params ?? {}, input?.query ?? {});
      return callJson<ApiAnswer<R>>(method, path, input?.body, {
        ...(input?.signal ? { signal: input.signal } : {}),
        ...(input?.keepalive ? { keepalive: true } : {}),
      });
    },
    follow(messageId, followOptions = {}) {
      const open = (after: string | null) =>
        request('GET', `/api/messages/${encodeURIComponent(messageId)}/stream`, {
          headers: { accept: 'text/event-stream', ...(after === null ? {} : { 'last-event-id': after }) },
          ...(followOptions.signal ? { signal: followOptions.signal } : {}),
        });
      return followAnswer(open, followOptions);
    },
    assignment: (app, unit) =>
      callJson<AssignmentAnswer>(
        'GET',
        `/v1/apps/${encodeURIComponent(app)}/assignment?unit=${encodeURIComponent(unit)}`,
        undefined,
      ),
    kpi: { send: (events) => callJson<KpiEventsAnswer>('POST', '/v1/kpi/events', events) },
    url,
    headers,
  };
}

/** Method and path of a route with its parameters filled in and encoded, and its query without empty values. */
export function pathOf(
  route: string,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string | undefined>>,
): [method: string, path: string] {
  const [method = 'GET', template = ''] = route.split(' ');
  const path = template.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new MyriadError('invalid_request', `${route} needs the parameter ${name}.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return [method, text === '' ? path : `${path}?${text}`];
}
