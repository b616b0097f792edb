import { defineQuirk } from './quirk.ts';

export const ollama = defineQuirk({
  id: 'ollama',
  title: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  keyUrl: null,
  reasoningAt: ['reasoning', 'reasoning_content', 'think'],
  thinking: {
    off: { reasoning_effort: 'none' },
    effort: { path: ['reasoning_effort'], words: { minimal: 'low', low: 'low', medium: 'medium', high: 'high' } },
  },
  choices: false,
  concurrency: 2,
  local: true,
  sources: ['https://docs.ollama.com/api/openai-compatibility'],
});
