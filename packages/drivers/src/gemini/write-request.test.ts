import type { ChatMessage, ChatRequest } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { fakeEndpoint } from '../fake/fake-endpoint.ts';
import { writeRequest } from './write-request.ts';

const user = (text: string): ChatMessage => ({ role: 'user', content: [{ type: 'text', text }] });
const write = (request: Partial<ChatRequest>, upstreamModel = 'gemini-3.8-flash') =>
  writeRequest(
    { messages: [user('Hi')], ...request },
    fakeEndpoint({ family: 'gemini', provider: 'gemini', upstreamModel }),
  );

test('system text becomes the system instruction, and sampling the generation config', () => {
  const body = write({
    messages: [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, user('Hi')],
    temperature: 0.2,
    maxOutputTokens: 9,
    stop: ['END'],
    seed: 4,
    choices: 2,
  });
  expect(body).toEqual({
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: { temperature: 0.2, maxOutputTokens: 9, stopSequences: ['END'], seed: 4, candidateCount: 2 },
  });
});

test('a signature goes back on the function call it came with, and on the last text where there was no call', () => {
  const history = (toolCalls: boolean): ChatMessage[] => [
    user('Go'),
    {
      role: 'assistant',
      content: [{ type: 'text', text: 'Looking.' }],
      reasoning: [{ text: 'thought', signature: 'SIG==' }],
      ...(toolCalls
        ? {
            toolCalls: [
              { id: 'call_0_0', name: 'f', argumentsJson: '{"x":1}' },
              { id: 'abc', name: 'g', argumentsJson: '' },
            ],
          }
        : {}),
    },
  ];
  expect((write({ messages: history(true) }).contents as { parts: unknown }[])[1]?.parts).toEqual([
    { text: 'Looking.' },
    { functionCall: { name: 'f', args: { x: 1 } }, thoughtSignature: 'SIG==' },
    { functionCall: { id: 'abc', name: 'g', args: {} } },
  ]);
  expect((write({ messages: history(false) }).contents as { parts: unknown }[])[1]?.parts).toEqual([
    { text: 'Looking.', thoughtSignature: 'SIG==' },
  ]);
});

test('results name the function of their call, keep objects as objects and wrap the rest', () => {
  const messages: ChatMessage[] = [
    {
      role: 'assistant',
      content: [],
      toolCalls: ['a', 'b', 'c'].map((id) => ({ id, name: `f_${id}`, argumentsJson: '{}' })),
    },
    { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: '{"ok":true}' }] },
    { role: 'tool', toolCallId: 'b', content: [{ type: 'text', text: 'sunny' }] },
    { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'broken' }], isError: true },
  ];
  expect((write({ messages }).contents as { role: string; parts: unknown }[])[1]).toEqual({
    role: 'user',
    parts: [
      { functionResponse: { id: 'a', name: 'f_a', response: { ok: true } } },
      { functionResponse: { id: 'b', name: 'f_b', response: { result: 'sunny' } } },
      { functionResponse: { id: 'c', name: 'f_c', response: { error: 'broken' } } },
    ],
  });
});

test.each([
  ['gemini-3.8-flash', { effort: 'high' }, { thinkingLevel: 'high', includeThoughts: true }],
  ['gemini-3.8-flash', { effort: 'none' }, { thinkingLevel: 'minimal' }],
  ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }],
  ['gemini-2.5-flash', { effort: 'low' }, { thinkingBudget: 1024, includeThoughts: true }],
  ['gemini-2.5-pro', { budgetTokens: 700 }, { thinkingBudget: 700, includeThoughts: true }],
] as const)('%s with %j thinks as %j', (model, reasoning, thinkingConfig) => {
  expect(write({ reasoning }, model).generationConfig).toEqual({ thinkingConfig });
});

test.each([
  ['auto', { mode: 'AUTO' }],
  ['required', { mode: 'ANY' }],
  ['none', { mode: 'NONE' }],
  [{ name: 'f' }, { mode: 'ANY', allowedFunctionNames: ['f'] }],
] as const)('tool choice %j is %j', (toolChoice, functionCallingConfig) => {
  const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' } }];
  expect(write({ tools, toolChoice })).toMatchObject({
    tools: [{ functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: { type: 'object' } }] }],
    toolConfig: { functionCallingConfig },
  });
});

test('unknown fields of other dialects are left out, because this one refuses them', () => {
  const body = write({ extra: { safetySettings: [{ category: 'c' }], stream_options: {}, foo: 1 } });
  expect(Object.keys(body)).toEqual(['safetySettings', 'contents']);
});
