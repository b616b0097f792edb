/** What the exam asks of every family, and what each answer must say. Fixtures encode the same answers in each dialect. */
import type { ChatRequest, FailureCode, FinishReason, Usage } from '@myriad/contracts';

export type Scenario =
  | 'text'
  | 'tools'
  | 'tool-empty-arguments'
  | 'tool-truncated'
  | 'json'
  | 'images'
  | 'reasoning'
  | 'cached'
  | 'choices'
  | 'logprobs'
  | 'refusal';

/** How a family stands to a scenario. `refuses`: with `unsupported`, before anything is sent. */
export type Standing = 'answers' | 'refuses' | 'absent';

const ask = (text: string): ChatRequest => ({ messages: [{ role: 'user', content: [{ type: 'text', text }] }] });

const tool = (name: string, properties: Record<string, unknown>) => ({
  name,
  description: `The tool ${name}`,
  parameters: { type: 'object', properties },
});

const weather = tool('get_weather', { city: { type: 'string' } });
const time = tool('get_time', { zone: { type: 'string' } });

export const citySchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
export const pictureUrl = 'https://example.com/picture.png';

export const requests: Readonly<Record<Scenario, ChatRequest>> = {
  text: {
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', content: [{ type: 'text', text: 'What is the capital of France?' }] },
    ],
    maxOutputTokens: 64,
    temperature: 0.5,
  },
  tools: { ...ask('Weather and time in Paris?'), tools: [weather, time], toolChoice: 'auto', parallelToolCalls: true },
  'tool-empty-arguments': { ...ask('Ping.'), tools: [tool('ping', {})] },
  'tool-truncated': { ...ask('Weather?'), tools: [weather], maxOutputTokens: 5 },
  json: {
    ...ask('Which city?'),
    responseFormat: { type: 'jsonSchema', name: 'city', schema: citySchema, strict: true },
  },
  images: {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in these pictures?' },
          { type: 'image', source: { kind: 'url', url: pictureUrl } },
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: pixel } },
        ],
      },
    ],
  },
  reasoning: { ...ask('Which is larger, 9.11 or 9.8?'), reasoning: { effort: 'high' } },
  cached: ask('Go on.'),
  choices: { ...ask('Say a word.'), choices: 2 },
  logprobs: { ...ask('Say hi.'), logprobs: true, topLogprobs: 2 },
  refusal: ask('Do something bad.'),
};

/** The exact words and counts; `null` where a dialect may differ. */
export interface Expected {
  readonly texts: readonly string[];
  readonly finish: readonly (FinishReason | null)[];
  readonly usage: Partial<Usage>;
}

export const expected: Readonly<Record<Scenario, Expected>> = {
  text: {
    texts: ['The capital of France is Paris. 巴黎是法国的首都。'],
    finish: ['stop'],
    usage: { inputTokens: 24, outputTokens: 17, cachedInputTokens: 0, reasoningTokens: 0, source: 'reported' },
  },
  tools: { texts: [''], finish: ['toolCalls'], usage: { inputTokens: 82, outputTokens: 41, source: 'reported' } },
  'tool-empty-arguments': { texts: [''], finish: ['toolCalls'], usage: { source: 'reported' } },
  'tool-truncated': { texts: [''], finish: ['length'], usage: { outputTokens: 5 } },
  json: { texts: ['{"city":"Paris"}'], finish: ['stop'], usage: { source: 'reported' } },
  images: { texts: ['A single pixel.'], finish: ['stop'], usage: { source: 'reported' } },
  reasoning: {
    texts: ['9.8 is larger.'],
    finish: ['stop'],
    usage: { inputTokens: 20, outputTokens: 60, source: 'reported' },
  },
  cached: { texts: ['On.'], finish: ['stop'], usage: { inputTokens: 100, outputTokens: 2, cachedInputTokens: 60 } },
  choices: { texts: ['alpha one', 'beta two'], finish: ['stop', 'stop'], usage: { outputTokens: 4 } },
  logprobs: { texts: ['Hi'], finish: ['stop'], usage: { source: 'reported' } },
  refusal: { texts: [''], finish: [null], usage: {} },
};

export const reasoningText = 'Compare 9.11 with 9.80.';

/** Refusals by status and inside a 200, by the name of their fixture. */
export const refusals: readonly {
  readonly fixture: string;
  readonly code: FailureCode;
  readonly retryAfterMs?: number;
}[] = [
  { fixture: 'error-auth', code: 'upstream_auth' },
  { fixture: 'error-model', code: 'upstream_rejected' },
  { fixture: 'error-rate', code: 'upstream_rate_limited', retryAfterMs: 7000 },
  { fixture: 'error-server', code: 'upstream_error' },
  { fixture: 'error-overloaded', code: 'upstream_overloaded' },
  { fixture: 'error-context', code: 'context_too_long' },
  { fixture: 'error-filter', code: 'content_filtered' },
];
