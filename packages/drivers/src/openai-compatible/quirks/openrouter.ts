import { defineQuirk } from './quirk.ts';

/** Sends `: OPENROUTER PROCESSING` while waiting; errors after the first byte come inside the 200 stream. */
export const openrouter = defineQuirk({
  id: 'openrouter',
  title: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  keyUrl: 'https://openrouter.ai/settings/keys',
  reasoningAt: ['reasoning_details', 'reasoning'],
  replayReasoning: 'reasoning_details',
  thinking: {
    on: { reasoning: { enabled: true } },
    off: { reasoning: { effort: 'none' } },
    effort: {
      path: ['reasoning', 'effort'],
      words: { minimal: 'minimal', low: 'low', medium: 'medium', high: 'high' },
    },
    budget: ['reasoning', 'max_tokens'],
  },
  parts: ['image', 'file', 'audio'],
  choices: false,
  keepAliveComment: ': OPENROUTER PROCESSING',
  concurrency: 64,
  sources: [
    'https://openrouter.ai/docs/api/reference/streaming',
    'https://openrouter.ai/docs/api/reference/errors-and-debugging',
  ],
});
