/** Groups 1 to 8: what a chat completion says, whole and streamed. */
import assert from 'node:assert/strict';
import { plainWords, usage } from '../mock-upstream.ts';
import type { WireAnswer } from '../wire.ts';
import type { WireCase } from './case.ts';

const stream = { stream: true };
const tools = {
  tools: ['first', 'second'].map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })),
};
const text = ({ events }: WireAnswer, index = 0): string =>
  events
    .flatMap((event) => event?.choices ?? [])
    .filter((choice) => choice.index === index)
    .map((choice) => choice.delta?.content ?? '')
    .join('');

function toolArguments({ events }: WireAnswer): Record<number, { id: string; name: string; text: string }> {
  const calls: Record<number, { id: string; name: string; text: string }> = {};
  for (const fragment of events.flatMap((event) => event?.choices?.[0]?.delta?.tool_calls ?? [])) {
    calls[fragment.index] ??= { id: '', name: '', text: '' };
    const call = calls[fragment.index] as { id: string; name: string; text: string };
    call.id ||= fragment.id ?? '';
    call.name ||= fragment.function?.name ?? '';
    call.text += fragment.function?.arguments ?? '';
  }
  return calls;
}

export const chatCases: readonly WireCase[] = [
  {
    group: 1,
    name: 'interleaved fragments without ids stay with their call',
    async check(wire) {
      const calls = toolArguments(await wire.chat('tools-interleaved', { ...stream, ...tools }));
      assert.deepEqual(calls, {
        0: { id: 'call_a', name: 'first', text: '{"a":1}' },
        1: { id: 'call_b', name: 'second', text: '{"b":2}' },
      });
    },
  },
  {
    group: 1,
    name: 'a call without arguments is still a call',
    async check(wire) {
      const answer = await wire.chat('tools-empty', { ...stream, ...tools });
      const call = toolArguments(answer)[0];
      assert.equal(call?.name, 'first');
      assert.ok(['', '{}'].includes(call?.text ?? 'none'), `arguments: ${call?.text}`);
    },
  },
  {
    group: 1,
    name: 'a truncated call keeps what came, and says length',
    async check(wire) {
      const answer = await wire.chat('tools-truncated', { ...stream, ...tools });
      assert.equal(toolArguments(answer)[0]?.text, '{"a": "half');
      assert.ok(answer.events.some((event) => event?.choices?.[0]?.finish_reason === 'length'));
    },
  },
  {
    group: 2,
    name: 'usage is not shown to a stream that did not ask',
    async check(wire) {
      const answer = await wire.chat('plain', stream);
      assert.equal(text(answer), plainWords.join(''));
      assert.deepEqual(
        answer.events.filter((event) => event?.usage),
        [],
      );
    },
  },
  {
    group: 2,
    name: 'but is asked for upstream, so that it can be booked',
    async check(wire) {
      await wire.chat('plain', stream);
      assert.deepEqual(wire.lastCall().body.stream_options, { include_usage: true });
    },
  },
  {
    group: 2,
    name: 'asked for, it comes once, last, as the server said',
    async check(wire) {
      const answer = await wire.chat('plain', { ...stream, stream_options: { include_usage: true } });
      const told = answer.events.filter((event) => event?.usage);
      assert.equal(told.length, 1);
      assert.deepEqual(
        [told[0].usage.prompt_tokens, told[0].usage.completion_tokens],
        [usage.prompt_tokens, usage.completion_tokens],
      );
      assert.deepEqual([answer.events.at(-2), answer.events.at(-1)], [told[0], '[DONE]']);
    },
  },
  {
    group: 3,
    name: 'two choices, interleaved, stay apart',
    async check(wire) {
      const answer = await wire.chat('choices', { ...stream, n: 2 });
      assert.deepEqual([text(answer, 0), text(answer, 1)], ['Aa', 'Bb']);
    },
  },
  {
    group: 3,
    name: 'logprobs come through',
    async check(wire) {
      const { json } = await wire.chat('logprobs', { logprobs: true });
      assert.equal(json?.choices[0].logprobs.content[0].logprob, -0.1);
    },
  },
  {
    group: 3,
    name: 'a refusal is a refusal',
    async check(wire) {
      const { json } = await wire.chat('refusal');
      assert.equal(json?.choices[0].message.refusal, 'I will not.');
    },
  },
  {
    group: 3,
    name: 'an unknown field reaches a server of the same dialect',
    async check(wire) {
      await wire.chat('plain', { a_field_of_tomorrow: { deep: [1] } });
      assert.deepEqual(wire.lastCall().body.a_field_of_tomorrow, { deep: [1] });
    },
  },
  {
    group: 4,
    name: 'reasoning is apart from the content',
    async check(wire) {
      const answer = await wire.chat('reasoning', stream);
      const thought = answer.events.map((event) => event?.choices?.[0]?.delta?.reasoning_content ?? '').join('');
      assert.deepEqual([thought, text(answer)], ['Think.', 'Done.']);
    },
  },
  {
    group: 5,
    name: 'a JSON schema reaches the server, or is refused with 400; never dropped',
    async check(wire) {
      const schema = {
        type: 'object',
        properties: { a: { type: 'number' } },
        required: ['a'],
        additionalProperties: false,
      };
      const format = { type: 'json_schema', json_schema: { name: 'thing', strict: true, schema } };
      const { status } = await wire.chat('plain', { response_format: format });
      if (status !== 400) assert.deepEqual(wire.lastCall().body.response_format, format);
    },
  },
  {
    group: 6,
    name: 'an image by address and one in base64 reach the server, or are refused with 4xx',
    async check(wire) {
      const content = [
        { type: 'text', text: 'case:plain' },
        { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      ];
      const before = wire.calls.length;
      const { status } = await wire.chat('plain', { messages: [{ role: 'user', content }] });
      if (status >= 400 && status < 500) return;
      assert.equal(wire.calls.length, before + 1);
      assert.deepEqual((wire.lastCall().body.messages as { content: unknown }[]).at(-1)?.content, content);
    },
  },
  {
    group: 7,
    name: 'malformed JSON is 400 in this dialect’s shape',
    async check(wire) {
      const { status, json } = await wire.post('/v1/chat/completions', null, { raw: '{"model": ' });
      assert.equal(status, 400);
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 7,
    name: 'a 429 of the server stays a 429, with its Retry-After',
    async check(wire) {
      const { status, headers, json } = await wire.chat('rate-limited');
      assert.equal(status, 429);
      assert.equal(headers.get('retry-after'), '9');
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 7,
    name: 'an error inside a 200 stream is an error frame, and no [DONE] follows',
    async check(wire) {
      const answer = await wire.chat('error-in-stream', stream);
      assert.ok(answer.events.some((event) => event?.error));
      assert.ok(!answer.events.includes('[DONE]'));
    },
  },
  {
    group: 8,
    name: 'a stream that is cut ends in an error frame, without [DONE]',
    async check(wire) {
      const answer = await wire.chat('cut', stream);
      assert.equal(text(answer), 'Half');
      assert.ok(answer.events.at(-1)?.error, 'the last frame is no error');
      assert.ok(!answer.events.includes('[DONE]'));
    },
  },
];
