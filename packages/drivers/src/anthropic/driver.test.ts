import { describeDriver, httpExam } from '../exam/describe-driver.exam.ts';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { createAnthropicDriver } from './driver.ts';

describeDriver(
  'anthropic',
  httpExam({
    driver: createAnthropicDriver,
    endpoint: (baseUrl) =>
      fakeEndpoint({ family: 'anthropic', provider: 'anthropic', baseUrl, upstreamModel: 'exam-model' }),
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
      choices: 'refuses',
      logprobs: 'refuses',
      refusal: 'answers',
    },
    signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds==',
    schema: 'native',
    embeddings: false,
    models: true,
    relayPath: '/v1/messages',
    cacheWriteTokens: 20,
    extraField: 'x_unknown',
  }),
);
