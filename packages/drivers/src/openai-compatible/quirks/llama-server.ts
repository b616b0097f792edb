import { defineQuirk } from './quirk.ts';

/** llama.cpp's server. It also reports `timings` with its own counts of prompt, cached and predicted tokens. */
export const llamaServer = defineQuirk({
  id: 'llama-server',
  title: 'llama.cpp llama-server',
  baseUrl: 'http://127.0.0.1:8080/v1',
  keyUrl: null,
  reasoningAt: ['reasoning_content', 'think'],
  thinking: {
    on: { chat_template_kwargs: { enable_thinking: true } },
    off: { chat_template_kwargs: { enable_thinking: false } },
  },
  choices: false,
  errors: { exceed_context_size_error: 'context_too_long', unavailable_error: 'upstream_overloaded' },
  concurrency: 1,
  local: true,
  sources: ['https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md'],
});
