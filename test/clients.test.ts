/** Official clients, unchanged, against one node: Anthropic's SDK, the Vercel AI SDK and LangChain.js. */

import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, type UpstreamCall, upstreamWords } from './support/upstream.ts';

let upstream: Upstream;
let node: RunningNode;
let key: string;
const text = upstreamWords.join('');
const parameters = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };
const lastBody = () => (upstream.calls.at(-1) as UpstreamCall).body;

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  key = await createKey(node);
  await attachModels(node, upstream, ['scripted', 'tools', 'thinking', 'cut', 'length', 'too-many', 'slow']);
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
});

describe('@anthropic-ai/sdk, over a server that speaks OpenAI’s dialect', () => {
  const client = () => new Anthropic({ baseURL: node.url, apiKey: key, maxRetries: 0 });
  const ask = (model: string) => ({
    model,
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: 'Weather?' }],
  });
  const tools = [{ name: 'weather', description: 'The weather.', input_schema: parameters }];

  test('plain', async () => {
    const message = await client().messages.create({ ...ask('scripted'), system: 'Be short.' });
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 11, output_tokens: 6 },
    });
    expect(lastBody().messages).toMatchObject([{ role: 'system' }, { role: 'user' }]);
  });

  test('streamed, gathered by the client’s own helper', async () => {
    const stream = client().messages.stream(ask('scripted'));
    const pieces: string[] = [];
    stream.on('text', (piece) => pieces.push(piece));
    const message = await stream.finalMessage();
    expect(pieces).toEqual(upstreamWords);
    expect(message).toMatchObject({ stop_reason: 'end_turn', usage: { output_tokens: 6 } });
  });

  test('cut by the limit', async () => {
    expect((await client().messages.create(ask('length'))).stop_reason).toBe('max_tokens');
  });

  test('parallel tools, streamed: interleaved fragments become whole blocks', async () => {
    const message = await client()
      .messages.stream({ ...ask('tools'), tools })
      .finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'tool_use', id: 'call_a', name: 'weather', input: { city: 'Paris' } },
      { type: 'tool_use', id: 'call_b', name: 'weather', input: { city: '北京' } },
    ]);
    expect(lastBody().tools).toMatchObject([{ type: 'function', function: { name: 'weather', parameters } }]);
  });

  test('and their results go back in the other dialect', async () => {
    const first = await client().messages.create({ ...ask('tools'), tools });
    await client().messages.create({
      ...ask('scripted'),
      tools,
      messages: [
        ...ask('tools').messages,
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_a', content: 'Sunny' },
            { type: 'tool_result', tool_use_id: 'call_b', content: [{ type: 'text', text: '晴' }] },
            { type: 'text', text: 'So?' },
          ],
        },
      ],
    });
    expect(lastBody().messages).toMatchObject([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'call_a', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          { id: 'call_b', function: { name: 'weather', arguments: '{"city":"北京"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_a', content: 'Sunny' },
      { role: 'tool', tool_call_id: 'call_b', content: '晴' },
      { role: 'user', content: 'So?' },
    ]);
  });

  test('reasoning is a thinking block', async () => {
    const message = await client().messages.create(ask('thinking'));
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'Let me think.' },
      { type: 'text', text: 'Done.' },
    ]);
  });

  test('count_tokens', async () => {
    const { input_tokens } = await client().messages.countTokens({
      model: 'scripted',
      messages: [{ role: 'user', content: 'Weather in Paris?' }],
    });
    expect(input_tokens).toBeGreaterThan(2);
    expect(input_tokens).toBeLessThan(40);
  });

  test('errors have the class that the client knows them by', async () => {
    const wrong = new Anthropic({ baseURL: node.url, apiKey: 'myr_wrong', maxRetries: 0 });
    await expect(wrong.messages.create(ask('scripted'))).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(client().messages.create(ask('none'))).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(client().messages.create(ask('too-many'))).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(client().messages.create({ ...ask('scripted'), messages: [] })).rejects.toBeInstanceOf(
      Anthropic.BadRequestError,
    );
    await expect(client().messages.stream(ask('cut')).finalMessage()).rejects.toThrow(/cut|end/i);
  });

  test('going away cancels the server behind', async () => {
    const stream = client().messages.stream(ask('slow'));
    await new Promise<void>((resolve) => stream.once('text', () => resolve()));
    const cancelled = upstream.calls.at(-1) as UpstreamCall;
    stream.abort();
    await stream.done().catch(() => {});
    await expect.poll(() => cancelled.abortedAt).not.toBeNull();
  });
});

