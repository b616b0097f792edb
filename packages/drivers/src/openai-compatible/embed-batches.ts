import {
  addUsage,
  type EmbedRequest,
  type EmbedResult,
  type ModelEndpoint,
  MyriadError,
  noUsage,
  type Usage,
} from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at, compact } from '../dialect/json-value.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import type { Quirk } from './quirks/quirk.ts';
import { fromUsage } from './read-usage.ts';

/** Embeds the inputs in calls no larger than the provider takes, one after another, and puts the vectors in order. */
export async function embedBatches(
  request: EmbedRequest,
  endpoint: ModelEndpoint,
  quirk: Quirk,
  call: (body: string) => Promise<unknown>,
): Promise<EmbedResult> {
  const vectors: (readonly number[])[] = [];
  let usage: Usage = noUsage;
  let model = endpoint.upstreamModel;
  for (let from = 0; from < request.inputs.length; from += quirk.embeddingBatch) {
    const input = request.inputs.slice(from, from + quirk.embeddingBatch);
    const body = compact({
      model: endpoint.upstreamModel,
      input,
      dimensions: request.dimensions,
      encoding_format: 'float',
    });
    const json = await call(JSON.stringify(body));
    vectors.push(...vectorsIn(json, input.length));
    usage = addUsage(usage, usageIn(json, input));
    model = asText(at(json, 'model')) ?? model;
  }
  return { vectors, model, usage };
}

function vectorsIn(json: unknown, expected: number): (readonly number[])[] {
  const rows = asList(at(json, 'data')).map((row, position) => ({
    index: asCount(at(row, 'index')) ?? position,
    vector: vectorOf(at(row, 'embedding')),
  }));
  if (rows.length !== expected)
    throw new MyriadError('upstream_protocol', `The model server gave ${rows.length} vectors for ${expected} inputs.`, {
      facts: { expected, given: rows.length },
    });
  return rows.sort((left, right) => left.index - right.index).map((row) => row.vector);
}

/** Numbers, or base64 of little-endian 32-bit floats, which some servers give whatever was asked. */
function vectorOf(value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'number')) return value;
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'base64');
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4));
  }
  throw new MyriadError('upstream_protocol', 'The model server gave an embedding that is not a vector of numbers.');
}

function usageIn(json: unknown, input: readonly string[]): Usage {
  const reported = fromUsage(at(json, 'usage'));
  if (reported) return { ...reported, outputTokens: 0 };
  const total = asCount(at(asRecord(json)?.usage, 'total_tokens'));
  if (total !== null) return { ...noUsage, inputTokens: total };
  return { ...noUsage, inputTokens: input.reduce((sum, text) => sum + estimateTokens(text), 0), source: 'estimated' };
}
