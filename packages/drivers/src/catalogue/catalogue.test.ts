import { costOf } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { knownProviders, providers } from '../providers.ts';
import { catalogue, catalogueEntry } from './catalogue.ts';
import { importLiteLlm } from './import-litellm.ts';
import { importModelsDev } from './import-models-dev.ts';
import { microsOf } from './micros-of.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;

describe('catalogue', () => {
  test('every row names where and when it was read, a provider that exists, and whole micros with their own source', () => {
    const ids = new Set(knownProviders.map(({ id }) => id));
    for (const entry of catalogue) {
      expect(ids).toContain(entry.provider);
      expect(entry.source).toMatch(/^https:\/\//);
      expect(entry.date).toMatch(day);
      expect(entry.capabilities.length).toBeGreaterThan(0);
      if (!entry.price) continue;
      expect(entry.price.source).toMatch(/^https:\/\//);
      expect(entry.price.date).toMatch(day);
      expect(
        Number.isInteger(entry.price.inputMicrosPerMillion) && Number.isInteger(entry.price.outputMicrosPerMillion),
      ).toBe(true);
      expect(['USD', 'CNY']).toContain(entry.price.currency);
    }
    const names = catalogue.map((entry) => `${entry.provider}/${entry.model}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('an unknown price is absent, and a free one says so by name', () => {
    expect(catalogueEntry('qianfan', 'ernie-5.1')).not.toHaveProperty('price');
    for (const entry of catalogue) if (entry.price?.outputMicrosPerMillion === 0) expect(entry.model).toMatch(/:free$/);
  });

  test('a dated snapshot and an Azure deployment find the base model, a stranger finds nothing', () => {
    expect(catalogueEntry('openai', 'gpt-6-sol-2026-09-22')?.model).toBe('gpt-6-sol');
    expect(catalogueEntry('azure', 'GPT-6-sol')?.model).toBe('gpt-6-sol');
    expect(catalogueEntry('deepseek', 'deepseek-flash')?.concurrency).toBe(2500);
    expect(catalogueEntry('openai', 'gpt-6')).toBeNull();
    expect(catalogueEntry('nobody', 'gpt-6-sol')).toBeNull();
  });

  test('a million tokens cost what the page says', () => {
    const price = catalogueEntry('deepseek', 'deepseek-v4-pro')?.price ?? null;
    const usage = {
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      cachedInputTokens: 500_000,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      source: 'reported' as const,
    };
    expect(costOf(usage, price)).toEqual({ micros: 4_500_000 + 150_000 + 27_000_000, currency: 'CNY' });
  });

  test('the console gets a row for every provider, with models and prices or null', () => {
    const rows = providers();
    expect(rows.map((row) => row.id)).toEqual(knownProviders.map(({ id }) => id));
    const qianfan = rows.find((row) => row.id === 'qianfan');
    expect(qianfan).toMatchObject({
      family: 'openai-compatible',
      needsKey: true,
      baseUrl: 'https://qianfan.baidubce.com/v2',
    });
    expect(qianfan?.models[0]).toMatchObject({ name: 'ernie-5.1', price: null });
    expect(rows.find((row) => row.id === 'ollama')).toMatchObject({ needsKey: false, keyUrl: null });
  });
});

describe('importers', () => {
  test('models.dev: costs are USD per million, a model without a cost stays unpriced', () => {
    const json = {
      'moonshotai-cn': {
        id: 'moonshotai-cn',
        models: {
          k: {
            id: 'k',
            name: 'K',
            tool_call: true,
            reasoning: true,
            modalities: { input: ['text', 'image'], output: ['text'] },
            cost: { input: 0.15, output: 2.5, cache_read: 0.075 },
            limit: { context: 262_144, output: 32_768 },
          },
          free: { id: 'free', modalities: { input: ['text'], output: ['text'] }, limit: { context: 8192 } },
        },
      },
      broken: null,
    };
    const [k, free] = importModelsDev(json, '2026-11-24');
    expect(k).toEqual({
      provider: 'moonshot',
      model: 'k',
      contextTokens: 262_144,
      maxOutputTokens: 32_768,
      capabilities: ['chat', 'generate', 'tools', 'vision', 'json', 'reasoning', 'long'],
      price: {
        currency: 'USD',
        inputMicrosPerMillion: 150_000,
        outputMicrosPerMillion: 2_500_000,
        cachedInputMicrosPerMillion: 75_000,
        source: 'https://models.dev/api.json#moonshotai-cn/k',
        date: '2026-11-24',
      },
      source: 'https://models.dev/api.json#moonshotai-cn/k',
      date: '2026-11-24',
    });
    expect(free).not.toHaveProperty('price');
    expect(importModelsDev('nonsense', '2026-11-24')).toEqual([]);
  });

  test('LiteLLM: costs are USD per token, other modes and the sample are left out', () => {
    const entries = importLiteLlm(
      {
        sample_spec: { litellm_provider: 'x', mode: 'chat' },
        'dashscope/qwen-x': {
          litellm_provider: 'dashscope',
          mode: 'chat',
          max_input_tokens: 129_024,
          max_output_tokens: 16_384,
          input_cost_per_token: 5e-8,
          output_cost_per_token: 2e-7,
          cache_read_input_token_cost: 1.25e-9,
          supports_function_calling: true,
        },
        'text-embedding-x': {
          litellm_provider: 'openai',
          mode: 'embedding',
          max_input_tokens: 8191,
          input_cost_per_token: 2e-8,
          output_cost_per_token: 0,
        },
        'dall-e': { litellm_provider: 'openai', mode: 'image_generation' },
        unpriced: { litellm_provider: 'zai', mode: 'chat' },
      },
      '2026-11-24',
    );
    expect(entries.map((entry) => [entry.provider, entry.model, entry.price?.inputMicrosPerMillion])).toEqual([
      ['dashscope', 'qwen-x', 50_000],
      ['openai', 'text-embedding-x', 20_000],
      ['zhipu', 'unpriced', undefined],
    ]);
    expect(entries[0]).toMatchObject({
      capabilities: ['chat', 'generate', 'tools', 'long'],
      price: { outputMicrosPerMillion: 200_000, cachedInputMicrosPerMillion: 1250 },
    });
    expect(entries[1]?.capabilities).toEqual(['embed']);
  });

  test.each([
    [1.5e-7, 1_000_000, 150_000],
    [0.1 + 0.2, 1, 300_000],
    ['2.5', 1, 2_500_000],
    [0, 1, 0],
    [-1, 1, null],
    ['', 1, null],
    [Number.NaN, 1, null],
    [undefined, 1, null],
  ])('microsOf(%s, %s) is %s', (value, scale, micros) => {
    expect(microsOf(value, scale)).toBe(micros);
  });
});
