import { describeDriver, httpExam } from '../exam/describe-driver.exam.ts';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { createGeminiDriver } from './driver.ts';

describeDriver(
  'gemini',
  httpExam({
    driver: createGeminiDriver,
    endpoint: (baseUrl) =>
      fakeEndpoint({ family: 'gemini', provider: 'gemini', baseUrl: `${baseUrl}/v1beta`, upstreamModel: 'exam-model' }),
    fixtures: new URL('./fixtures/', import.meta.url),
    standing: {
      text: 'answers',
      tools: 'answers',
      'tool-empty-arguments': 'answers',
      // Arguments come as whole objects, so a call cannot be cut off.
      'tool-truncated': 'absent',
      json: 'answers',
      images: 'answers',
      reasoning: 'answers',
      cached: 'answers',
      choices: 'answers',
      logprobs: 'answers',
      refusal: 'answers',
    },
    signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds==',
    schema: 'native',
    embeddings: true,
    models: true,
    relayPath: null,
    cacheWriteTokens: 0,
    extraField: 'labels',
  }),
);
