import { expect, test } from 'vitest';
import { endpointFromRequest } from './endpoint-from-request.ts';

const context = { clock: { now: () => 1_800_000_000_000 }, random: { bytes: (size: number) => new Uint8Array(size) } };

test('a provider and a model are enough: the row and the catalogue give the rest', () => {
  expect(endpointFromRequest({ provider: 'deepseek', model: 'deepseek-v4-pro' }, context)).toMatchObject({
    id: expect.stringMatching(/^mdl_[0-9a-z]{26}$/),
    name: 'deepseek/deepseek-v4-pro',
    family: 'openai-compatible',
    provider: 'deepseek',
    baseUrl: 'https://api.deepseek.com',
    upstreamModel: 'deepseek-v4-pro',
    contextTokens: 1_000_000,
    concurrency: 500,
    price: { currency: 'CNY', inputMicrosPerMillion: 9_000_000 },
    enabled: true,
  });
  expect(endpointFromRequest({ provider: 'anthropic', model: 'claude-opus-5' }, context).family).toBe('anthropic');
});

test('what the person said wins, a price of null included, and the key is nowhere in the endpoint', () => {
  const endpoint = endpointFromRequest(
    {
      provider: 'qianfan',
      model: 'my-model',
      name: 'house/model',
      baseUrl: 'https://proxy.example.com/v2/',
      key: 'bce-v3/SECRET',
      capabilities: ['chat', 'zh'],
      concurrency: 3,
      preference: 7,
      price: null,
    },
    { ...context, id: 'mdl_known' },
  );
  expect(endpoint).toMatchObject({
    id: 'mdl_known',
    name: 'house/model',
    baseUrl: 'https://proxy.example.com/v2',
    capabilities: ['chat', 'zh'],
    concurrency: 3,
    preference: 7,
    price: null,
  });
  expect(JSON.stringify(endpoint)).not.toContain('SECRET');
});

test('a model nobody knows is unpriced and taken to chat; one that sounds like embeddings, to embed', () => {
  expect(endpointFromRequest({ provider: 'ollama', model: 'qwen3:4b' }, context)).toMatchObject({
    price: null,
    capabilities: ['chat', 'generate'],
    contextTokens: null,
    concurrency: 2,
  });
  expect(endpointFromRequest({ provider: 'ollama', model: 'bge-m3' }, context).capabilities).toEqual(['embed']);
});

test.each([
  ['an unknown provider', { provider: 'nobody', model: 'm' }, 'not_found'],
  ['no model', { provider: 'openai', model: ' ' }, 'invalid_request'],
  ['Azure without its resource', { provider: 'azure', model: 'm' }, 'invalid_request'],
  ['a file address', { provider: 'custom', model: 'm', baseUrl: 'file:///etc/passwd' }, 'invalid_request'],
  [
    'a password in the address',
    { provider: 'custom', model: 'm', baseUrl: 'https://u:p@example.com' },
    'invalid_request',
  ],
  [
    'a key in the query',
    { provider: 'custom', model: 'm', baseUrl: 'https://example.com/v1?key=abc' },
    'invalid_request',
  ],
  ['half a slot', { provider: 'openai', model: 'm', concurrency: 0.5 }, 'invalid_request'],
])('%s is refused', (_, attach, code) => {
  expect(() => endpointFromRequest(attach, context)).toThrow(expect.objectContaining({ code }));
});
