import { noUsage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { createMessageEncoder } from './encode-message.ts';

const encoder = () => createMessageEncoder({ id: 'msg_1', model: 'm' });
const usage = { ...noUsage, inputTokens: 30, outputTokens: 7, cachedInputTokens: 10, cacheWriteTokens: 5 };

test('thinking and text are blocks of their own, opened and closed in order', () => {
  const message = encoder();
  const events = [
    ...message.add({ type: 'reasoning', choice: 0, text: 'Hm. ', signature: 'sig' }),
    ...message.add({ type: 'text', choice: 0, text: 'Yes' }),
    ...message.add({ type: 'text', choice: 0, text: '.' }),
    ...message.add({ type: 'finish', choice: 0, reason: 'length' }),
    ...message.end(usage, {}),
  ];
  expect(events.map(({ type, index }) => [type, index])).toEqual([
    ['content_block_start', 0],
    ['content_block_delta', 0],
    ['content_block_delta', 0],
    ['content_block_stop', 0],
    ['content_block_start', 1],
    ['content_block_delta', 1],
    ['content_block_delta', 1],
    ['content_block_stop', 1],
    ['message_delta', undefined],
    ['message_stop', undefined],
  ]);
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: 'max_tokens' },
    usage: { input_tokens: 15, cache_read_input_tokens: 10, cache_creation_input_tokens: 5, output_tokens: 7 },
  });
});

test('fragments of two calls that come interleaved are sent one call after the other, and nothing is lost', () => {
  const message = encoder();
  const call = (index: number, argumentsDelta: string, more: object = {}) =>
    message.add({ type: 'toolCall', choice: 0, index, argumentsDelta, ...more });
  const events = [
    ...call(0, '{"a":', { id: 'c0', name: 'look' }),
    ...call(1, '{"b":', { id: 'c1', name: 'find' }),
    ...call(0, '1}'),
    ...call(1, '2}'),
    ...message.add({ type: 'finish', choice: 0, reason: 'toolCalls' }),
    ...message.end(usage, {}),
  ];
  const jsonOf = (index: number) =>
    events
      .filter((event) => event.type === 'content_block_delta' && event.index === index)
      .map((event) => (event.delta as { partial_json: string }).partial_json)
      .join('');
  expect([jsonOf(0), jsonOf(1)]).toEqual(['{"a":1}', '{"b":2}']);
  const order = events
    .filter(({ type }) => type !== 'content_block_delta')
    .map(({ type, index }) => `${type} ${index ?? ''}`.trim());
  expect(order).toEqual([
    'content_block_start 0',
    'content_block_stop 0',
    'content_block_start 1',
    'content_block_stop 1',
    'message_delta',
    'message_stop',
  ]);
  expect(message.message(usage, {})).toMatchObject({
    stop_reason: 'tool_use',
    content: [
      { type: 'tool_use', id: 'c0', input: { a: 1 } },
      { type: 'tool_use', id: 'c1', input: { b: 2 } },
    ],
  });
});

test('calls one after the other stream as they come', () => {
  const message = encoder();
  message.add({ type: 'toolCall', choice: 0, index: 0, id: 'c0', name: 'look', argumentsDelta: '{}' });
  const second = message.add({ type: 'toolCall', choice: 0, index: 1, id: 'c1', name: 'find', argumentsDelta: '{' });
  expect(second.map(({ type }) => type)).toEqual(['content_block_stop', 'content_block_start', 'content_block_delta']);
});
