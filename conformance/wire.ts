/** Requests of a gateway and what came back, byte for byte: no client library stands between. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MockCall, MockUpstream } from './mock-upstream.ts';

export interface Target {
  /** Without `/v1`. */
  readonly url: string;
  readonly key: string;
  /** A model that the gateway routes to the mock. */
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
}

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

export interface Wire {
  readonly target: Target;
  readonly calls: readonly MockCall[];
  post(
    path: string,
    body: unknown,
    options?: { readonly raw?: string; readonly signal?: AbortSignal },
  ): Promise<WireAnswer>;
  /** Chat completion whose last message asks the mock for a script. */
  chat(script: string, more?: object): Promise<WireAnswer>;
  messages(script: string, more?: object): Promise<WireAnswer>;
  /** Waits until a condition holds. @throws Error after the limit. */
  until(holds: () => boolean, limitMs: number, what: string): Promise<void>;
  lastCall(): MockCall;
}

export function createWire(target: Target, mock: MockUpstream): Wire {
  const post: Wire['post'] = async (path, body, options = {}) => {
    const response = await fetch(target.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${target.key}`,
        ...(path.startsWith('/v1/messages') ? { 'x-api-key': target.key, 'anthropic-version': '2023-06-01' } : {}),
        ...target.headers,
      },
      body: options.raw ?? JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(20_000), ...(options.signal ? [options.signal] : [])]),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text), events: eventsOf(text) };
  };
  return {
    target,
    calls: mock.calls,
    post,
    chat: (script, more = {}) =>
      post('/v1/chat/completions', {
        model: target.model,
        messages: [{ role: 'user', content: `case:${script}` }],
        ...more,
      }),
    messages: (script, more = {}) =>
      post('/v1/messages', {
        model: target.model,
        max_tokens: 100,
        messages: [{ role: 'user', content: `case:${script}` }],
        ...more,
      }),
    async until(holds, limitMs, what) {
      for (const end = Date.now() + limitMs; !holds(); await sleep(5))
        if (Date.now() > end) throw new Error(`after ${limitMs} ms, not: ${what}`);
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
