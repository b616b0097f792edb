import type { Usage } from '@myriad/contracts';
import { asCount, asRecord, at } from '../dialect/json-value.ts';

/**
 * In this dialect `input_tokens` leaves out what was read from and written to the cache; ours includes both. Counts of
 * `message_delta` are cumulative, so each replaces the one before and absent ones keep the old value.
 */
export function readUsage(value: unknown, before: Usage | null): Usage | null {
  const usage = asRecord(value);
  if (!usage) return null;
  const oldFresh = before ? before.inputTokens - before.cachedInputTokens - before.cacheWriteTokens : 0;
  const fresh = asCount(usage.input_tokens) ?? oldFresh;
  const cached = asCount(usage.cache_read_input_tokens) ?? before?.cachedInputTokens ?? 0;
  const written = asCount(usage.cache_creation_input_tokens) ?? before?.cacheWriteTokens ?? 0;
  return {
    inputTokens: fresh + cached + written,
    outputTokens: asCount(usage.output_tokens) ?? before?.outputTokens ?? 0,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: asCount(at(usage, 'output_tokens_details', 'thinking_tokens')) ?? before?.reasoningTokens ?? 0,
    source: 'reported',
  };
}