describe('Vercel AI SDK', () => {
  const model = (name: string) =>
    createOpenAICompatible({ name: 'myriad', baseURL: `${node.url}/v1`, apiKey: key, includeUsage: true })(name);

  test('plain, with usage', async () => {
    const result = await generateText({ model: model('scripted'), prompt: 'Hello.', maxRetries: 0 });
    expect(result.text).toBe(text);
    expect(result.usage).toMatchObject({ inputTokens: 11, outputTokens: 6 });
  });

  test('streamed, with reasoning apart from the text', async () => {
    const result = streamText({ model: model('thinking'), prompt: 'Hello.', maxRetries: 0 });
    let streamed = '';
    for await (const piece of result.textStream) streamed += piece;
    expect([streamed, await result.reasoningText]).toEqual(['Done.', 'Let me think.']);
    expect(await result.usage).toMatchObject({ inputTokens: 11, outputTokens: 6 });
  });

  test('tools are called with what the model wrote, and their results go back', async () => {
    const cities: string[] = [];
    const result = await generateText({
      model: model('tools'),
      prompt: 'Weather?',
      maxRetries: 0,
      tools: {
        weather: tool({
          description: 'The weather.',
          inputSchema: jsonSchema<{ city: string }>({ ...parameters }),
          execute: async ({ city }) => {
            cities.push(city);
            return 'Sunny';
          },
        }),
      },
    });
    expect(cities).toEqual(['Paris', '北京']);
    expect(result.finishReason).toBe('tool-calls');
  });

  test('an app is a model', async () => {
    const result = await generateText({ model: model('app:assistant'), prompt: 'Hello.', maxRetries: 0 });
    expect(result.text.length).toBeGreaterThan(0);
  });
});

describe('LangChain.js', () => {
  const model = (name: string, more: object = {}) =>
    new ChatOpenAI({ model: name, apiKey: key, maxRetries: 0, configuration: { baseURL: `${node.url}/v1` }, ...more });

  test('plain, with usage', async () => {
    const message = await model('scripted').invoke('Hello.');
    expect(message.text).toBe(text);
    expect(message.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 6, total_tokens: 17 });
  });

  test('streamed', async () => {
    const pieces: string[] = [];
    for await (const chunk of await model('scripted').stream('Hello.')) if (chunk.text) pieces.push(chunk.text);
    expect(pieces).toEqual(upstreamWords);
  });

  test('tools, streamed', async () => {
    const bound = model('tools').bindTools([
      { type: 'function', function: { name: 'weather', description: 'The weather.', parameters } },
    ]);
    const message = await bound.invoke('Weather?');
    expect(message.tool_calls).toMatchObject([
      { name: 'weather', args: { city: 'Paris' } },
      { name: 'weather', args: { city: '北京' } },
    ]);
  });

  test('over the Responses dialect', async () => {
    const message = await model('scripted', { useResponsesApi: true }).invoke('Hello.');
    expect(message.text).toBe(text);
    const pieces: string[] = [];
    for await (const chunk of await model('scripted', { useResponsesApi: true }).stream('Hello.'))
      if (chunk.text) pieces.push(chunk.text);
    expect(pieces.join('')).toBe(text);
  });
});
