/** What scripts are made of: frames of a stream, whole answers, and bytes in pieces of the script's choosing. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

export type Json = Record<string, unknown>;

export interface MockCall {
  readonly script: string;
  /** What follows the script's name after a dot: tells one asking of a script with a memory from another. */
  readonly nonce: string;
  readonly path: string;
  readonly body: Json;
  /** The body as it came, for what is no JSON. */
  readonly bytes: Buffer;
  readonly headers: IncomingMessage['headers'];
  readonly at: number;
  /** Requests that its socket had carried before. */
  readonly served: number;
  abortedAt: number | null;
}

export type Script = (call: MockCall, response: ServerResponse) => void | Promise<void>;

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

export const chunk = (choice: Json, more: Json = {}): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'mock',
    choices: [{ index: 0, finish_reason: null, ...choice }],
    ...more,
  });
export const delta = (content: Json, finish: string | null = null, index = 0) =>
  chunk({ index, delta: content, finish_reason: finish });
export const usageChunk = JSON.stringify({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'mock',
  choices: [],
  usage,
});
export const toolCall = (index: number, text: string, head: Json = {}) =>
  delta({ tool_calls: [{ index, ...head, function: { ...(head.name ? { name: head.name } : {}), arguments: text } }] });

export function stream(response: ServerResponse, frames: readonly string[], ending = 'data: [DONE]\n\n'): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const frame of frames) response.write(`data: ${frame}\n\n`);
  response.end(ending);
}

export function whole(
  response: ServerResponse,
  choices: readonly Json[],
  headers: Record<string, string> = {},
  told: Json = usage,
): void {
  const body = Buffer.from(
    JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'mock', choices, usage: told }),
  );
  const sent = headers['content-encoding'] === 'gzip' ? gzipSync(body) : body;
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': String(sent.length), ...headers })
    .end(sent);
}

export const answer = (message: Json, finish = 'stop', more: Json = {}): Json[] => [
  { index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finish, ...more },
];

/** Plain and streamed answers of the same words. */
export const says =
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
export async function dribble(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise((wake) => setImmediate(wake));
  }
  response.end();
}
