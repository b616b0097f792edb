import type { ChatRequest, Priority } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { collectAnswer } from '../../dialect/collect-answer.ts';
import { settle } from '../../exam/driver-exam.ts';
import { examOptions } from '../../exam/exam-options.ts';
import { citySchema, requests } from '../../exam/scenarios.ts';
import { fakeEndpoint } from '../../fake/fake-endpoint.ts';
import { openHttp } from '../../http/open-http.ts';
import { type MockReply, startMockUpstream } from '../../testing/mock-upstream.ts';
import { createOpenAiCompatibleDriver } from '../driver.ts';
import { writeRequest } from '../write-request.ts';
import { quirkOf, quirks } from './index.ts';

const endpointOf = (provider: string, baseUrl = 'http://127.0.0.1:1/v1') =>
  fakeEndpoint({ family: 'openai-compatible', provider, baseUrl, upstreamModel: 'm' });

const bodyOf = (provider: string, request: ChatRequest, stream = true) =>
  writeRequest(request, endpointOf(provider), quirkOf(provider), stream);

/** One chat against a mock of the provider. */
async function chatWith(provider: string, reply: MockReply, stream = true) {
  const server = await startMockUpstream();
  const http = openHttp();
  server.answer({ headers: { 'content-type': stream ? 'text/event-stream' : 'application/json' }, ...reply });
  try {
    const connection = createOpenAiCompatibleDriver(http).connect(
      endpointOf(provider, server.url),
      'key-of-the-test-0001',
    );
    const { events, error } = await settle(connection.chat(requests.text, examOptions({ stream })));
    return { ...(await collectAnswer(events)), error, request: server.requests[0] };
  } finally {
    await http.close();
    await server.close();
  }
}

const lines = (...chunks: readonly unknown[]): string =>
  [
    ...chunks.map((chunk) => (typeof chunk === 'string' ? chunk : `data: ${JSON.stringify(chunk)}`)),
    'data: [DONE]',
    '',
  ].join('\n\n');
const delta = (body: unknown, finish: string | null = null, more: object = {}) => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta: body, finish_reason: finish, ...more }],
});

test('every provider that the plan names has a row with its sources, a base URL and a concurrency', () => {
  const named =
    'openai azure qianfan dashscope deepseek moonshot zhipu minimax hunyuan ark siliconflow openrouter ollama vllm lmstudio llama-server';
  for (const id of named.split(' ')) {
    const quirk = quirkOf(id);
    expect(URL.canParse(quirk.baseUrl)).toBe(true);
    expect(quirk.sources.length).toBeGreaterThan(0);
    expect(quirk.sources.every((source) => source.startsWith('https://'))).toBe(true);
    expect(quirk.concurrency).toBeGreaterThanOrEqual(1);
    expect(quirk.local).toBe(quirk.baseUrl.includes('127.0.0.1'));
  }
  expect(new Set(quirks.map((quirk) => quirk.id)).size).toBe(quirks.length);
  expect(quirkOf('qianfan').baseUrl).toBe('https://qianfan.baidubce.com/v2');
  expect(() => quirkOf('nobody')).toThrow(expect.objectContaining({ code: 'not_found' }));
});

