import { ReadableStream } from 'node:stream/web';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { describeDriver } from '../exam/describe-driver.exam.ts';
import { settle } from '../exam/driver-exam.ts';
import { examOptions } from '../exam/exam-options.ts';
import { requests } from '../exam/scenarios.ts';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { createAiSdkDriver } from './driver.ts';
import { scriptedModel, scriptedSignature } from './scripted-model.ts';

const endpoint = fakeEndpoint({ family: 'ai-sdk', provider: 'ai-sdk', baseUrl: '', upstreamModel: 'mine' });

for (const version of ['v2', 'v3', 'v4'] as const)
  describeDriver(`ai-sdk ${version}`, {
    standing: {
      text: 'answers',
      tools: 'answers',
      'tool-empty-arguments': 'answers',
      'tool-truncated': 'answers',
      json: 'answers',
      images: 'answers',
      reasoning: 'answers',
      cached: 'answers',
      choices: 'refuses',
      logprobs: 'refuses',
      refusal: 'answers',
    },
    signature: scriptedSignature,
    schema: 'native',
    embeddings: false,
    models: false,
    relayPath: null,
    // V2 has no count of cache writes.
    cacheWriteTokens: version === 'v2' ? 0 : 20,
    extraField: null,
    http: null,
    async open(scenario) {
      const model = scriptedModel(scenario, version);
      return {
        connection: createAiSdkDriver({ mine: model }).connect(endpoint, null),
        sent: () => model.calls,
        close: async () => undefined,
      };
    },
  });

/** A model that fails in a way of its own. */
function failing(doStream: () => Promise<unknown>) {
  return createAiSdkDriver({ mine: { ...scriptedModel('text', 'v3'), doStream } }).connect(endpoint, null);
}

describe('ai-sdk failures', () => {
  test('an APICallError becomes the code of its status, with retry-after, and shows no key', async () => {
    const error = Object.assign(new Error('Rate limited for key sk-live-abcdef0123456789'), {
      statusCode: 429,
      responseHeaders: { 'retry-after': '3', 'x-request-id': 'r9' },
      requestBodyValues: { apiKey: 'sk-live-abcdef0123456789' },
    });
    const { error: got } = await settle(failing(() => Promise.reject(error)).chat(requests.text, examOptions()));
    expect(got).toMatchObject({ code: 'upstream_rate_limited', retryAfterMs: 3000, facts: { requestId: 'r9' } });
    expect(inspect(got, { depth: 8 })).not.toContain('abcdef01234');
  });

  test('a network failure is upstream_unavailable', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const failed = failing(() => Promise.reject(new TypeError('fetch failed', { cause })));
    const { error } = await settle(failed.chat(requests.text, examOptions()));
    expect(error).toMatchObject({ code: 'upstream_unavailable', facts: { cause: 'ECONNREFUSED' } });
  });

  test('a model that ignores its signal is still left within 50 ms, and its limit names itself', async () => {
    const deaf = failing(() => new Promise(() => undefined));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const from = performance.now();
    const { error } = await settle(deaf.chat(requests.text, examOptions({ signal: controller.signal })));
    expect(error).toMatchObject({ code: 'aborted' });
    expect(performance.now() - from).toBeLessThan(70);
    const late = await settle(deaf.chat(requests.text, examOptions({ timeouts: { firstTokenMs: 30 } })));
    expect(late.error).toMatchObject({ code: 'upstream_timeout', facts: { phase: 'first token' } });
  });

  test('a stream without its finish part is upstream_cut with the usage so far', async () => {
    const stream = ReadableStream.from([{ type: 'text-delta', id: '0', delta: 'The capital' }]);
    const { error, events } = await settle(failing(async () => ({ stream })).chat(requests.text, examOptions()));
    expect(error).toMatchObject({ code: 'upstream_cut', facts: { usage: { outputTokens: 3, source: 'estimated' } } });
    expect(events.map((event) => event.type)).toEqual(['start', 'text']);
  });

  test('only objects of specification v2 and later are taken for models', () => {
    const driver = createAiSdkDriver({
      old: { ...scriptedModel('text', 'v2'), specificationVersion: 'v1' },
      mine: 'x',
    });
    for (const upstreamModel of ['old', 'mine', 'none', 'toString'])
      expect(() => driver.connect({ ...endpoint, upstreamModel }, null)).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
  });
});
