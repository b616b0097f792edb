import type { Capability, Price } from '@myriad/contracts';
import { asCount, asRecord, asText, type JsonRecord } from '../dialect/json-value.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { microsOf } from './micros-of.ts';

/** Their `litellm_provider` that differs from ours. */
const ours: Readonly<Record<string, string>> = {
  azure_ai: 'azure',
  zai: 'zhipu',
  volcengine: 'ark',
  hosted_vllm: 'vllm',
  lm_studio: 'lmstudio',
};

const perToken = 1_000_000;

/**
 * Reads LiteLLM's `model_prices_and_context_window.json`: models by name, costs in USD per token. Rows that are neither
 * chat nor embedding are left out, as is their `sample_spec`.
 *
 * @param date The day the file was fetched (YYYY-MM-DD).
 */
export function importLiteLlm(json: unknown, date: string): readonly CatalogueEntry[] {
  return Object.entries(asRecord(json) ?? {}).flatMap(([key, value]) => {
    const row = asRecord(value);
    const provider = asText(row?.litellm_provider);
    const mode = asText(row?.mode);
    if (!row || !provider || key === 'sample_spec' || (mode !== 'chat' && mode !== 'embedding')) return [];
    const source =
      asText(row.source) ?? `https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json#${key}`;
    const price = priceOf(row, mode, source, date);
    return [
      {
        provider: ours[provider] ?? provider,
        model: key.startsWith(`${provider}/`) ? key.slice(provider.length + 1) : key,
        contextTokens: asCount(row.max_input_tokens) ?? asCount(row.max_tokens),
        maxOutputTokens: mode === 'embedding' ? null : asCount(row.max_output_tokens),
        capabilities: capabilitiesOf(row, mode),
        ...(price ? { price } : {}),
        source,
        date,
      },
    ];
  });
}

function priceOf(row: JsonRecord, mode: string, source: string, date: string): Price | null {
  const input = microsOf(row.input_cost_per_token, perToken);
  const output =
    mode === 'embedding'
      ? (microsOf(row.output_cost_per_token, perToken) ?? 0)
      : microsOf(row.output_cost_per_token, perToken);
  if (input === null || output === null) return null;
  const cached = microsOf(row.cache_read_input_token_cost, perToken);
  const written = microsOf(row.cache_creation_input_token_cost, perToken);
  return {
    currency: 'USD',
    inputMicrosPerMillion: input,
    outputMicrosPerMillion: output,
    ...(cached === null ? {} : { cachedInputMicrosPerMillion: cached }),
    ...(written === null ? {} : { cacheWriteMicrosPerMillion: written }),
    source,
    date,
  };
}

function capabilitiesOf(row: JsonRecord, mode: string): readonly Capability[] {
  if (mode === 'embedding') return ['embed'];
  const has: [boolean, Capability][] = [
    [row.supports_function_calling === true, 'tools'],
    [row.supports_vision === true, 'vision'],
    [row.supports_audio_input === true, 'audio'],
    [row.supports_response_schema === true, 'json'],
    [row.supports_reasoning === true, 'reasoning'],
    [(asCount(row.max_input_tokens) ?? 0) >= 100_000, 'long'],
  ];
  return ['chat', 'generate', ...has.filter(([yes]) => yes).map(([, capability]) => capability)];
}