describe('what is sent', () => {
  test.each([
    ['openai', { effort: 'low' }, { reasoning_effort: 'low' }],
    ['openai', { effort: 'none' }, { reasoning_effort: 'none' }],
    ['deepseek', { effort: 'medium' }, { thinking: { type: 'enabled' }, reasoning_effort: 'high' }],
    ['deepseek', { effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['zhipu', { effort: 'high' }, { thinking: { type: 'enabled' } }],
    ['qianfan', { budgetTokens: 512 }, { enable_thinking: true, thinking_budget: 512 }],
    ['dashscope', { effort: 'none' }, { enable_thinking: false }],
    ['siliconflow', { budgetTokens: 512 }, { enable_thinking: true, thinking_budget: 512 }],
    ['openrouter', { effort: 'high' }, { reasoning: { enabled: true, effort: 'high' } }],
    ['openrouter', { budgetTokens: 900 }, { reasoning: { enabled: true, max_tokens: 900 } }],
    ['vllm', { effort: 'none' }, { chat_template_kwargs: { enable_thinking: false } }],
  ] as const)('%s turns %j into %j', (provider, reasoning, fields) => {
    expect(bodyOf(provider, { ...requests.text, reasoning })).toMatchObject(fields);
  });

  test('priority is told only to servers that take one, and only where the operator says so', () => {
    const sent = (provider: string, priority: Priority, options: object = { forwardPriority: true }) =>
      writeRequest(
        requests.text,
        { ...endpointOf(provider), options: { ...options } },
        quirkOf(provider),
        false,
        priority,
      );
    expect(sent('vllm', 'interactive')).toMatchObject({ priority: -1 });
    expect(sent('vllm', 'batch')).toMatchObject({ priority: 1 });
    expect(sent('openai', 'batch')).toMatchObject({ service_tier: 'flex' });
    expect(sent('openai', 'standard')).not.toHaveProperty('service_tier');
    expect(sent('vllm', 'batch', {})).not.toHaveProperty('priority');
    expect(sent('deepseek', 'batch')).toEqual(sent('deepseek', 'interactive', {}));
  });

  test('the limit of tokens has the name that the provider knows, and usage is asked where it can be', () => {
    expect(bodyOf('openai', requests.text)).toMatchObject({
      max_completion_tokens: 64,
      stream_options: { include_usage: true },
    });
    expect(bodyOf('qianfan', requests.text)).toMatchObject({ max_tokens: 64, stream_options: { include_usage: true } });
    expect(bodyOf('zhipu', requests.text)).not.toHaveProperty('stream_options');
    expect(bodyOf('openai', requests.text, false)).not.toHaveProperty('stream_options');
    expect(bodyOf('minimax', requests.text)).toMatchObject({ reasoning_split: true });
  });

  test('a schema goes natively, or as json_object with the schema in the instructions; never neither', () => {
    for (const { id } of quirks) {
      const body = bodyOf(id, requests.json);
      const native = JSON.stringify(body.response_format).includes(JSON.stringify(citySchema));
      const told = JSON.stringify(body.messages).replaceAll('\\"', '"').includes(JSON.stringify(citySchema));
      expect([id, native !== told]).toEqual([id, true]);
      expect(body.response_format).toMatchObject({ type: native ? 'json_schema' : 'json_object' });
    }
  });

  test('what a provider cannot be asked is refused, not left out', () => {
    for (const [provider, request] of [
      ['deepseek', requests.choices],
      ['zhipu', requests.logprobs],
      [
        'openai',
        { messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'fileId', fileId: 'f' } }] }] },
      ],
      [
        'deepseek',
        { messages: [{ role: 'user', content: [{ type: 'audio', source: { kind: 'url', url: 'https://a.b/c' } }] }] },
      ],
    ] as const)
      expect(() => bodyOf(provider, request as ChatRequest)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('earlier reasoning goes back only where it is wanted, under the name wanted', () => {
    const messages: ChatRequest['messages'] = [
      { role: 'developer', content: [{ type: 'text', text: 'Rules.' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'A.' }], reasoning: [{ text: 'Hm.', signature: 's1' }] },
    ];
    const sent = (provider: string) => bodyOf(provider, { messages }).messages as Record<string, unknown>[];
    expect(sent('deepseek')[1]).toMatchObject({ reasoning_content: 'Hm.' });
    expect(sent('openrouter')[1]).toMatchObject({
      reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's1' }],
    });
    expect(Object.keys(sent('openai')[1] ?? {})).toEqual(['role', 'content']);
    expect(sent('openai')[0]?.role).toBe('developer');
    expect(sent('qianfan')[0]?.role).toBe('system');
  });

  test('the key stands in the header of the row, and an API version in the query', async () => {
    const server = await startMockUpstream();
    const http = openHttp();
    server.answer({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'c', choices: [{ message: { content: 'x' }, finish_reason: 'stop' }] }),
    });
    const endpoint = { ...endpointOf('azure', `${server.url}/openai/v1/`), options: { apiVersion: '2026-01-01' } };
    await collectAnswer(
      createOpenAiCompatibleDriver(http)
        .connect(endpoint, 'azure-key-1')
        .chat(requests.text, examOptions({ stream: false })),
    );
    expect(server.requests[0]).toMatchObject({
      path: '/openai/v1/chat/completions?api-version=2026-01-01',
      headers: { 'api-key': 'azure-key-1' },
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
    await http.close();
    await server.close();
  });
});

