import type { ChatRequest } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { readUsage } from './read-usage.ts';
import { writeRequest } from './write-request.ts';

const endpoint = fakeEndpoint({
  family: 'anthropic',
  provider: 'anthropic',
  upstreamModel: 'm',
  maxOutputTokens: 1000,
});
const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const write = (request: Partial<ChatRequest>, options = {}) =>
  writeRequest({ messages: [user('Hi')], ...request }, { ...endpoint, options }, false);

test('system and developer text goes before the turns, as blocks only where a cache mark must be kept', () => {
  const plain = write({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'A' }] },
      user('Hi'),
      { role: 'developer', content: [{ type: 'text', text: 'B' }] },
    ],
  });
  expect(plain).toMatchObject({
    system: 'A\n\nB',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
  const cacheControl = { type: 'ephemeral', ttl: '1h' };
  const marked = write({
    messages: [{ role: 'system', content: [{ type: 'text', text: 'A', cacheControl }] }, user('Hi')],
  });
  expect(marked.system).toEqual([{ type: 'text', text: 'A', cache_control: cacheControl }]);
});

test('max_tokens is always sent: the caller, else the endpoint; a thinking budget comes on top', () => {
  expect(write({}).max_tokens).toBe(1000);
  expect(write({ maxOutputTokens: 50 }).max_tokens).toBe(50);
  expect(write({ maxOutputTokens: 50, reasoning: { budgetTokens: 2000 } })).toMatchObject({
    max_tokens: 2050,
    thinking: { type: 'enabled', budget_tokens: 2000 },
  });
});

test.each([
  [{ effort: 'high' }, {}, { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
  [{ effort: 'minimal' }, {}, { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }],
  [{ effort: 'none' }, {}, { thinking: { type: 'disabled' } }],
  [{ effort: 'low' }, { thinking: 'budget' }, { thinking: { type: 'enabled', budget_tokens: 4096 } }],
] as const)('reasoning %j with options %j is %j', (reasoning, options, fields) => {
  expect(write({ reasoning }, options)).toMatchObject(fields);
});

test('results of parallel calls stand together in one user turn, errors marked, cut arguments wrapped', () => {
  const body = write({
    messages: [
      user('Go'),
      {
        role: 'assistant',
        content: [{ type: 'text', text: '' }],
        reasoning: [{ text: 'Hm', signature: 'S' }, { text: '', encrypted: 'E' }, { text: 'unsigned' }],
        toolCalls: [
          { id: 'a', name: 'f', argumentsJson: '{"x":1}' },
          { id: 'b', name: 'g', argumentsJson: '{"x":' },
        ],
      },
      { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: 'one' }] },
      { role: 'tool', toolCallId: 'b', content: [{ type: 'text', text: 'two' }], isError: true },
      user('And?'),
    ],
  });
  expect(body.messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Go' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm', signature: 'S' },
        { type: 'redacted_thinking', data: 'E' },
        { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
        { type: 'tool_use', id: 'b', name: 'g', input: { INVALID_JSON: '{"x":' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'one' }] },
        { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'two' }], is_error: true },
        { type: 'text', text: 'And?' },
      ],
    },
  ]);
});

test.each([
  ['auto', undefined, { type: 'auto' }],
  ['required', false, { type: 'any', disable_parallel_tool_use: true }],
  ['none', undefined, { type: 'none' }],
  [{ name: 'f' }, undefined, { type: 'tool', name: 'f' }],
  [undefined, false, { type: 'auto', disable_parallel_tool_use: true }],
] as const)('tool choice %j with parallel %s is %j', (toolChoice, parallelToolCalls, written) => {
  const tools = [{ name: 'f', parameters: { type: 'object' } }];
  expect(
    write({
      tools,
      ...(toolChoice ? { toolChoice } : {}),
      ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
    }).tool_choice,
  ).toEqual(written);
});

test('a schema goes natively, or into the instructions where the endpoint says so; a bare JSON wish is told', () => {
  const responseFormat = { type: 'jsonSchema' as const, name: 'n', schema: { type: 'object' } };
  expect(write({ responseFormat }).output_config).toEqual({
    format: { type: 'json_schema', schema: { type: 'object' } },
  });
  expect(write({ responseFormat }, { jsonSchema: 'emulate' }).system).toContain('{"type":"object"}');
  expect(write({ responseFormat: { type: 'jsonObject' } }).system).toContain('JSON object');
});

test('documents and pictures go by address, bytes and file id; audio is refused', () => {
  const content: ChatRequest['messages'][number]['content'] = [];
  const part = (value: unknown) =>
    write({ messages: [{ role: 'user', content: [...content, value] } as ChatRequest['messages'][number]] });
  const first = (value: unknown) => ((part(value).messages as { content: unknown[] }[])[0]?.content ?? [])[0];
  expect(
    first({ type: 'file', name: 'a.pdf', source: { kind: 'base64', mediaType: 'application/pdf', data: 'QQ==' } }),
  ).toEqual({
    type: 'document',
    title: 'a.pdf',
    source: { type: 'base64', media_type: 'application/pdf', data: 'QQ==' },
  });
  expect(first({ type: 'file', source: { kind: 'base64', mediaType: 'text/plain', data: '5beC' } })).toMatchObject({
    source: { type: 'text', data: '巂' },
  });
  expect(first({ type: 'image', source: { kind: 'fileId', fileId: 'f1' } })).toEqual({
    type: 'image',
    source: { type: 'file', file_id: 'f1' },
  });
  expect(() => part({ type: 'audio', source: { kind: 'url', url: 'https://a.b/c' } })).toThrow(
    expect.objectContaining({ code: 'unsupported' }),
  );
});

test('cumulative usage replaces what was said before, and cache reads and writes are part of the input', () => {
  const first = readUsage(
    { input_tokens: 20, cache_read_input_tokens: 60, cache_creation_input_tokens: 20, output_tokens: 1 },
    null,
  );
  expect(first).toMatchObject({ inputTokens: 100, cachedInputTokens: 60, cacheWriteTokens: 20, outputTokens: 1 });
  expect(readUsage({ output_tokens: 9 }, first)).toMatchObject({
    inputTokens: 100,
    cachedInputTokens: 60,
    outputTokens: 9,
  });
  expect(readUsage(null, first)).toBeNull();
});

test('priority becomes a service tier only where the operator says so', () => {
  const tier = (priority: 'interactive' | 'batch', options = {}) =>
    writeRequest({ messages: [user('Hi')] }, { ...endpoint, options }, false, priority).service_tier;
  expect(tier('batch', { forwardPriority: true })).toBe('standard_only');
  expect(tier('interactive', { forwardPriority: true })).toBe('auto');
  expect(tier('batch')).toBeUndefined();
});
