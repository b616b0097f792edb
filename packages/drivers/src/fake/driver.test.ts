import { MyriadError } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { collectAnswer } from '../dialect/collect-answer.ts';
import { describeDriver } from '../exam/describe-driver.exam.ts';
import { settle } from '../exam/driver-exam.ts';
import { examOptions } from '../exam/exam-options.ts';
import { requests, type Scenario } from '../exam/scenarios.ts';
import { createFakeDriver } from './driver.ts';
import { fakeEndpoint } from './fake-endpoint.ts';
import type { FakeReply } from './fake-reply.ts';

const usage = (inputTokens: number, outputTokens: number, cachedInputTokens = 0, cacheWriteTokens = 0) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens,
  cacheWriteTokens,
  reasoningTokens: 0,
  source: 'reported' as const,
});

const replies: Partial<Record<Scenario, FakeReply>> = {
  text: { text: 'The capital of France is Paris. 巴黎是法国的首都。', usage: usage(24, 17) },
  tools: {
    toolCalls: [
      { id: 'a', name: 'get_weather', argumentsJson: '{"city":"Paris"}' },
      { id: 'b', name: 'get_time', argumentsJson: '{"zone":"Europe/Paris"}' },
    ],
    usage: usage(82, 41),
  },
  'tool-empty-arguments': { toolCalls: [{ id: 'p', name: 'ping', argumentsJson: '' }], usage: usage(30, 8) },
  'tool-truncated': {
    toolCalls: [{ id: 't', name: 'get_weather', argumentsJson: '{"city":"Par' }],
    finish: 'length',
    usage: usage(30, 5),
  },
  json: { text: '{"city":"Paris"}', usage: usage(30, 6) },
  images: { text: 'A single pixel.', usage: usage(300, 5) },
  reasoning: {
    reasoning: [{ text: 'Compare 9.11 with 9.80.', signature: 'sig==' }],
    text: '9.8 is larger.',
    usage: usage(20, 60),
  },
  cached: { text: 'On.', usage: usage(100, 2, 60, 20) },
  refusal: { refusal: 'I cannot help with that.', usage: usage(9, 6) },
};

describeDriver('fake', {
  standing: {
    text: 'answers',
    tools: 'answers',
    'tool-empty-arguments': 'answers',
    'tool-truncated': 'answers',
    json: 'answers',
    images: 'answers',
    reasoning: 'answers',
    cached: 'answers',
    choices: 'absent',
    logprobs: 'absent',
    refusal: 'answers',
  },
  signature: 'sig==',
  schema: 'native',
  embeddings: true,
  models: true,
  relayPath: null,
  cacheWriteTokens: 20,
  extraField: null,
  http: null,
  async open(scenario) {
    const driver = createFakeDriver(() => replies[scenario] ?? {});
    return {
      connection: driver.connect(fakeEndpoint(), null),
      sent: () => driver.calls.map((call) => call.request),
      close: async () => undefined,
    };
  },
});

describe('fake', () => {
  test('the default model repeats the question, and two calls are the same', async () => {
    const connection = createFakeDriver().connect(fakeEndpoint(), null);
    const runs = [1, 2].map(() => collectAnswer(connection.chat(requests.text, examOptions())));
    const [first, second] = await Promise.all(runs);
    expect(first?.choices[0]?.text).toBe('You said: What is the capital of France?');
    expect(second?.events).toEqual(first?.events);
    expect(first?.usage).toMatchObject({ source: 'estimated' });
  });

  test('replies given as a list are used in turn, the last one again and again', async () => {
    const driver = createFakeDriver([{ text: 'one' }, { text: 'two' }]);
    const connection = driver.connect(fakeEndpoint(), null);
    const texts: (string | undefined)[] = [];
    for (let call = 0; call < 3; call += 1)
      texts.push((await collectAnswer(connection.chat(requests.text, examOptions()))).choices[0]?.text);
    expect(texts).toEqual(['one', 'two', 'two']);
    expect(driver.calls).toHaveLength(3);
  });

  test('a failure comes after exactly the pieces asked for, with the usage of those', async () => {
    const error = new MyriadError('upstream_cut', 'Cut.');
    const driver = createFakeDriver([{ text: 'abcdef', chunkCharacters: 2, fail: { afterPieces: 2, error } }]);
    const result = await settle(driver.connect(fakeEndpoint(), null).chat(requests.text, examOptions()));
    expect(result.events.map((event) => (event.type === 'text' ? event.text : event.type))).toEqual([
      'start',
      'ab',
      'cd',
    ]);
    expect(result.error).toMatchObject({ code: 'upstream_cut', facts: { usage: { source: 'estimated' } } });
  });

  test('a model that hangs ends by abort, or by its first-token limit when it never spoke', async () => {
    const hanging = createFakeDriver([{ text: 'hi', hang: true }]).connect(fakeEndpoint(), null);
    const signal = AbortSignal.timeout(30);
    expect((await settle(hanging.chat(requests.text, examOptions({ signal })))).error).toMatchObject({
      code: 'aborted',
    });
    const mute = createFakeDriver([{ text: 'hi', firstTokenMs: 500 }]).connect(fakeEndpoint(), null);
    const options = examOptions({ timeouts: { firstTokenMs: 20 } });
    expect((await settle(mute.chat(requests.text, options))).error).toMatchObject({ code: 'upstream_timeout' });
  });

  test('texts that share words have vectors nearer to each other than texts that do not', async () => {
    const connection = createFakeDriver().connect(fakeEndpoint(), null);
    const result = await connection.embed?.({ inputs: ['the red house', 'a red house', '量子计算'] }, examOptions());
    const dot = (left: readonly number[], right: readonly number[]) =>
      left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);
    const [a, b, c] = (result?.vectors ?? []) as readonly (readonly number[])[];
    expect(dot(a as readonly number[], b as readonly number[])).toBeGreaterThan(
      dot(a as readonly number[], c as readonly number[]),
    );
    expect(Math.hypot(...(a as readonly number[]))).toBeCloseTo(1);
  });
});
