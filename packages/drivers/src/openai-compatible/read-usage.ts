import type { Usage } from '@myriad/contracts';
import { asCount, asList, asRecord, at, type JsonRecord } from '../dialect/json-value.ts';
import type { Quirk } from './quirks/quirk.ts';

/** Usage of a chunk or answer from the first place of the row that has it, or null. */
export function readUsage(json: JsonRecord, quirk: Quirk): Usage | null {
  for (const place of quirk.usageAt) {
    if (place === 'timings') {
      const usage = fromTimings(json.timings);
      if (usage) return usage;
      continue;
    }
    const found =
      place === 'chunk'
        ? json.usage
        : place === 'choice'
          ? at(asList(json.choices)[0], 'usage')
          : at(json.x_groq, 'usage');
    const usage = fromUsage(found);
    if (usage) return usage;
  }
  return null;
}

/**
 * `prompt_tokens` includes cached ones in this dialect and `completion_tokens` includes reasoning, as ours do. Cached ones
 * stand under `prompt_tokens_details`, or as DeepSeek's `prompt_cache_hit_tokens`, or as Moonshot's `cached_tokens`.
 */
export function fromUsage(value: unknown): Usage | null {
  const usage = asRecord(value);
  if (!usage) return null;
  const input = asCount(usage.prompt_tokens);
  if (input === null) return null;
  const total = asCount(usage.total_tokens);
  const output = asCount(usage.completion_tokens) ?? (total === null ? 0 : Math.max(0, total - input));
  const cached =
    asCount(at(usage, 'prompt_tokens_details', 'cached_tokens')) ??
    asCount(usage.prompt_cache_hit_tokens) ??
    asCount(usage.cached_tokens) ??
    0;
  const written =
    asCount(at(usage, 'prompt_tokens_details', 'cache_write_tokens')) ??
    asCount(at(usage, 'prompt_tokens_details', 'cache_creation_input_tokens')) ??
    0;
  return {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: Math.min(cached, input),
    cacheWriteTokens: Math.min(written, input),
    reasoningTokens: asCount(at(usage, 'completion_tokens_details', 'reasoning_tokens')) ?? 0,
    source: 'reported',
  };
}

/** llama.cpp: `prompt_n` are the tokens read anew, `cache_n` those taken from the cache. */
function fromTimings(value: unknown): Usage | null {
  const fresh = asCount(at(value, 'prompt_n'));
  const output = asCount(at(value, 'predicted_n'));
  if (fresh === null || output === null) return null;
  const cached = asCount(at(value, 'cache_n')) ?? 0;
  return {
    inputTokens: fresh + cached,
    outputTokens: output,
    cachedInputTokens: cached,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    source: 'reported',
  };
}
