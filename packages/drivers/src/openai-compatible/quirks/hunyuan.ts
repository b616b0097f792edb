import { defineQuirk } from './quirk.ts';

export const hunyuan = defineQuirk({
  id: 'hunyuan',
  title: '腾讯混元 Hunyuan',
  baseUrl: 'https://api.hunyuan.cloud.tencent.com/v1',
  keyUrl: 'https://console.cloud.tencent.com/hunyuan/api-key',
  paths: { chat: '/chat/completions', embeddings: '/embeddings', models: null },
  thinking: { on: { enable_thinking: true }, off: { enable_thinking: false } },
  jsonSchema: 'emulate',
  choices: false,
  logprobs: false,
  errors: {
    LimitExceeded: 'upstream_rate_limited',
    RequestLimitExceeded: 'upstream_rate_limited',
    'FailedOperation.EngineServerLimitExceeded': 'upstream_rate_limited',
    'FailedOperation.ResourcePackExhausted': 'upstream_auth',
    'FailedOperation.FreeResourcePackExhausted': 'upstream_auth',
    AuthFailure: 'upstream_auth',
  },
  concurrency: 5,
  embeddingBatch: 16,
  sources: [
    'https://cloud.tencent.com/document/product/1729/111007',
    'https://cloud.tencent.com/document/api/1729/101836',
  ],
});
