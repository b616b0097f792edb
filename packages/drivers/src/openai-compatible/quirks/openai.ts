import { defineQuirk } from './quirk.ts';

export const openai = defineQuirk({
  id: 'openai',
  title: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  keyUrl: 'https://platform.openai.com/api-keys',
  maxTokensField: 'max_completion_tokens',
  reasoningAt: [],
  thinking: {
    off: { reasoning_effort: 'none' },
    effort: { path: ['reasoning_effort'], words: { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high' } },
  },
  // Tiers have prices of their own.
  priority: { interactive: { service_tier: 'priority' }, standard: {}, batch: { service_tier: 'flex' } },
  developerRole: true,
  parts: ['image', 'file', 'audio'],
  errors: {
    context_length_exceeded: 'context_too_long',
    content_policy_violation: 'content_filtered',
    insufficient_quota: 'upstream_auth',
    invalid_api_key: 'upstream_auth',
    model_not_found: 'upstream_rejected',
  },
  concurrency: 64,
  embeddingBatch: 2048,
  sources: [
    'https://platform.openai.com/docs/api-reference/chat',
    'https://platform.openai.com/docs/guides/error-codes',
    'https://platform.openai.com/docs/guides/priority-processing',
    'https://platform.openai.com/docs/guides/flex-processing',
  ],
});
