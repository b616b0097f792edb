import type { ModelEndpoint } from '@myriad/contracts';

/** The endpoint of the built-in reader. It is free, and says so as a price of 0 with its source. */
export function extractEndpoint(): ModelEndpoint {
  return {
    id: 'mdl_extract1',
    name: 'myriad/extract-1',
    family: 'extract',
    provider: 'myriad',
    baseUrl: '',
    upstreamModel: 'myriad/extract-1',
    capabilities: ['chat', 'zh'],
    contextTokens: null,
    maxOutputTokens: null,
    price: {
      currency: 'USD',
      inputMicrosPerMillion: 0,
      outputMicrosPerMillion: 0,
      source: 'built in',
      date: '2026-11-24',
    },
    concurrency: 64,
    enabled: true,
    preference: 0,
    options: {},
  };
}
