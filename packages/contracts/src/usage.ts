import type { Money, Price } from './money.ts';

/** Tokens of one model call. `inputTokens` includes cached and cache-written ones; `outputTokens` includes reasoning. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** `reported` by the model server, or `estimated` here from the text when the server said nothing. */
  readonly source: 'reported' | 'estimated';
}

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  source: 'reported',
};

export function addUsage(left: Usage, right: Usage): Usage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    source: left.source === 'estimated' || right.source === 'estimated' ? 'estimated' : 'reported',
  };
}

/**
 * Cost in micros, each class of token at its own price, rounded up once; null when the model is unpriced.
 *
 * @param ratio Part of the price that is paid, such as 0.5 in a batch.
 */
export function costOf(usage: Usage, price: Price | null, ratio = 1): Money | null {
  if (!price) return null;
  const fresh = Math.max(0, usage.inputTokens - usage.cachedInputTokens - usage.cacheWriteTokens);
  const cached = price.cachedInputMicrosPerMillion ?? price.inputMicrosPerMillion;
  const written = price.cacheWriteMicrosPerMillion ?? price.inputMicrosPerMillion;
  const total =
    fresh * price.inputMicrosPerMillion +
    usage.cachedInputTokens * cached +
    usage.cacheWriteTokens * written +
    usage.outputTokens * price.outputMicrosPerMillion;
  return { micros: Math.ceil((total * ratio) / 1_000_000), currency: price.currency };
}
