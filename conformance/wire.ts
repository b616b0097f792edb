/** Requests of a gateway and what came back, byte for byte: no client library stands between. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MockCall, MockUpstream } from './mock-upstream.ts';

/**
 * A model of the gateway, and headers that go with its requests. `{script}` in the name becomes the script's name, for a
 * gateway that rests an endpoint after failures: each misdeed then has an endpoint of its own.
 */
export interface WireRoute {
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the gateway's books say of the run behind an answer. */
export interface Booked {
  readonly runs: number;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Target extends WireRoute {
  /** Without `/v1`. */
  readonly url: string;
  readonly key: string;
  /** A name with two endpoints at the mock: the first asks it for the model `flaky`, the second for another. */
  readonly fallback?: WireRoute;
  /** Asked instead of `model` for scripts after which a gateway may rest the endpoint. */
  readonly troubled?: WireRoute;
  /** A model that is reached at the mock in Anthropic's dialect. */
  readonly anthropic?: WireRoute;
  /** A model whose silent server is given up after `withinMs`. */
  readonly stalls?: WireRoute & { readonly withinMs: number };
  /** A model that takes one call at a time. */
  readonly narrow?: WireRoute;
  /** A model that transcribes speech at the mock. */
  readonly transcribe?: WireRoute;
  /** Reads the books; `sinceMs` is the time before the request. */
  readonly books?: (sinceMs: number) => Promise<Booked>;
}

/** What a case may need of a gateway beyond a model that is routed to the mock. */
export type Need = 'fallback' | 'anthropic' | 'stalls' | 'narrow' | 'transcribe' | 'books';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed; null when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: the cases look into bodies of many shapes and fail where a field is missing.
  readonly json: any;
  /** `data:` of each event, parsed; `[DONE]` stays a text. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly events: readonly any[];
}

export interface PostOptions {
  readonly raw?: BodyInit;
  readonly signal?: AbortSignal;
  /** `undefined` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface Wire {
  readonly target: Target;
  readonly calls: readonly MockCall[];
  post(path: string, body: unknown, options?: PostOptions): Promise<WireAnswer>;
  /** Chat completion whose last message asks the mock for a script. */
  chat(script: string, more?: object, route?: WireRoute, options?: PostOptions): Promise<WireAnswer>;
  messages(script: string, more?: object, route?: WireRoute): Promise<WireAnswer>;
  /** The route of a need; the runner asks no case whose need is not met. */
  route(need: Exclude<Need, 'books'>): WireRoute;
  /** Waits until a condition holds. @throws Error after the limit. */
  until(holds: () => boolean, limitMs: number, what: string): Promise<void>;
  /** Requests that reached the mock while `work` ran. */
  during(work: () => Promise<unknown>): Promise<readonly MockCall[]>;
  lastCall(): MockCall;
}

/** Scripts that speak against an endpoint's health. */
export const unhealthyScripts = ['broken', 'not-json', 'cut-whole', 'cut', 'rate-limited', 'window'] as const;

export function createWire(target: Target, mock: MockUpstream): Wire {
  const post: Wire['post'] = async (path, body, options = {}) => {
    const headers: Record<string, string | undefined> = {
      'content-type': 'application/json',
      ...(target.key ? { authorization: `Bearer ${target.key}` } : {}),
      ...target.headers,
      ...options.headers,
    };
    const response = await fetch(target.url + path, {
      method: 'POST',
      headers: Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      body: options.raw ?? JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(30_000), ...(options.signal ? [options.signal] : [])]),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text), events: eventsOf(text) };
  };
  const ask = (path: string, script: string, more: object, wanted: WireRoute, options: PostOptions = {}) => {
    const name = script.split('.')[0] as string;
    const isTroubled = wanted === target && unhealthyScripts.some((each) => each === name);
    const route = (isTroubled ? target.troubled : undefined) ?? wanted;
    return post(
      path,
      {
        model: route.model.replace('{script}', name),
        messages: [{ role: 'user', content: `case:${script}` }],
        ...more,
      },
      { ...options, headers: { ...route.headers, ...options.headers } },
    );
  };
  return {
    target,
    calls: mock.calls,
    post,
    chat: (script, more = {}, route = target, options = {}) =>
      ask('/v1/chat/completions', script, more, route, options),
    messages: (script, more = {}, route = target) => ask('/v1/messages', script, { max_tokens: 100, ...more }, route),
    route(need) {
      const route = target[need];
      if (!route) throw new Error(`this gateway was given no route for: ${need}`);
      return route;
    },
    async until(holds, limitMs, what) {
      for (const end = Date.now() + limitMs; !holds(); await sleep(5))
        if (Date.now() > end) throw new Error(`after ${limitMs} ms, not: ${what}`);
    },
    async during(work) {
      const before = mock.calls.length;
      await work();
      return mock.calls.slice(before);
    },
    lastCall() {
      const call = mock.calls.at(-1);
      if (!call) throw new Error('the request never reached the mock');
      return call;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Events as the SSE standard reads them: several `data:` lines are one, comments are none. */
function eventsOf(text: string): unknown[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((block) =>
      block
        .split(/\r?\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '')
    .map((data) => (data === '[DONE]' ? data : parsed(data)));
}
