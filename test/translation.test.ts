/** Each dialect over servers of the others, in both directions: what reaches the server, and what comes back. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { createKey } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

type Json = Record<string, unknown>;
const png = 'iVBORw0KGgo=';
const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

let node: RunningNode;
let openai: OpenAI;
let anthropic: Anthropic;
let sent: { readonly path: string; readonly body: Json };

/** What the next call is answered, as each provider's public reference shows it. */
let reply: { readonly status: number; readonly body: Json };

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    sent = { path: request.url ?? '', body: JSON.parse(Buffer.concat(parts).toString()) as Json };
    response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
  });
});

const fromAnthropic = (content: readonly Json[], stop = 'end_turn'): Json => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: { input_tokens: 8, cache_read_input_tokens: 4, cache_creation_input_tokens: 3, output_tokens: 7 },
});
const fromGemini = (parts: readonly Json[]): Json => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
  usageMetadata: {
    promptTokenCount: 12,
    cachedContentTokenCount: 4,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 2,
    totalTokenCount: 19,
  },
  modelVersion: 'gemini',
});
const fromOpenAi = (message: Json, finish = 'stop'): Json => ({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt',
  choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finish }],
  usage: {
    prompt_tokens: 12,
    completion_tokens: 7,
    total_tokens: 19,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 2 },
  },
});
const toolOf = (name: string) => ({
  type: 'function' as const,
  function: { name, description: 'The weather.', parameters: schema },
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  node = await startNode();
  const key = await createKey(node);
  openai = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: node.url, apiKey: key, maxRetries: 0 });
  const capabilities = ['chat', 'generate', 'tools', 'json', 'vision', 'reasoning', 'audio'];
  await attachModels(node, { url }, ['claude'], { provider: 'anthropic', capabilities });
  await attachModels(node, { url }, ['gemini'], { provider: 'gemini', capabilities, model: 'gemini' });
  await attachModels(node, { url }, ['tired'], { provider: 'gemini', capabilities });
  await attachModels(node, { url }, ['gpt'], { provider: 'openai', capabilities });
});
afterAll(async () => {
  await node?.stop();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  reply = { status: 500, body: {} };
});

describe('a chat completion over Anthropic', () => {
  const ask = (more: object = {}) =>
    openai.chat.completions.create({
      model: 'claude',
      max_tokens: 64,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'Weather?' },
      ],
      ...more,
    });

  test('tools: definitions, choice, calls and their results', async () => {
    reply = {
      status: 200,
      body: fromAnthropic([{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: '北京' } }], 'tool_use'),
    };
    const made = await ask({ tools: [toolOf('weather')], tool_choice: 'required', parallel_tool_calls: false });
    expect(sent.body).toMatchObject({
      system: 'Be short.',
      tools: [{ name: 'weather', description: 'The weather.', input_schema: schema }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    const message = made.choices[0]?.message;
    expect(made.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message?.tool_calls).toMatchObject([
      { id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '{"city":"北京"}' } },
    ]);
    reply = { status: 200, body: fromAnthropic([{ type: 'text', text: '晴' }]) };
    await ask({
      tools: [toolOf('weather')],
      messages: [
        { role: 'user', content: 'Weather?' },
        message,
        { role: 'tool', tool_call_id: 'toolu_1', content: 'Sunny' },
      ],
    });
    expect(sent.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: '北京' } }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'Sunny' }] }],
      },
    ]);
  });

  test('an image and a PDF; reasoning comes back apart; cached input is inside prompt_tokens', async () => {
    reply = {
      status: 200,
      body: fromAnthropic([
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'text', text: 'A cat.' },
      ]),
    };
    const made = await ask({
      reasoning_effort: 'high',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
            { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
            { type: 'text', text: 'What is it?' },
          ],
        },
      ],
    });
    expect(sent.body.messages).toMatchObject([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
          { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
          { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
          { type: 'text', text: 'What is it?' },
        ],
      },
    ]);
    expect(made.choices[0]?.message).toMatchObject({ content: 'A cat.', reasoning_content: 'Hm.' });
    expect(made.usage).toMatchObject({
      prompt_tokens: 15,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 4 },
    });
  });

  test('a JSON schema is not dropped', async () => {
    reply = { status: 200, body: fromAnthropic([{ type: 'text', text: '{"city":"Paris"}' }]) };
    await ask({ response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } } });
    expect(JSON.stringify(sent.body)).toContain('"city"');
  });

  test('errors: overload, a full context, a wrong key', async () => {
    const fail = (status: number, type: string, message: string) => {
      reply = { status, body: { type: 'error', error: { type, message } } };
    };
    fail(529, 'overloaded_error', 'Overloaded');
    await expect(ask()).rejects.toMatchObject({ status: 503, code: 'upstream_overloaded' });
    fail(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum');
    await expect(ask()).rejects.toMatchObject({ status: 400, code: 'context_too_long' });
    fail(401, 'authentication_error', 'invalid x-api-key');
    await expect(ask()).rejects.toMatchObject({ status: 502, code: 'upstream_auth' });
  });
});

