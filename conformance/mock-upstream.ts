/**
 * A model server that misbehaves on demand, in OpenAI's dialect. What it does is named by the last user message
 * (`case:<name>`), so that it works behind any gateway that routes one model to it. It writes bytes as a script says,
 * in pieces of its own choosing, and remembers every request.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface MockCall {
  readonly script: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
  abortedAt: number | null;
}

export interface MockUpstream {
  readonly url: string;
  readonly calls: MockCall[];
  close(): Promise<void>;
}

export const usage = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4 },
};
/** About as many tokens as `usage` says, so that a gateway which doubts a lie has no cause to. */
export const plainWords = ['One ', 'two ', 'three ', 'four ', 'five ', 'six.'];
export const utf8Text = '万象 – naïve 🌏 text';
export const bigText = 'x'.repeat(256 * 1024);

type Json = Record<string, unknown>;
type Script = (call: MockCall, response: ServerResponse) => void | Promise<void>;

const chunk = (choice: Json, more: Json = {}): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'mock',
    choices: [{ index: 0, finish_reason: null, ...choice }],
    ...more,
  });
const delta = (content: Json, finish: string | null = null, index = 0) =>
  chunk({ index, delta: content, finish_reason: finish });
const usageChunk = JSON.stringify({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'mock',
  choices: [],
  usage,
});
const toolCall = (index: number, text: string, head: Json = {}) =>
  delta({ tool_calls: [{ index, ...head, function: { ...(head.name ? { name: head.name } : {}), arguments: text } }] });

function stream(response: ServerResponse, frames: readonly string[], ending = 'data: [DONE]\n\n'): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const frame of frames) response.write(`data: ${frame}\n\n`);
  response.end(ending);
}

function whole(response: ServerResponse, choices: readonly Json[], headers: Record<string, string> = {}): void {
  const body = Buffer.from(
    JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'mock', choices, usage }),
  );
  const sent = headers['content-encoding'] === 'gzip' ? gzipSync(body) : body;
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': String(sent.length), ...headers })
    .end(sent);
}

const answer = (message: Json, finish = 'stop', more: Json = {}): Json[] => [
  { index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finish, ...more },
];

/** Plain and streamed answers of the same words. */
const says =
  (words: readonly string[], finish = 'stop'): Script =>
  ({ body }, response) => {
    if (!body.stream) whole(response, answer({ content: words.join('') }, finish));
    else
      stream(response, [
        delta({ role: 'assistant', content: '' }),
        ...words.map((content) => delta({ content })),
        delta({}, finish),
        ...((body.stream_options as Json | undefined)?.include_usage ? [usageChunk] : []),
      ]);
  };

/** Writes bytes in pieces of the given size, each in a packet of its own. */
async function dribble(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise((wake) => setImmediate(wake));
  }
  response.end();
}

