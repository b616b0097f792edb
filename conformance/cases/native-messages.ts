/** Groups 4, 7 and 12 over a server that speaks Anthropic's dialect: what must come through untouched, and counted right. */
import assert from 'node:assert/strict';
import { messagesUsage, redacted, signature } from '../scripts/messages.ts';
import type { WireCase } from './case.ts';

const stream = { stream: true };
const needs = 'anthropic' as const;
const tools = { tools: ['first', 'second'].map((name) => ({ name, input_schema: { type: 'object' } })) };
const thought = { type: 'thinking', thinking: 'Think.', signature };
const hidden = { type: 'redacted_thinking', data: redacted };

export const nativeMessagesCases: readonly WireCase[] = [
  {
    group: 4,
    name: 'thinking and its signature come out as they came in',
    needs,
    async check(wire) {
      const { json } = await wire.messages('reasoning', {}, wire.route(needs));
      assert.deepEqual(json?.content, [thought, hidden, { type: 'text', text: 'Done.' }]);
    },
  },
  {
    group: 4,
    name: 'streamed: the same, block by block',
    needs,
    async check(wire) {
      const { events } = await wire.messages('reasoning', stream, wire.route(needs));
      const blocks: Record<string, string>[] = [];
      for (const event of events) {
        if (event?.type === 'content_block_start') blocks[event.index] = { ...event.content_block };
        const block = blocks[event?.index];
        if (event?.type !== 'content_block_delta' || !block) continue;
        const { thinking = '', signature: piece = '', text = '' } = event.delta;
        if ('thinking' in block) block.thinking += thinking;
        if ('signature' in block || piece) block.signature = (block.signature ?? '') + piece;
        if ('text' in block) block.text += text;
      }
      assert.deepEqual(blocks, [thought, hidden, { type: 'text', text: 'Done.' }]);
    },
  },
  {
    group: 4,
    name: 'and are sent back verbatim, before the calls they led to',
    needs,
    async check(wire) {
      const use = { type: 'tool_use', id: 'toolu_a', name: 'first', input: { a: 1 } };
      const messages = [
        { role: 'user', content: 'case:plain' },
        { role: 'assistant', content: [thought, hidden, use] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_a', content: 'one' }] },
      ];
      const thinking = { type: 'enabled', budget_tokens: 1_024 };
      const { status } = await wire.messages(
        'plain',
        { messages, thinking, max_tokens: 2_048, ...tools },
        wire.route(needs),
      );
      assert.equal(status, 200);
      const sent = wire.lastCall().body.messages as { content: unknown }[];
      assert.deepEqual(sent[1]?.content, [thought, hidden, use]);
    },
  },
  {
    group: 7,
    name: 'an overload of the server is told in this dialect, with a status of 5xx',
    needs,
    async check(wire) {
      const { status, json } = await wire.messages('overloaded', {}, wire.route(needs));
      assert.ok(status >= 500, `answered ${status}`);
      assert.deepEqual([json?.type, json?.error?.type], ['error', 'overloaded_error']);
    },
  },
  {
    group: 7,
    name: 'an error inside its stream is an error event, and no message_stop follows',
    needs,
    async check(wire) {
      const { events } = await wire.messages('error-in-stream', stream, wire.route(needs));
      assert.equal(events.at(-1)?.type, 'error');
      assert.ok(!events.some((event) => event?.type === 'message_stop'));
    },
  },
  {
    group: 12,
    name: 'input of message_start and the cumulative output of message_delta are counted once',
    needs,
    async check(wire) {
      const { events } = await wire.messages('plain', stream, wire.route(needs));
      const last = events.findLast((event) => event?.type === 'message_delta')?.usage;
      assert.equal(last?.output_tokens, 7);
      const first = events.find((event) => event?.type === 'message_start')?.message.usage;
      assert.equal(typeof first?.input_tokens, 'number');
      if (last?.input_tokens !== undefined) assert.equal(last.input_tokens, messagesUsage.input_tokens);
    },
  },
  {
    group: 12,
    name: 'cache reads and writes are told apart, whole and untouched',
    needs,
    async check(wire) {
      const { json } = await wire.messages('plain', {}, wire.route(needs));
      for (const [field, count] of Object.entries(messagesUsage)) assert.equal(json?.usage?.[field], count, field);
    },
  },
  {
    group: 12,
    name: 'cache_control reaches the server on system, tools, text, images and results',
    needs,
    async check(wire) {
      const mark = { cache_control: { type: 'ephemeral' } };
      const image = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
      const body = {
        system: [{ type: 'text', text: 'Be short.', ...mark }],
        tools: [{ name: 'first', input_schema: { type: 'object' }, ...mark }],
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: image, ...mark },
              { type: 'text', text: 'case:plain', ...mark },
            ],
          },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_a', name: 'first', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_a', content: 'one', ...mark }] },
        ],
      };
      await wire.messages('plain', body, wire.route(needs));
      const sent = JSON.stringify(wire.lastCall().body);
      assert.equal(sent.split('"cache_control"').length - 1, 5, 'marks that arrived');
    },
  },
  {
    group: 12,
    name: 'over this server a chat completion counts cached input as its dialect means it: inside prompt_tokens',
    needs,
    async check(wire) {
      const { json } = await wire.chat('plain', { max_tokens: 100 }, wire.route(needs));
      assert.deepEqual(
        [json?.usage?.prompt_tokens, json?.usage?.prompt_tokens_details?.cached_tokens, json?.usage?.completion_tokens],
        [15, 4, 7],
      );
    },
  },
  {
    group: 12,
    name: 'and its calls of tools are the calls of a chat completion',
    needs,
    async check(wire) {
      const wanted = ['first', 'second'].map((name) => ({
        type: 'function',
        function: { name, parameters: { type: 'object' } },
      }));
      const { json } = await wire.chat('tools', { max_tokens: 100, tools: wanted }, wire.route(needs));
      const calls = json?.choices?.[0]?.message?.tool_calls ?? [];
      assert.deepEqual(
        calls.map(({ id, function: fn }: { id: string; function: { name: string; arguments: string } }) => [
          id,
          fn.name,
          JSON.parse(fn.arguments),
        ]),
        [
          ['toolu_a', 'first', { a: 1 }],
          ['toolu_b', 'second', { b: 2 }],
        ],
      );
      assert.equal(json?.choices[0].finish_reason, 'tool_calls');
    },
  },
];
