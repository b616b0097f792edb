import { defineQuirk } from './quirk.ts';

export const vllm = defineQuirk({
  id: 'vllm',
  title: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  keyUrl: null,
  reasoningAt: ['reasoning', 'reasoning_content', 'think'],
  thinking: {
    on: { chat_template_kwargs: { enable_thinking: true } },
    off: { chat_template_kwargs: { enable_thinking: false } },
  },
  parts: ['image', 'audio'],
  // Lower goes first; a server without `--scheduling-policy priority` refuses any but 0.
  priority: { interactive: { priority: -1 }, standard: { priority: 0 }, batch: { priority: 1 } },
  concurrency: 64,
  embeddingBatch: 256,
  local: true,
  sources: [
    'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
    'https://docs.vllm.ai/en/latest/features/reasoning_outputs.html',
  ],
});