const scripts: Readonly<Record<string, Script>> = {
  plain: says(plainWords),
  'tools-interleaved': (_, response) =>
    stream(response, [
      delta({ role: 'assistant', content: null }),
      toolCall(0, '', { id: 'call_a', type: 'function', name: 'first' }),
      toolCall(1, '', { id: 'call_b', type: 'function', name: 'second' }),
      toolCall(0, '{"a":'),
      toolCall(1, '{"b":'),
      toolCall(1, '2}'),
      toolCall(0, '1}'),
      delta({}, 'tool_calls'),
      usageChunk,
    ]),
  'tools-empty': (_, response) =>
    stream(response, [
      toolCall(0, '', { id: 'call_a', type: 'function', name: 'first' }),
      delta({}, 'tool_calls'),
      usageChunk,
    ]),
  'tools-truncated': (_, response) =>
    stream(response, [
      toolCall(0, '{"a": "half', { id: 'call_a', type: 'function', name: 'first' }),
      delta({}, 'length'),
      usageChunk,
    ]),
  choices: (_, response) =>
    stream(response, [
      delta({ content: 'A' }, null, 0),
      delta({ content: 'B' }, null, 1),
      delta({ content: 'a' }, null, 0),
      delta({ content: 'b' }, null, 1),
      delta({}, 'stop', 0),
      delta({}, 'stop', 1),
      usageChunk,
    ]),
  logprobs: (_, response) =>
    whole(
      response,
      answer({ content: 'Yes' }, 'stop', {
        logprobs: { content: [{ token: 'Yes', logprob: -0.1, bytes: null, top_logprobs: [] }] },
      }),
    ),
  refusal: (_, response) => whole(response, answer({ refusal: 'I will not.' })),
  reasoning: (_, response) =>
    stream(response, [
      delta({ role: 'assistant', reasoning_content: 'Think.' }),
      delta({ content: 'Done.' }),
      delta({}, 'stop'),
      usageChunk,
    ]),
  crlf: (_, response) =>
    dribble(
      response,
      Buffer.from(
        [delta({ content: 'A' }), delta({ content: 'B' }), delta({}, 'stop'), usageChunk, '[DONE]']
          .map((frame) => `data: ${frame}\r\n\r\n`)
          .join(''),
      ),
      64,
    ),
  comments: (_, response) =>
    dribble(
      response,
      Buffer.from(
        `: hello\n\n:\n\nevent: ping\ndata: {"type": "ping"}\n\nid: 7\nretry: 10\ndata: ${delta({ content: 'A' })}\n\n: keep-alive\n\ndata: ${delta({}, 'stop')}\n\ndata: ${usageChunk}\n\ndata: [DONE]\n\n`,
      ),
      1024,
    ),
  'multi-line': (_, response) => {
    const pretty = JSON.stringify(JSON.parse(delta({ content: 'A' })), null, 1);
    const lines = pretty
      .split('\n')
      .map((line) => `data: ${line}`)
      .join('\n');
    return dribble(
      response,
      Buffer.from(`${lines}\n\ndata: ${delta({}, 'stop')}\n\ndata: ${usageChunk}\n\ndata: [DONE]\n\n`),
      1024,
    );
  },
  'split-bytes': (_, response) =>
    dribble(
      response,
      Buffer.from(
        `data: ${delta({ content: utf8Text })}\n\ndata: ${delta({}, 'stop')}\n\ndata: ${usageChunk}\n\ndata: [DONE]\n\n`,
      ),
      1,
    ),
  'huge-line': (_, response) => stream(response, [delta({ content: bigText }), delta({}, 'stop'), usageChunk]),
  cut: (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${delta({ content: 'Half' })}\n\n`);
    setTimeout(() => response.destroy(), 30);
  },
  'error-in-stream': (_, response) =>
    stream(
      response,
      [delta({ content: 'Half' }), JSON.stringify({ error: { message: 'on fire', type: 'server_error' } })],
      '',
    ),
  'rate-limited': (_, response) => {
    response
      .writeHead(429, { 'content-type': 'application/json', 'retry-after': '9' })
      .end(JSON.stringify({ error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } }));
  },
  slow: ({ body }, response) => {
    if (!body.stream) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(`data: ${delta({ content: 'tick ' })}\n\n`), 20);
    response.once('close', () => clearInterval(timer));
  },
  gzip: (_, response) => whole(response, answer({ content: 'Unpacked.' }), { 'content-encoding': 'gzip' }),
  'close-after': (_, response) => {
    whole(response, answer({ content: 'Bye.' }));
    // Says keep-alive, then hangs up: the next request on this socket meets a closed peer.
    response.once('finish', () => setTimeout(() => response.socket?.destroy(), 5));
  },
};

/** @param port 0 for any free one. */
export async function startMockUpstream(port = 0): Promise<MockUpstream> {
  const calls: MockCall[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'mock', object: 'model' }] }));
        return;
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as Json;
      const script =
        /case:([\w-]+)/.exec(JSON.stringify((body.messages as unknown[] | undefined)?.at(-1) ?? ''))?.[1] ?? 'plain';
      const call: MockCall = { script, body, headers: request.headers, abortedAt: null };
      calls.push(call);
      response.once('close', () => {
        if (!response.writableFinished) call.abortedAt = Date.now();
      });
      void (scripts[script] ?? says(['Hello.']))(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
