import { defineQuirk } from './quirk.ts';

/** The entry tier takes one request at a time. The last chunk of a stream carries usage inside its choice. */
export const moonshot = defineQuirk({
  id: 'moonshot',
  title: '月之暗面 Moonshot (Kimi)',
  baseUrl: 'https://api.moonshot.cn/v1',
  keyUrl: 'https://platform.kimi.com/console/api-keys',
  paths: { chat: '/chat/completions', embeddings: null, models: '/models' },
  usageAt: ['chunk', 'choice'],
  replayReasoning: 'reasoning_content',
  thinking: { on: { thinking: { type: 'enabled' } }, off: { thinking: { type: 'disabled' } } },
  errors: {
    content_filter: 'content_filtered',
    invalid_authentication_error: 'upstream_auth',
    incorrect_api_key_error: 'upstream_auth',
    exceeded_current_quota_error: 'upstream_auth',
    rate_limit_reached_error: 'upstream_rate_limited',
    engine_overloaded_error: 'upstream_overloaded',
  },
  concurrency: 1,
  sources: ['https://platform.kimi.com/docs/api/errors', 'https://platform.kimi.ai/docs/pricing/limits'],
});
