import { defineQuirk } from './quirk.ts';

/** Any other server of the dialect: nothing is assumed beyond what nearly all do. The base URL must be given. */
export const custom = defineQuirk({
  id: 'custom',
  title: 'Other OpenAI-compatible server',
  baseUrl: 'http://127.0.0.1:8000/v1',
  keyUrl: null,
  reasoningAt: ['reasoning_content', 'reasoning', 'reasoning_details', 'think'],
  sources: ['https://platform.openai.com/docs/api-reference/chat'],
});
