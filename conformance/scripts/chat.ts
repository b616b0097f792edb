/** Answers in OpenAI's chat dialect, whole and streamed, as well-behaved and odd servers write them. */
import {
  answer,
  bigText,
  delta,
  dribble,
  plainWords,
  type Script,
  says,
  stream,
  toolCall,
  usageChunk,
  utf8Text,
  whole,
} from './frames.ts';

export const chatScripts: Readonly<Record<string, Script>> = {
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
