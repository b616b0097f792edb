import type { Capability, Price } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, type JsonRecord } from '../dialect/json-value.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { microsOf } from './micros-of.ts';

/** Their provider ids that differ from ours. */
const ours: Readonly<Record<string, string>> = {
  google: 'gemini',
  alibaba: 'dashscope',
  'alibaba-cn': 'dashscope',
  moonshotai: 'moonshot',
  'moonshotai-cn': 'moonshot',
  zhipuai: 'zhipu',
  zai: 'zhipu',
  volcengine: 'ark',
  'siliconflow-cn': 'siliconflow',
  baidu: 'qianfan',
  tencent: 'hunyuan',
};

/**
 * Reads the format of https://models.dev/api.json: providers by id, each with `models` by id; costs in USD per million
 * tokens.
 *
 * @param date The day the file was fetched (YYYY-MM-DD).
 */
export function importModelsDev(json: unknown, date: string): readonly CatalogueEntry[] {
  return Object.entries(asRecord(json) ?? {}).flatMap(([provider, body]) =>
    Object.entries(asRecord(at(body, 'models')) ?? {}).flatMap(([id, row]) => {
      const model = asRecord(row);
      return model ? [entryOf(ours[provider] ?? provider, asText(model.id) ?? id, model, provider, date)] : [];
    }),
  );
}

function entryOf(provider: string, name: string, model: JsonRecord, theirs: string, date: string): CatalogueEntry {
  const source = `https://models.dev/api.json#${theirs}/${name}`;
  const price = priceOf(asRecord(model.cost), source, date);
  return {
    provider,
    model: name,
    contextTokens: asCount(at(model.limit, 'context')) || null,
    maxOutputTokens: asCount(at(model.limit, 'output')) || null,
    capabilities: capabilitiesOf(model),
    ...(price ? { price } : {}),
    source,
    date,
  };
}

function priceOf(cost: JsonRecord | null, source: string, date: string): Price | null {
  const input = microsOf(cost?.input);
  const output = microsOf(cost?.output);
  if (input === null || output === null) return null;
  const cached = microsOf(cost?.cache_read);
  const written = microsOf(cost?.cache_write);
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

function capabilitiesOf(model: JsonRecord): readonly Capability[] {
  const inputs = asList(at(model.modalities, 'input'));
  const outputs = asList(at(model.modalities, 'output'));
  if (outputs.length > 0 && !outputs.includes('text')) return [];
  if (/embed/i.test(asText(model.id) ?? '') || /embed/i.test(asText(model.name) ?? '')) return ['embed'];
  const context = asCount(at(model.limit, 'context')) ?? 0;
  const has: [boolean, Capability][] = [
    [model.tool_call === true, 'tools'],
    [inputs.includes('image'), 'vision'],
    [inputs.includes('audio'), 'audio'],
    [model.structured_output === true || model.tool_call === true, 'json'],
    [model.reasoning === true, 'reasoning'],
    [context >= 100_000, 'long'],
  ];
  return ['chat', 'generate', ...has.filter(([yes]) => yes).map(([, capability]) => capability)];
}
