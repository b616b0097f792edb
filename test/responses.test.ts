/** OpenAI's Responses dialect, met by the official client. */
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { becomeOwner, createForeignKey, createKey, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, type UpstreamCall, upstreamWords } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let client: OpenAI;
let owner: Session;
const text = upstreamWords.join('');
const tool = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather.',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
};
const lastBody = () => (upstream.calls.at(-1) as UpstreamCall).body;
const failure = async (promise: PromiseLike<unknown>) => {
  try {
    await promise;
  } catch (error) {
    return error as InstanceType<typeof OpenAI.APIError>;
  }
  throw new Error('It did not fail.');
};

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  owner = await becomeOwner(node);
  client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: await createKey(node), maxRetries: 0 });
  await attachModels(node, upstream, ['scripted', 'tools', 'thinking', 'cut', 'length', 'too-many']);
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

describe('plain', () => {
  test('a text in, a text out, usage in the shape of this dialect', async () => {
    const response = await client.responses.create({
      model: 'scripted',
      input: 'Say something.',
      instructions: 'Be short.',
    });
    expect(response).toMatchObject({ object: 'response', status: 'completed', error: null, output_text: text });
    expect(response.usage).toEqual({
      input_tokens: 11,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 6,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 17,
    });
    expect(lastBody().messages).toMatchObject([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Say something.' },
    ]);
  });

  test('a JSON schema, temperature and the token limit reach the model', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    await client.responses.create({
      model: 'scripted',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'JSON.' }] }],
      text: { format: { type: 'json_schema', name: 'thing', schema, strict: true } },
      temperature: 0.5,
      max_output_tokens: 77,
    });
    expect(lastBody()).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'thing', schema, strict: true } },
      temperature: 0.5,
    });
    expect(lastBody().max_completion_tokens ?? lastBody().max_tokens).toBe(77);
  });

  test('an answer cut by the limit is incomplete, and says why', async () => {
    const response = await client.responses.create({ model: 'length', input: 'Go on.' });
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  });

  test('two calls of functions, answered in the next turn under previous_response_id', async () => {
    const first = await client.responses.create({ model: 'tools', input: 'Weather?', tools: [tool] });
    const calls = first.output.filter((item) => item.type === 'function_call');
    expect(calls).toMatchObject([
      { call_id: 'call_a', name: 'weather', arguments: '{"city":"Paris"}' },
      { call_id: 'call_b', name: 'weather', arguments: '{"city":"北京"}' },
    ]);
    await client.responses.create({
      model: 'scripted',
      previous_response_id: first.id,
      tools: [tool],
      input: calls.map((item) => ({ type: 'function_call_output', call_id: item.call_id, output: 'Sunny' })),
    });
    expect(lastBody().messages).toMatchObject([
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', tool_calls: [{ id: 'call_a' }, { id: 'call_b' }] },
      { role: 'tool', tool_call_id: 'call_a', content: 'Sunny' },
      { role: 'tool', tool_call_id: 'call_b', content: 'Sunny' },
    ]);
  });
});

describe('streamed', () => {
  const collect = async (model: string, more: object = {}) => {
    const events: ResponseStreamEvent[] = [];
    const stream = await client.responses.create({ model, input: 'Hello.', stream: true, ...more });
    for await (const event of stream) events.push(event);
    return events;
  };

  test('typed events in order, numbered without a gap', async () => {
    const events = await collect('scripted');
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const kinds = events.map(({ type }) => type);
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({ response: { status: 'completed', usage: { total_tokens: 17 } } });
  });

  test('calls whose fragments are interleaved stay apart', async () => {
    const events = await collect('tools', { tools: [tool] });
    const whole = new Map<string, string>();
    for (const event of events)
      if (event.type === 'response.function_call_arguments.delta')
        whole.set(event.item_id, (whole.get(event.item_id) ?? '') + event.delta);
    expect([...whole.values()]).toEqual(['{"city":"Paris"}', '{"city":"北京"}']);
    const done = events.filter((event) => event.type === 'response.function_call_arguments.done');
    expect(done.map(({ arguments: text }) => text)).toEqual([...whole.values()]);
  });

  test('reasoning is an item of its own, before the message', async () => {
    const events = await collect('thinking');
    const reasoning = events.filter((event) => event.type === 'response.reasoning_text.delta');
    expect(reasoning.map(({ delta }) => delta).join('')).toBe('Let me think.');
    const completed = events.at(-1) as Extract<ResponseStreamEvent, { type: 'response.completed' }>;
    expect(completed.response.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
  });

  test('the client’s own stream helper gathers the final response', async () => {
    const final = await client.responses.stream({ model: 'scripted', input: 'Hello.' }).finalResponse();
    expect(final.output_text).toBe(text);
  });

  test('cut in the middle: response.failed with what came, and nothing after it', async () => {
    const events = await collect('cut');
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'upstream_cut' }, output: [{ status: 'incomplete' }] },
    });
  });

  test('refused before the first event: its own status', async () => {
    expect((await failure(collect('too-many'))).status).toBe(429);
  });
});

describe('state', () => {
  test('kept, read, continued twice, deleted, then gone', async () => {
    const first = await client.responses.create({ model: 'scripted', input: 'One.' });
    const second = await client.responses.create({ model: 'scripted', input: 'Two.', previous_response_id: first.id });
    await client.responses.create({ model: 'scripted', input: 'Three.', previous_response_id: second.id });
    expect((lastBody().messages as { content: unknown }[]).map(({ content }) => content)).toEqual([
      'One.',
      text,
      'Two.',
      text,
      'Three.',
    ]);
    expect((await client.responses.retrieve(first.id)).output_text).toBe(text);
    const items = await client.responses.inputItems.list(first.id);
    expect(items.data).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'One.' }] }]);
    await client.responses.delete(first.id);
    expect((await failure(client.responses.retrieve(first.id))).status).toBe(404);
    const orphan = client.responses.create({ model: 'scripted', input: 'Four.', previous_response_id: second.id });
    expect((await failure(orphan)).status).toBe(404);
  });

  test('store: false leaves nothing', async () => {
    const response = await client.responses.create({ model: 'scripted', input: 'One.', store: false });
    expect((await failure(client.responses.retrieve(response.id))).status).toBe(404);
  });

  test('another person may not read, continue or delete it', async () => {
    const mine = await client.responses.create({ model: 'scripted', input: 'Mine.' });
    const other = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: await createForeignKey(node, owner), maxRetries: 0 });
    const asked = { model: 'scripted', input: 'x', previous_response_id: mine.id };
    const statuses = [
      (await failure(other.responses.retrieve(mine.id))).status,
      (await failure(other.responses.delete(mine.id))).status,
      (await failure(other.responses.create(asked))).status,
    ];
    expect(statuses).toEqual([404, 404, 404]);
    expect((await client.responses.retrieve(mine.id)).id).toBe(mine.id);
  });
});

test.each([
  ['background', { background: true }],
  ['conversation', { conversation: 'conv_1' }],
  ['truncation', { truncation: 'auto' }],
  ['tools[0].type', { tools: [{ type: 'web_search' }] }],
  ['include', { include: ['file_search_call.results'] }],
  ['input[0].type', { input: [{ type: 'item_reference', id: 'x' }] }],
])('%s is not done here, and is refused by name', async (param, more) => {
  const calls = upstream.calls.length;
  const error = await failure(client.responses.create({ model: 'scripted', input: 'x', ...more } as never));
  expect([error.status, error.code, error.param]).toEqual([400, 'unsupported', param]);
  expect(upstream.calls.length).toBe(calls);
});