describe('a chat completion over Gemini', () => {
  test('system, image, PDF, tools; thoughts and cache counts come back', async () => {
    reply = {
      status: 200,
      body: fromGemini([
        { text: 'Hm.', thought: true },
        { functionCall: { name: 'weather', args: { city: 'Paris' } }, thoughtSignature: 'c2ln' },
      ]),
    };
    const made = await openai.chat.completions.create({
      model: 'gemini',
      tools: [toolOf('weather')],
      messages: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
            { type: 'text', text: 'Weather?' },
          ],
        },
      ],
    });
    expect(sent.path).toMatch(/models\/gemini:generateContent$/);
    expect(sent.body).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be short.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { inlineData: { mimeType: 'image/png', data: png } },
            { inlineData: { mimeType: 'application/pdf', data: pdf } },
            { text: 'Weather?' },
          ],
        },
      ],
      tools: [{ functionDeclarations: [{ name: 'weather' }] }],
    });
    expect(made.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { reasoning_content: 'Hm.', tool_calls: [{ function: { name: 'weather' } }] },
    });
    const call = made.choices[0]?.message.tool_calls?.[0];
    expect(call?.type === 'function' ? JSON.parse(call.function.arguments) : null).toEqual({ city: 'Paris' });
    expect(made.usage).toMatchObject({
      prompt_tokens: 12,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    });
  });

  test('a schema, and an error', async () => {
    reply = { status: 200, body: fromGemini([{ text: '{"city":"Paris"}' }]) };
    const format = { type: 'json_schema' as const, json_schema: { name: 'place', schema } };
    const ask = (model: string) =>
      openai.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Where?' }],
        response_format: format,
      });
    await ask('gemini');
    expect(sent.body.generationConfig).toMatchObject({ responseMimeType: 'application/json' });
    expect(JSON.stringify(sent.body.generationConfig)).toContain('"city"');
    reply = {
      status: 429,
      body: {
        error: {
          code: 429,
          message: 'Quota',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' }],
        },
      },
    };
    await expect(ask('tired')).rejects.toMatchObject({ status: 429 });
  });
});

describe('Messages over a server of OpenAI’s dialect', () => {
  const ask = (more: object = {}) =>
    anthropic.messages.create({
      model: 'gpt',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Weather?' }],
      ...more,
    });

  test('system, image, PDF, tools, choice and stop go over', async () => {
    reply = { status: 200, body: fromOpenAi({ content: 'Sunny.' }) };
    const made = await ask({
      system: 'Be short.',
      stop_sequences: ['END'],
      tools: [{ name: 'weather', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
            { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
            { type: 'text', text: 'Weather?' },
          ],
        },
      ],
    });
    expect(sent.body).toMatchObject({
      max_completion_tokens: 64,
      stop: ['END'],
      parallel_tool_calls: false,
      tool_choice: { type: 'function', function: { name: 'weather' } },
      tools: [{ type: 'function', function: { name: 'weather', parameters: schema } }],
      messages: [
        { content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
            { type: 'text', text: 'Weather?' },
          ],
        },
      ],
    });
    expect(made).toMatchObject({
      content: [{ type: 'text', text: 'Sunny.' }],
      usage: { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 7 },
    });
  });

  test('a refusal, a filter, and errors', async () => {
    reply = { status: 200, body: fromOpenAi({ refusal: 'I will not.' }) };
    expect((await ask()).content).toMatchObject([{ type: 'text', text: 'I will not.' }]);
    reply = { status: 200, body: fromOpenAi({ content: '' }, 'content_filter') };
    expect((await ask()).stop_reason).toBe('refusal');
    reply = { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } };
    await expect(ask()).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    reply = { status: 503, body: { error: { message: 'busy' } } };
    await expect(ask()).rejects.toMatchObject({ status: 503, error: { error: { type: 'overloaded_error' } } });
  });
});

describe('Responses over both', () => {
  test('over Anthropic: sealed reasoning and calls go back verbatim', async () => {
    reply = {
      status: 200,
      body: fromAnthropic(
        [
          { type: 'redacted_thinking', data: 'sealed-bytes' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
        ],
        'tool_use',
      ),
    };
    const tools = [{ type: 'function' as const, name: 'weather', parameters: schema, strict: true }];
    const first = await openai.responses.create({ model: 'claude', input: 'Weather?', tools });
    expect(first.output).toMatchObject([
      { type: 'reasoning', encrypted_content: expect.any(String) },
      { type: 'function_call', call_id: 'toolu_1', name: 'weather', arguments: '{"city":"Paris"}' },
    ]);
    expect(first.usage).toMatchObject({
      input_tokens: 15,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 7,
    });
    reply = { status: 200, body: fromAnthropic([{ type: 'text', text: 'Sunny.' }]) };
    const second = await openai.responses.create({
      model: 'claude',
      previous_response_id: first.id,
      tools,
      input: [{ type: 'function_call_output', call_id: 'toolu_1', output: 'Sunny' }],
    });
    expect(second.output_text).toBe('Sunny.');
    expect(sent.body.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [
          { type: 'redacted_thinking', data: 'sealed-bytes' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] },
    ]);
  });

  test('over OpenAI’s chat dialect and Gemini: image, PDF, schema', async () => {
    const ask = (model: string) =>
      openai.responses.create({
        model,
        text: { format: { type: 'json_schema', name: 'place', schema, strict: true } },
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'auto' },
              { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
              { type: 'input_text', text: 'Where?' },
            ],
          },
        ],
      });
    reply = { status: 200, body: fromOpenAi({ content: '{"city":"Paris"}' }) };
    expect((await ask('gpt')).output_text).toBe('{"city":"Paris"}');
    expect(sent.body.response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'place', schema } });
    expect(JSON.stringify(sent.body.messages)).toContain(pdf);
    reply = { status: 200, body: fromGemini([{ text: '{"city":"Paris"}' }]) };
    expect((await ask('gemini')).output_text).toBe('{"city":"Paris"}');
    expect(JSON.stringify(sent.body.contents)).toContain(pdf);
  });
});
