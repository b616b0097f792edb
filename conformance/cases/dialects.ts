/** Groups 4, 7, 12 and 13: the other dialects, over a server that speaks chat completions. */
import assert from 'node:assert/strict';
import type { WireCase } from './case.ts';

const stream = { stream: true };
const tools = { tools: ['first', 'second'].map((name) => ({ name, input_schema: { type: 'object' } })) };

export const dialectCases: readonly WireCase[] = [
  {
    group: 4,
    name: 'reasoning is a thinking block of Messages',
    async check(wire) {
      const { events } = await wire.messages('reasoning', stream);
      const started = events
        .filter((event) => event?.type === 'content_block_start')
        .map((event) => event.content_block.type);
      assert.deepEqual(started, ['thinking', 'text']);
    },
  },
  {
    group: 7,
    name: 'malformed JSON is 400 in the shape of Messages',
    async check(wire) {
      const { status, json } = await wire.post('/v1/messages', null, { raw: '{' });
      assert.deepEqual([status, json?.type, json?.error?.type], [400, 'error', 'invalid_request_error']);
    },
  },
  {
    group: 12,
    name: 'events in their order, each with its name',
    async check(wire) {
      const { events, text } = await wire.messages('plain', stream);
      const kinds = events
        .map((event) => event?.type)
        .filter((kind, index, all) => kind !== all[index - 1] && kind !== 'ping');
      assert.deepEqual(kinds, [
        'message_start',
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ]);
      assert.match(text, /event: message_start/);
    },
  },
  {
    group: 12,
    name: 'cache reads are counted as this dialect means them: apart from input_tokens',
    async check(wire) {
      const { json } = await wire.messages('plain');
      assert.deepEqual(
        [json?.usage.input_tokens, json?.usage.cache_read_input_tokens, json?.usage.output_tokens],
        [8, 4, 7],
      );
    },
  },
  {
    group: 12,
    name: 'message_delta carries the final usage',
    async check(wire) {
      const { events } = await wire.messages('plain', stream);
      assert.equal(events.find((event) => event?.type === 'message_delta')?.usage.output_tokens, 7);
    },
  },
  {
    group: 12,
    name: 'interleaved calls become whole blocks, one open at a time',
    async check(wire) {
      const { events } = await wire.messages('tools-interleaved', { ...stream, ...tools });
      const blocks: string[] = [];
      let open: number | null = null;
      for (const event of events) {
        if (event?.type === 'content_block_start') {
          assert.equal(open, null, 'two blocks are open');
          open = event.index;
          blocks[event.index] = '';
        } else if (event?.type === 'content_block_delta') {
          assert.equal(event.index, open, 'a delta of a block that is not open');
          blocks[event.index] += event.delta.partial_json ?? '';
        } else if (event?.type === 'content_block_stop') open = null;
      }
      assert.deepEqual(
        blocks.map((block) => JSON.parse(block)),
        [{ a: 1 }, { b: 2 }],
      );
      assert.equal(events.find((event) => event?.type === 'message_delta')?.delta.stop_reason, 'tool_use');
    },
  },
  {
    group: 12,
    name: 'a cut ends in an error event, without message_stop',
    async check(wire) {
      const { events } = await wire.messages('cut', stream);
      assert.equal(events.at(-1)?.type, 'error');
      assert.ok(!events.some((event) => event?.type === 'message_stop'));
    },
  },
  {
    group: 13,
    name: 'typed events, numbered without a gap, ending in completed',
    async check(wire) {
      const { events } = await wire.post('/v1/responses', { model: wire.target.model, input: 'case:plain', ...stream });
      assert.deepEqual(
        events.map((event) => event?.sequence_number),
        events.map((_, index) => index),
      );
      assert.deepEqual(
        [events[0]?.type, events[1]?.type, events.at(-1)?.type],
        ['response.created', 'response.in_progress', 'response.completed'],
      );
    },
  },
  {
    group: 13,
    name: 'previous_response_id is backed by state, or refused with 400',
    async check(wire) {
      const model = wire.target.model;
      const first = await wire.post('/v1/responses', { model, input: 'Earlier words.' });
      const { status } = await wire.post('/v1/responses', {
        model,
        input: 'case:plain',
        previous_response_id: first.json?.id,
      });
      if (status !== 400) assert.match(JSON.stringify(wire.lastCall().body.messages), /Earlier words/);
    },
  },
  {
    group: 13,
    name: 'a response that never was is 400 or 404, not an answer without its past',
    async check(wire) {
      const before = wire.calls.length;
      const body = { model: wire.target.model, input: 'case:plain', previous_response_id: 'resp_nothing' };
      const { status } = await wire.post('/v1/responses', body);
      assert.ok(status === 400 || status === 404, `answered ${status}`);
      assert.equal(wire.calls.length, before);
    },
  },
];