describe('what is read', () => {
  test.each([
    [
      'moonshot',
      [
        delta({ content: 'Hi' }),
        delta({}, 'stop', { usage: { prompt_tokens: 9, completion_tokens: 2, cached_tokens: 4 } }),
      ],
      [9, 2, 4],
    ],
    [
      'deepseek',
      [
        delta({ content: 'Hi' }),
        { ...delta({}, 'stop'), usage: { prompt_tokens: 9, completion_tokens: 2, prompt_cache_hit_tokens: 4 } },
      ],
      [9, 2, 4],
    ],
    [
      'llama-server',
      [delta({ content: 'Hi' }), { ...delta({}, 'stop'), timings: { prompt_n: 5, cache_n: 4, predicted_n: 2 } }],
      [9, 2, 4],
    ],
    [
      'custom',
      [
        delta({ content: 'Hi' }),
        { ...delta({}, 'stop'), x_groq: { usage: { prompt_tokens: 9, completion_tokens: 2 } } },
      ],
      [9, 2, 0],
    ],
    [
      'vllm',
      [
        { ...delta({ content: 'Hi' }), usage: { prompt_tokens: 9, completion_tokens: 1 } },
        { ...delta({}, 'stop'), usage: { prompt_tokens: 9, completion_tokens: 2 } },
      ],
      [9, 2, 0],
    ],
  ] as const)(
    '%s reports usage where its row says, and running counts replace each other',
    async (provider, chunks, [input, output, cached]) => {
      const { usage, error } = await chatWith(provider, { body: lines(...chunks) });
      expect(error).toBeNull();
      expect(usage).toMatchObject({
        inputTokens: input,
        outputTokens: output,
        cachedInputTokens: cached,
        source: 'reported',
      });
    },
  );

  test('a server that reports nothing gets an estimate that says so', async () => {
    const { usage } = await chatWith('ollama', { body: lines(delta({ content: 'Hello there' }, 'stop')) });
    expect(usage).toMatchObject({ source: 'estimated', outputTokens: 3 });
  });

  test('thinking tags at the start become reasoning, however they are cut', async () => {
    for (const cut of [1, 2, 3, 5, 8, 100]) {
      const text = '<think>\nLet me see.</think>\n\nThe <b>answer</b> is </think> 4.';
      const pieces = text.match(new RegExp(`[^]{1,${cut}}`, 'g')) ?? [];
      const { choices } = await chatWith('vllm', {
        body: lines(...pieces.map((content) => delta({ content })), delta({}, 'stop')),
      });
      expect(choices[0]).toMatchObject({
        text: 'The <b>answer</b> is </think> 4.',
        reasoning: [{ text: 'Let me see.' }],
      });
    }
  });

  test('tags that are not at the start, or at a provider without them, stay text', async () => {
    const { choices } = await chatWith('lmstudio', { body: lines(delta({ content: 'A <think> tag' }, 'stop')) });
    expect(choices[0]?.text).toBe('A <think> tag');
    const other = await chatWith('openai', { body: lines(delta({ content: '<think>x</think>' }, 'stop')) });
    expect(other.choices[0]?.text).toBe('<think>x</think>');
  });

  test('reasoning_details keep signature and encrypted form', async () => {
    const encrypted = { type: 'reasoning.encrypted', data: 'AAAA', id: 'r1', format: 'x' };
    const { choices } = await chatWith('openrouter', {
      body: lines(
        ': OPENROUTER PROCESSING',
        delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: null }], reasoning: 'Hm' }),
        delta({ reasoning_details: [{ type: 'reasoning.text', text: '.', signature: 'sig' }] }),
        delta({ reasoning_details: [encrypted] }),
        delta({ content: 'Yes' }, 'stop'),
      ),
    });
    expect(choices[0]?.reasoning).toEqual([
      { text: 'Hm.', signature: 'sig' },
      { text: '', encrypted: JSON.stringify(encrypted) },
    ]);
  });

  test.each([
    [
      'all calls at index 0 with ids of their own',
      [
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }],
        [{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }],
      ],
    ],
    [
      'no index, ids only',
      [
        [
          { id: 'a', function: { name: 'f', arguments: '{' } },
          { id: 'b', function: { name: 'g', arguments: '{' } },
        ],
        [
          { id: 'a', function: { arguments: '}' } },
          { id: 'b', function: { arguments: '}' } },
        ],
      ],
    ],
    [
      'no index and ids only at the start',
      [
        [{ id: 'a', function: { name: 'f', arguments: '{' } }],
        [{ function: { arguments: '}' } }],
        [{ id: 'b', function: { name: 'g', arguments: '{}' } }],
      ],
    ],
    [
      'arguments as objects',
      [
        [
          { index: 0, id: 'a', function: { name: 'f', arguments: {} } },
          { index: 1, id: 'b', function: { name: 'g', arguments: {} } },
        ],
      ],
    ],
    [
      'the id repeated in each fragment',
      [
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '{' } }],
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '}' } }],
        [{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }],
      ],
    ],
  ])('tool calls come out whole with %s', async (_, fragments) => {
    const chunks = fragments.map((tool_calls) => delta({ tool_calls }));
    const { choices } = await chatWith('custom', { body: lines(...chunks, delta({}, 'tool_calls')) });
    expect(choices[0]?.toolCalls).toEqual([
      { id: 'a', name: 'f', argumentsJson: '{}' },
      { id: 'b', name: 'g', argumentsJson: '{}' },
    ]);
  });

  test('calls without any id get one each', async () => {
    const { choices } = await chatWith('custom', {
      body: lines(
        delta(
          {
            tool_calls: [
              { index: 0, function: { name: 'f', arguments: '' } },
              { index: 1, function: { name: 'g', arguments: '' } },
            ],
          },
          'tool_calls',
        ),
      ),
    });
    expect(choices[0]?.toolCalls.map((call) => call.id)).toEqual(['call_0_0', 'call_0_1']);
  });
});

