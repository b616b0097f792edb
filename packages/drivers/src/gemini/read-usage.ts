import type { Usage } from '@myriad/contracts';
import { asCount, asRecord } from '../dialect/json-value.ts';

/** `promptTokenCount` includes cached ones; `candidatesTokenCount` leaves out thoughts, which are billed as output. */
export function readUsage(value: unknown): Usage | null {
  const usage = asRecord(value);
  const prompt = asCount(usage?.promptTokenCount);
  if (!usage || prompt === null) return null;
  const thoughts = asCount(usage.thoughtsTokenCount) ?? 0;
  return {
    inputTokens: prompt + (asCount(usage.toolUsePromptTokenCount) ?? 0),
    outputTokens: (asCount(usage.candidatesTokenCount) ?? 0) + thoughts,
    cachedInputTokens: asCount(usage.cachedContentTokenCount) ?? 0,
    cacheWriteTokens: 0,
    reasoningTokens: thoughts,
    source: 'reported',
  };
}
