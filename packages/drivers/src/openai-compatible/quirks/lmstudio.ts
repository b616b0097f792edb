import { defineQuirk } from './quirk.ts';

export const lmstudio = defineQuirk({
  id: 'lmstudio',
  title: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  keyUrl: null,
  reasoningAt: ['reasoning_content', 'reasoning', 'think'],
  choices: false,
  logprobs: false,
  concurrency: 1,
  local: true,
  sources: ['https://lmstudio.ai/docs/developer/openai-compat'],
});
