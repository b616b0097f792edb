import { defineQuirk } from './quirk.ts';

/** Errors can come in a 200 answer as `base_resp.status_code`. Deltas of `reasoning_details` are increments. */
export const minimax = defineQuirk({
  id: 'minimax',
  title: 'MiniMax',
  baseUrl: 'https://api.minimax.io/v1',
  keyUrl: 'https://platform.minimax.io/user-center/basic-information/interface-key',
  paths: { chat: '/chat/completions', embeddings: null, models: '/models' },
  reasoningAt: ['reasoning_details', 'reasoning_content', 'think'],
  replayReasoning: 'reasoning_details',
  jsonSchema: 'emulate',
  choices: false,
  logprobs: false,
  body: { reasoning_split: true },
  errors: {
    '1000': 'upstream_error',
    '1001': 'upstream_timeout',
    '1002': 'upstream_rate_limited',
    '1004': 'upstream_auth',
    '1008': 'upstream_auth',
    '1013': 'upstream_error',
    '1024': 'upstream_error',
    '1026': 'content_filtered',
    '1027': 'content_filtered',
    '1033': 'upstream_error',
    '1039': 'context_too_long',
    '2013': 'upstream_rejected',
    '2049': 'upstream_auth',
  },
  sources: [
    'https://platform.minimax.io/docs/api-reference/text-openai-api',
    'https://platform.minimax.io/docs/api-reference/errorcode',
    'https://github.com/MiniMax-AI/MiniMax-M2/issues/95',
  ],
});