describe('refusals in a shape of their own', () => {
  test.each([
    ['zhipu', 429, { error: { code: '1302', message: '您的账户已达到速率限制' } }, 'upstream_rate_limited'],
    ['zhipu', 429, { error: { code: '1113', message: '您的账户已欠费' } }, 'upstream_auth'],
    ['zhipu', 400, { error: { code: '1261', message: 'Prompt 超长' } }, 'context_too_long'],
    ['zhipu', 400, { error: { code: '1301', message: '系统检测到…' } }, 'content_filtered'],
    ['zhipu', 500, { error: { code: '1305', message: '该模型当前访问量过大' } }, 'upstream_overloaded'],
    [
      'qianfan',
      429,
      {
        error: { code: 'rpm_rate_limit_exceeded', message: 'Rate limit reached for RPM', type: 'rate_limit_exceeded' },
        id: 'as-1',
      },
      'upstream_rate_limited',
    ],
    [
      'qianfan',
      401,
      {
        error: { code: 'invalid_iam_token', message: 'IAM Certification failed', type: 'invalid_request_error' },
        id: 'as-1',
      },
      'upstream_auth',
    ],
    [
      'qianfan',
      400,
      {
        error: { code: 'tokens_too_long', message: 'Prompt tokens too long', type: 'invalid_request_error' },
        id: 'as-1',
      },
      'context_too_long',
    ],
    ['qianfan', 200, { error_code: 336501, error_msg: 'Rate limit reached for RPM' }, 'upstream_rate_limited'],
    ['qianfan', 200, { code: 'tpm_rate_limit_exceeded', msg: 'Rate limit reached for TPM' }, 'upstream_rate_limited'],
    [
      'minimax',
      200,
      { id: 'x', choices: null, base_resp: { status_code: 1002, status_msg: 'rate limit' } },
      'upstream_rate_limited',
    ],
    ['minimax', 200, { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'upstream_auth'],
    ['minimax', 200, { base_resp: { status_code: 1039, status_msg: 'token limit' } }, 'context_too_long'],
    [
      'dashscope',
      400,
      { error: { code: 'data_inspection_failed', message: 'Input data may contain inappropriate content.' } },
      'content_filtered',
    ],
    ['dashscope', 400, { error: { code: 'Arrearage', message: 'Access denied' } }, 'upstream_auth'],
    ['ark', 403, { error: { code: 'AccountOverdueError', message: 'overdue balance' } }, 'upstream_auth'],
    ['ark', 400, { error: { code: 'InputTextRiskDetection', message: 'sensitive' } }, 'content_filtered'],
    ['ark', 429, { error: { code: 'ServerOverloaded', message: 'busy' } }, 'upstream_overloaded'],
    [
      'moonshot',
      400,
      { error: { type: 'content_filter', message: 'The request was rejected because it was considered high risk' } },
      'content_filtered',
    ],
    [
      'moonshot',
      400,
      { error: { type: 'invalid_request_error', message: 'Your request exceeded model token limit : 262144' } },
      'context_too_long',
    ],
    ['deepseek', 402, { error: { message: 'Insufficient Balance', code: 'invalid_request_error' } }, 'upstream_auth'],
    ['openrouter', 200, { error: { code: 503, message: 'No provider' } }, 'upstream_overloaded'],
    ['ollama', 404, { error: 'model not found' }, 'upstream_rejected'],
    [
      'llama-server',
      400,
      { error: { code: 400, type: 'exceed_context_size_error', message: 'x' } },
      'context_too_long',
    ],
  ])('%s %i %j is %s', async (provider, status, body, code) => {
    for (const stream of [true, false]) {
      const { error } = await chatWith(
        provider,
        { status, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
        stream,
      );
      expect(error).toMatchObject({ code });
    }
  });
});

test('a key with a line break never reaches HTTP', () => {
  const http = openHttp();
  const connect = () => createOpenAiCompatibleDriver(http).connect(endpointOf('openai'), 'sk-secret-part\r\nx: y');
  expect(connect).toThrow(
    expect.objectContaining({ code: 'upstream_auth', message: expect.not.stringContaining('secret') }),
  );
});
