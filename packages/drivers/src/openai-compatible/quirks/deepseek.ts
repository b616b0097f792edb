import { defineQuirk } from './quirk.ts';

/** Thinking is on unless switched off; with tools, earlier reasoning must be sent back or the call is refused with 400. */
export const deepseek = defineQuirk({
  id: 'deepseek',
  title: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com',
  keyUrl: 'https://platform.deepseek.com/api_keys',
  paths: { chat: '/chat/completions', embeddings: null, models: '/models' },
  replayReasoning: 'reasoning_content',
  thinking: {
    on: { thinking: { type: 'enabled' } },
    off: { thinking: { type: 'disabled' } },
    effort: { path: ['reasoning_effort'], words: { minimal: 'low', low: 'low', medium: 'high', high: 'high' } },
  },
  jsonSchema: 'emulate',
  choices: false,
  keepAliveComment: ': keep-alive',
  concurrency: 500,
  sources: [
    'https://api-docs.deepseek.com/guides/thinking_mode',
    'https://api-docs.deepseek.com/quick_start/pricing',
    'https://api-docs.deepseek.com/zh-cn/quick_start/error_codes',
    'https://api-docs.deepseek.com/quick_start/rate_limit',
  ],
});
