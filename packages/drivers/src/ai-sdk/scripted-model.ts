import { ReadableStream } from 'node:stream/web';
import type { Scenario } from '../exam/scenarios.ts';
import type { AiSdkCallOptions, AiSdkLanguageModel } from './language-model.ts';

/** Parts of a stream for a scenario, in the shapes of specification V3; `v2` gives usage and reason as V2 does. */
export function scriptedModel(
  scenario: Scenario,
  version: 'v2' | 'v3' | 'v4',
): AiSdkLanguageModel & { readonly calls: AiSdkCallOptions[] } {
  const calls: AiSdkCallOptions[] = [];
  const { content, finish, usage } = scripts[scenario] ?? { content: [], finish: 'stop', usage: [1, 1, 0, 0, 0] };
  const end = { finishReason: finishOf(finish, version), usage: usageOf(usage, version) };
  const keep = (options: AiSdkCallOptions) => {
    const { abortSignal, ...rest } = options;
    calls.push(rest);
    abortSignal?.throwIfAborted();
  };
  return {
    specificationVersion: version,
    provider: 'exam',
    modelId: 'exam-model-1',
    calls,
    async doGenerate(options) {
      keep(options);
      return { content: content.map(({ whole }) => whole), ...end, response: { id: 'resp', modelId: 'exam-model-1' } };
    },
    async doStream(options) {
      keep(options);
      return {
        stream: ReadableStream.from([
          { type: 'stream-start', warnings: [] },
          { type: 'response-metadata', id: 'resp', modelId: 'exam-model-1' },
          ...content.flatMap(({ parts }) => parts),
          { type: 'finish', ...end },
        ]),
      };
    },
  };
}

interface Piece {
  readonly whole: unknown;
  readonly parts: readonly unknown[];
}

type Counts = readonly [input: number, output: number, cacheRead: number, cacheWrite: number, reasoning: number];

const text = (...deltas: string[]): Piece => ({
  whole: { type: 'text', text: deltas.join('') },
  parts: [
    { type: 'text-start', id: '0' },
    ...deltas.map((delta) => ({ type: 'text-delta', id: '0', delta })),
    { type: 'text-end', id: '0' },
  ],
});

const call = (id: string, toolName: string, ...deltas: string[]): Piece => ({
  whole: { type: 'tool-call', toolCallId: id, toolName, input: deltas.join('') },
  parts: [
    { type: 'tool-input-start', id, toolName },
    ...deltas.map((delta) => ({ type: 'tool-input-delta', id, delta })),
    { type: 'tool-input-end', id },
    { type: 'tool-call', toolCallId: id, toolName, input: deltas.join('') },
  ],
});

export const scriptedSignature = Buffer.from('signed by the provider').toString('base64');
const providerMetadata = { anthropic: { signature: scriptedSignature } };

const scripts: Partial<Record<Scenario, { content: readonly Piece[]; finish: string; usage: Counts }>> = {
  text: {
    content: [text('The capital of France', ' is Paris.', ' 巴黎是法国的首都。')],
    finish: 'stop',
    usage: [24, 17, 0, 0, 0],
  },
  tools: {
    content: [
      call('a', 'get_weather', '{"city":', '"Paris"}'),
      {
        whole: { type: 'tool-call', toolCallId: 'b', toolName: 'get_time', input: '{"zone":"Europe/Paris"}' },
        parts: [{ type: 'tool-call', toolCallId: 'b', toolName: 'get_time', input: '{"zone":"Europe/Paris"}' }],
      },
    ],
    finish: 'tool-calls',
    usage: [82, 41, 0, 0, 0],
  },
  'tool-empty-arguments': { content: [call('p', 'ping', '{}')], finish: 'tool-calls', usage: [30, 8, 0, 0, 0] },
  'tool-truncated': {
    content: [call('t', 'get_weather', '{"city"', ':"Par')],
    finish: 'length',
    usage: [30, 5, 0, 0, 0],
  },
  json: { content: [text('{"city":', '"Paris"}')], finish: 'stop', usage: [30, 6, 0, 0, 0] },
  images: { content: [text('A single pixel.')], finish: 'stop', usage: [300, 5, 0, 0, 0] },
  reasoning: {
    content: [
      {
        whole: { type: 'reasoning', text: 'Compare 9.11 with 9.80.', providerMetadata },
        parts: [
          { type: 'reasoning-start', id: 'r' },
          { type: 'reasoning-delta', id: 'r', delta: 'Compare 9.11' },
          { type: 'reasoning-delta', id: 'r', delta: ' with 9.80.' },
          { type: 'reasoning-end', id: 'r', providerMetadata },
        ],
      },
      text('9.8 is larger.'),
    ],
    finish: 'stop',
    usage: [20, 60, 0, 0, 52],
  },
  cached: { content: [text('On.')], finish: 'stop', usage: [100, 2, 60, 20, 0] },
  refusal: { content: [], finish: 'content-filter', usage: [9, 1, 0, 0, 0] },
};

function finishOf(reason: string, version: string): unknown {
  return version === 'v2' ? reason : { unified: reason, raw: reason };
}

function usageOf([input, output, cacheRead, cacheWrite, reasoning]: Counts, version: string): unknown {
  if (version === 'v2')
    return {
      inputTokens: input,
      outputTokens: output,
      totalTokens: input + output,
      cachedInputTokens: cacheRead,
      reasoningTokens: reasoning,
    };
  return {
    inputTokens: { total: input, noCache: input - cacheRead - cacheWrite, cacheRead, cacheWrite },
    outputTokens: { total: output, text: output - reasoning, reasoning },
  };
}
