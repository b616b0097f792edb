import type { ModelEndpoint } from '@myriad/contracts';

/** An endpoint of the fake family that can do everything, for tests. */
export function fakeEndpoint(change: Partial<ModelEndpoint> = {}): ModelEndpoint {
  return {
    id: 'mdl_fake',
    name: 'fake/model',
    family: 'fake',
    provider: 'fake',
    baseUrl: 'http://127.0.0.1:1/v1',
    upstreamModel: 'fake-model',
    capabilities: ['chat', 'generate', 'tools', 'vision', 'json', 'zh', 'long', 'reasoning', 'embed'],
    contextTokens: 128_000,
    maxOutputTokens: 8192,
    price: null,
    concurrency: 8,
    enabled: true,
    preference: 0,
    options: {},
    ...change,
  };
}
