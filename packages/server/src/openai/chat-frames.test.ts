import type { RunRecord } from '@myriad/contracts';
import { noUsage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { chatFrames } from './chat-frames.ts';

const head = { id: 'chatcmpl-1', created: 7, model: 'a "content":"" name' };
const run = {
  id: 'run_1',
  appName: 'x',
  version: null,
  model: 'm',
  delivered: 'treatment',
  costMicros: null,
  currency: 'USD',
  usage: { ...noUsage, inputTokens: 3, outputTokens: 2 },
} as RunRecord;
const framesOf = (text: string) =>
  text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => (frame === 'data: [DONE]' ? 'DONE' : JSON.parse(frame.replace(/^data: /, ''))));

test('text frames are the same objects as any other way of encoding gives, whatever stands in the text or the name', () => {
  const frames = chatFrames(head, false);
  const text = 'say "content":"" \\ 第三 🙂\n';
  const [opening, piece] = framesOf(frames.encode({ type: 'text', choice: 0, text }));
  expect(opening.choices[0].delta).toEqual({ role: 'assistant', content: '' });
  expect(piece).toEqual({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 7,
    model: head.model,
    choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  });
  expect(framesOf(frames.encode({ type: 'text', choice: 0, text: 'more' }))).toHaveLength(1);
});

test('usage is shown in a chunk of its own to who asked, and the last frames are the run and [DONE]', () => {
  const frames = chatFrames(head, true);
  expect(framesOf(frames.encode({ type: 'text', choice: 1, text: 'x' })).at(-1)).toMatchObject({
    choices: [{ index: 1 }],
    usage: null,
  });
  const last = framesOf(frames.encode({ type: 'done', run }));
  expect(last.at(-1)).toBe('DONE');
  expect(last.at(-2)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
    myriad: { run_id: 'run_1' },
  });
});
