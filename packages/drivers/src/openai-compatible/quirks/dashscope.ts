import { defineQuirk } from './quirk.ts';

export const dashscope = defineQuirk({
  id: 'dashscope',
  title: '阿里云百炼 DashScope (Qwen)',
  baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  keyUrl: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
  thinking: { on: { enable_thinking: true }, off: { enable_thinking: false }, budget: ['thinking_budget'] },
  errors: {
    invalid_api_key: 'upstream_auth',
    InvalidApiKey: 'upstream_auth',
    Arrearage: 'upstream_auth',
    AccessDenied: 'upstream_auth',
    data_inspection_failed: 'content_filtered',
    DataInspectionFailed: 'content_filtered',
    model_not_found: 'upstream_rejected',
    limit_requests: 'upstream_rate_limited',
    limit_burst_rate: 'upstream_rate_limited',
    insufficient_quota: 'upstream_rate_limited',
    Throttling: 'upstream_rate_limited',
    'Throttling.RateQuota': 'upstream_rate_limited',
    'Throttling.BurstRate': 'upstream_rate_limited',
    'Throttling.AllocationQuota': 'upstream_rate_limited',
  },
  embeddingBatch: 10,
  sources: [
    'https://www.alibabacloud.com/help/model-studio/error-code',
    'https://help.aliyun.com/zh/model-studio/models',
  ],
});
