import { defineQuirk } from './quirk.ts';

export const siliconflow = defineQuirk({
  id: 'siliconflow',
  title: '硅基流动 SiliconFlow',
  baseUrl: 'https://api.siliconflow.cn/v1',
  keyUrl: 'https://cloud.siliconflow.cn/account/ak',
  thinking: { on: { enable_thinking: true }, off: { enable_thinking: false }, budget: ['thinking_budget'] },
  logprobs: false,
  errors: { '30001': 'upstream_auth', '20012': 'upstream_rejected', '50505': 'upstream_overloaded' },
  embeddingBatch: 32,
  sources: [
    'https://docs.siliconflow.cn/docs/api/chat-completions-post',
    'https://docs.siliconflow.cn/cn/api-reference/chat-completions',
  ],
});
