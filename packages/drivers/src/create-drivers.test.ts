import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { createDrivers } from './create-drivers.ts';
import { collectAnswer } from './dialect/collect-answer.ts';
import { endpointFromRequest } from './endpoint-from-request.ts';
import { settle } from './exam/driver-exam.ts';
import { examOptions } from './exam/exam-options.ts';
import { requests } from './exam/scenarios.ts';
import { mockOpenAiServer } from './testing/mock-openai-server.ts';

const families = ['openai-compatible', 'anthropic', 'gemini', 'ai-sdk', 'extract', 'fake'] as const;

test('there is one driver for each family, the same at every call', () => {
  const drivers = createDrivers();
  for (const family of families) {
    expect(drivers.driverFor(family).family).toBe(family);
    expect(drivers.driverFor(family)).toBe(drivers.driverFor(family));
  }
});

test('an attached local server streams through the front door, and closing ends what is open', async () => {
  const server = await mockOpenAiServer({
    models: ['tiny'],
    apiKey: 'local-key',
    reply: { text: 'one two three', tokenMs: 1 },
  });
  const drivers = createDrivers();
  const endpoint = endpointFromRequest({ provider: 'vllm', model: 'tiny', baseUrl: server.baseUrl });
  const connection = drivers.driverFor(endpoint.family).connect(endpoint, 'local-key');
  const answer = await collectAnswer(connection.chat(requests.text, examOptions()));
  expect(answer.choices[0]).toMatchObject({ text: 'one two three', finish: 'stop' });
  expect(answer.usage?.source).toBe('reported');

  server.reply({ text: 'one two three', breakAfter: { tokens: 1, how: 'stall' } });
  const open = settle(connection.chat(requests.text, examOptions()));
  while (server.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await drivers.close();
  const { error } = await open;
  expect(error).toMatchObject({ class: { kind: 'upstream' } });
  await server.close();
});

test('the mock server speaks well enough for the official package: stream, plain, tools, embeddings, models, errors', async () => {
  const server = await mockOpenAiServer({ models: ['tiny'], apiKey: 'k' });
  const client = new OpenAI({ baseURL: server.baseUrl, apiKey: 'k', maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'Hello you' }];
  const stream = await client.chat.completions.create({
    model: 'tiny',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let tokens = 0;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    tokens = chunk.usage?.completion_tokens ?? tokens;
  }
  expect(text).toBe('You said: Hello you');
  expect(tokens).toBeGreaterThan(0);
  expect((await client.chat.completions.create({ model: 'tiny', messages })).choices[0]?.message.content).toBe(text);
  expect((await client.embeddings.create({ model: 'tiny', input: ['a', 'b'] })).data).toHaveLength(2);
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(['tiny']);
  server.reply({ toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }] });
  expect((await client.chat.completions.create({ model: 'tiny', messages })).choices[0]?.finish_reason).toBe(
    'tool_calls',
  );
  server.reply({ error: { status: 429, retryAfterSeconds: 3 } });
  await expect(client.chat.completions.create({ model: 'tiny', messages })).rejects.toMatchObject({ status: 429 });
  await expect(new OpenAI({ baseURL: server.baseUrl, apiKey: 'x', maxRetries: 0 }).models.list()).rejects.toMatchObject(
    { status: 401 },
  );
  await server.close();
});

test('64 streams at once through one pool all come out whole', async () => {
  const server = await mockOpenAiServer({ models: ['tiny'], reply: { text: 'a b c d e f g h', tokenMs: 25 } });
  const drivers = createDrivers();
  const endpoint = endpointFromRequest({ provider: 'vllm', model: 'tiny', baseUrl: server.baseUrl });
  const connection = drivers.driverFor('openai-compatible').connect(endpoint, null);
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => collectAnswer(connection.chat(requests.text, examOptions()))),
  );
  expect(new Set(answers.map((answer) => answer.choices[0]?.text))).toEqual(new Set(['a b c d e f g h']));
  expect(server.peakInFlight).toBeGreaterThan(32);
  await drivers.close();
  await server.close();
});
