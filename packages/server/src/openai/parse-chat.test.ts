import { MyriadError } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { parseChat } from './parse-chat.ts';

const user = { role: 'user', content: 'hello' };
const paramOf = (body: unknown): unknown => {
  try {
    parseChat(body);
  } catch (error) {
    if (error instanceof MyriadError) return error.facts.param;
    throw error;
  }
  return 'accepted';
};

test('a whole request is carried over, and fields that nobody knows are kept', () => {
  const parsed = parseChat({
    model: 'app:assistant',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
    ],
    stream: true,
    stream_options: { include_usage: true },
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' }, strict: true } }],
    tool_choice: { type: 'function', function: { name: 'look' } },
    max_tokens: 20,
    stop: 'END',
    top_k: 5,
    myriad: { unit: 'user-1', inputs: { order_id: '7' } },
  });
  expect(parsed).toMatchObject({
    model: 'app:assistant',
    stream: true,
    includeUsage: true,
    unit: 'user-1',
    inputs: { order_id: '7' },
  });
  expect(parsed.request).toMatchObject({
    maxOutputTokens: 20,
    stop: ['END'],
    toolChoice: { name: 'look' },
    extra: { top_k: 5 },
  });
  expect(parsed.request.messages[1]).toMatchObject({
    content: [
      { type: 'text' },
      { type: 'image', detail: 'low', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    ],
  });
  expect(parsed.request.messages[2]).toMatchObject({
    toolCalls: [{ id: 'c1', name: 'look', argumentsJson: '{"a":1}' }],
  });
});

test('every wrong field is refused by name', () => {
  const base = { model: 'm', messages: [user] };
  expect(paramOf([])).toBeNull();
  expect(paramOf({ messages: [user] })).toBe('model');
  expect(paramOf({ model: 'm' })).toBe('messages');
  expect(paramOf({ model: 'm', messages: [] })).toBe('messages');
  expect(paramOf({ ...base, messages: [user, { role: 'wizard', content: 'x' }] })).toBe('messages[1].role');
  expect(paramOf({ ...base, messages: [{ role: 'user', content: 5 }] })).toBe('messages[0].content');
  expect(paramOf({ ...base, messages: [{ role: 'assistant', content: null }] })).toBe('messages[0].content');
  expect(
    paramOf({
      ...base,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] }],
    }),
  ).toBe('messages[0].content[0].image_url.url');
  expect(paramOf({ ...base, temperature: 3 })).toBe('temperature');
  expect(paramOf({ ...base, temperature: 'hot' })).toBe('temperature');
  expect(paramOf({ ...base, max_tokens: 1.5 })).toBe('max_completion_tokens');
  expect(paramOf({ ...base, stream: 'yes' })).toBe('stream');
  expect(paramOf({ ...base, tools: [{ type: 'retrieval' }] })).toBe('tools[0].type');
  expect(paramOf({ ...base, response_format: { type: 'xml' } })).toBe('response_format.type');
  expect(paramOf({ ...base, n: 0 })).toBe('n');
  expect(paramOf({ ...base, myriad: { unit: 7 } })).toBe('myriad.unit');
  expect(paramOf(base)).toBe('accepted');
});
