import { describeDriver, httpExam } from '../exam/describe-driver.exam.ts';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { createOpenAiCompatibleDriver } from './driver.ts';

describeDriver(
  'openai-compatible',
  httpExam({
    driver: createOpenAiCompatibleDriver,
    endpoint: (baseUrl) =>
      fakeEndpoint({
        family: 'openai-compatible',
        provider: 'custom',
        baseUrl: `${baseUrl}/v1`,
        upstreamModel: 'exam-model',
      }),
    fixtures: new URL('./fixtures/', import.meta.url),
    standing: {
      text: 'answers',
      tools: 'answers',
      'tool-empty-arguments': 'answers',
      'tool-truncated': 'answers',
      json: 'answers',
      images: 'answers',
      reasoning: 'answers',
      cached: 'answers',
      choices: 'answers',
      logprobs: 'answers',
      refusal: 'answers',
    },
    signature: null,
    schema: 'native',
    embeddings: true,
    models: true,
    relayPath: '/chat/completions',
    cacheWriteTokens: 0,
    extraField: 'x_unknown',
  }),
);
