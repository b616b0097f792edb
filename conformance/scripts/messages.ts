/** Answers in Anthropic's Messages dialect. Source of the shape: Anthropic API reference, "Messages" and "Streaming". */
import type { ServerResponse } from 'node:http';
import { type Json, plainWords, type Script } from './frames.ts';

export const messagesUsage = {
  input_tokens: 8,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 3,
  output_tokens: 7,
};
export const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+/=';
export const redacted = 'EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpP';

function stream(response: ServerResponse, events: readonly Json[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_mock' });
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

const start = (usage: Json = { ...messagesUsage, output_tokens: 1 }): Json => ({
  type: 'message_start',
  message: {
    id: 'msg_mock',
    type: 'message',
    role: 'assistant',
    model: 'mock',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
});
const ending = (stopReason: string, usage: Json = { output_tokens: 7 }): Json[] => [
  { type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage },
  { type: 'message_stop' },
];

function streamed(content: readonly Json[], stopReason: string): Json[] {
  const blocks = content.flatMap((block, index): Json[] => {
    const begun = (content_block: Json): Json => ({ type: 'content_block_start', index, content_block });
    const delta = (value: Json): Json => ({ type: 'content_block_delta', index, delta: value });
    const stop = { type: 'content_block_stop', index };
    if (block.type === 'thinking')
      return [
        begun({ type: 'thinking', thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: block.thinking }),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    if (block.type === 'tool_use') {
      const json = JSON.stringify(block.input);
      return [
        begun({ ...block, input: {} }),
        delta({ type: 'input_json_delta', partial_json: json.slice(0, 4) }),
        delta({ type: 'input_json_delta', partial_json: json.slice(4) }),
        stop,
      ];
    }
    if (block.type === 'text')
      return [
        begun({ type: 'text', text: '' }),
        { type: 'ping' },
        ...String(block.text)
          .split(/(?<= )/)
          .map((text) => delta({ type: 'text_delta', text })),
        stop,
      ];
    return [begun(block), stop];
  });
  return [start(), ...blocks, ...ending(stopReason)];
}

const says =
  (content: readonly Json[], stopReason = 'end_turn'): Script =>
  ({ body }, response) => {
    if (body.stream) {
      stream(response, streamed(content, stopReason));
      return;
    }
    const message = { ...(start().message as Json), content, stop_reason: stopReason, usage: messagesUsage };
    response
      .writeHead(200, { 'content-type': 'application/json', 'request-id': 'req_mock' })
      .end(JSON.stringify(message));
  };

export const messagesScripts: Readonly<Record<string, Script>> = {
  plain: says([{ type: 'text', text: plainWords.join('') }]),
  reasoning: says([
    { type: 'thinking', thinking: 'Think.', signature },
    { type: 'redacted_thinking', data: redacted },
    { type: 'text', text: 'Done.' },
  ]),
  tools: says(
    [
      { type: 'tool_use', id: 'toolu_a', name: 'first', input: { a: 1 } },
      { type: 'tool_use', id: 'toolu_b', name: 'second', input: { b: 2 } },
    ],
    'tool_use',
  ),
  overloaded: (_, response) => {
    response
      .writeHead(529, { 'content-type': 'application/json' })
      .end(JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }));
  },
  'error-in-stream': (_, response) =>
    stream(response, [
      start(),
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half' } },
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    ]),
};
