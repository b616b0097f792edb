/** Servers in trouble: they stall, refuse for a while, lie about usage, hang up, or serve only at the second address. */
import { gzipSync } from 'node:zlib';
import {
  answer,
  chunk,
  delta,
  type Json,
  plainWords,
  type Script,
  says,
  stream,
  usage,
  usageChunk,
  whole,
} from './frames.ts';

const refuse =
  (status: number, error: Json, headers: Record<string, string> = {}): Script =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));
  };

/** First calls of scripts with a memory, by script and nonce. */
const firstAt = new Map<string, number>();
/** How long a window of 429 lasts, as its Retry-After says. */
export const windowMs = 1_000;

/** Of two endpoints behind one name the first asks for `flaky`, the second for anything else. */
const whenFlaky =
  (trouble: Script): Script =>
  (call, response) =>
    (call.body.model === 'flaky' ? trouble : says(plainWords))(call, response);

const lie =
  (told: Json): Script =>
  ({ body }, response) => {
    const lied = { ...usage, ...told };
    if (!body.stream) whole(response, answer({ content: plainWords.join('') }), {}, lied);
    else
      stream(response, [
        ...plainWords.map((content) => delta({ content })),
        delta({}, 'stop'),
        JSON.stringify({ ...(JSON.parse(usageChunk) as Json), usage: lied }),
      ]);
  };

export const troubleScripts: Readonly<Record<string, Script>> = {
  /** Says something, then nothing for ever. */
  'stall-later': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${delta({ content: 'Half' })}\n\n`);
  },
  /** Takes the request and never answers. */
  'stall-first': () => {},
  /** Silent for longer than proxies like, then goes on. */
  'long-silence': async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${delta({ content: 'Before ' })}\n\n`);
    await new Promise((wake) => setTimeout(wake, 17_000));
    for (const frame of [delta({ content: 'after.' }), delta({}, 'stop'), usageChunk])
      response.write(`data: ${frame}\n\n`);
    response.end('data: [DONE]\n\n');
  },
  'rate-limited': refuse(
    429,
    { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    { 'retry-after': '9' },
  ),
  /** Refuses for a second from its first call on, then serves. */
  window: (call, response) => {
    const key = `${call.script}.${call.nonce}`;
    const since = firstAt.get(key) ?? call.at;
    firstAt.set(key, since);
    if (call.at - since < windowMs)
      refuse(429, { message: 'slow down', type: 'rate_limit_error' }, { 'retry-after': '1' })(call, response);
    else says(plainWords)(call, response);
  },
  broken: refuse(500, { message: 'on fire', type: 'server_error' }),
  'too-long': refuse(400, {
    message: "This model's maximum context length is 8 tokens.",
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
  }),
  /** Output that nobody asked for, at 1 token a word. */
  'lies-high': lie({ completion_tokens: 5_000_000, total_tokens: 5_000_012 }),
  'lies-negative': lie({ prompt_tokens: -12, completion_tokens: -7 }),
  /** Usage so far in each chunk, as some servers send it. */
  'usage-so-far': (_, response) =>
    stream(response, [
      ...plainWords.map((content, index) =>
        chunk(
          { delta: { content } },
          { usage: { prompt_tokens: 12, completion_tokens: index + 1, total_tokens: 13 + index } },
        ),
      ),
      delta({}, 'stop'),
      usageChunk,
    ]),
  /** A whole answer that ends before its declared length. */
  'cut-whole': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
    response.write('{"id": "c1", "choices": [');
    setTimeout(() => response.destroy(), 30);
  },
  'not-json': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>It works!</html>');
  },
  'gzip-stream': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });
    response.end(
      gzipSync(
        [delta({ content: 'Unpacked.' }), delta({}, 'stop'), usageChunk, '[DONE]']
          .map((frame) => `data: ${frame}\n\n`)
          .join(''),
      ),
    );
  },
  /** Hangs up without a byte on a socket that was kept open, and serves on a fresh one. */
  'hang-up-when-kept': (call, response) => {
    if (call.served > 0) response.socket?.destroy();
    else whole(response, answer({ content: 'Fresh.' }));
  },
  'fallback-500': whenFlaky(refuse(500, { message: 'on fire', type: 'server_error' })),
  'fallback-429': whenFlaky(refuse(429, { message: 'slow down' }, { 'retry-after': '30' })),
  'fallback-hang-up': whenFlaky((_, response) => {
    response.socket?.destroy();
  }),
  'fallback-late': whenFlaky((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`data: ${delta({ content: 'Half' })}\n\n`);
    setTimeout(() => response.destroy(), 30);
  }),
  'fallback-bad': whenFlaky(refuse(400, { message: 'no such parameter', type: 'invalid_request_error' })),
};
