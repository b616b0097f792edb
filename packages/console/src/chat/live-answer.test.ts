import type { AppEvent, Citation, ConversationMessage } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { applyEvent, emptyAnswer } from './live-answer.ts';
import { shownAnswer } from './shown-answer.ts';

const citation: Citation = {
  number: 1,
  passageId: 'psg_1',
  documentId: 'doc_1',
  documentName: 'policy.pdf',
  quote: 'q',
  start: 0,
  end: 1,
};
const after = (...events: AppEvent[]) => events.reduce(applyEvent, emptyAnswer);
const text = (each: string): AppEvent => ({ type: 'text', text: each });
const message: ConversationMessage = {
  id: 'msg_1',
  conversationId: 'conv_1',
  parentId: null,
  role: 'assistant',
  text: '',
  reasoning: null,
  citations: [],
  attachments: [],
  toolCalls: [],
  runId: null,
  model: null,
  status: 'streaming',
  errorCode: null,
  errorText: null,
  costMicros: null,
  currency: null,
  tookMs: null,
  feedback: null,
  createdAt: 0,
};

test('texts join in order', () => {
  expect(after(text('Hel'), text('lo')).text).toBe('Hello');
});

test('a restart drops the text, the thinking and the citations so far', () => {
  const answer = after(text('wrong'), { type: 'citation', citation }, { type: 'restart' }, text('right'));
  expect([answer.text, answer.citations]).toEqual(['right', []]);
});

test('a step that ends replaces the step that ran', () => {
  const step = (status: 'running' | 'done'): AppEvent => ({
    type: 'step',
    id: 's',
    kind: 'retrieve',
    title: 'Reading',
    status,
    detail: {},
  });
  expect(after(step('running'), step('done')).steps).toEqual([
    { id: 's', kind: 'retrieve', title: 'Reading', status: 'done', detail: {} },
  ]);
});

test('a tool keeps its arguments when its result comes, and its approval is settled', () => {
  const answer = after(
    { type: 'toolCall', id: 't', name: 'refund', argumentsJson: '{"order":7}' },
    { type: 'approval', approvalId: 'apr_1', name: 'refund', argumentsJson: '{"order":7}' },
    { type: 'toolResult', id: 't', name: 'refund', ok: true, preview: 'R-1' },
  );
  expect(answer.approval).toBeNull();
  expect(answer.tools).toEqual([{ id: 't', name: 'refund', argumentsJson: '{"order":7}', ok: true, preview: 'R-1' }]);
});

test('an event of a newer server changes nothing', () => {
  const answer = after(text('a'));
  expect(applyEvent(answer, { type: 'hologram' } as unknown as AppEvent)).toBe(answer);
});

test('while a reload replays the stream, text that was already kept does not disappear', () => {
  const kept = { ...message, text: 'Hello wor' };
  expect(shownAnswer(kept, after(text('Hel'))).text).toBe('Hello wor');
  expect(shownAnswer(kept, after(text('Hello world'))).text).toBe('Hello world');
});

test('a restart while streaming wins over longer text that was kept', () => {
  expect(shownAnswer({ ...message, text: 'The wrong answer' }, after(text('No'))).text).toBe('No');
});

test('an extract model is shown as one that only quotes', () => {
  expect(shownAnswer({ ...message, status: 'ok', model: 'myriad/extract-1' }, null).generates).toBe(false);
  expect(shownAnswer({ ...message, status: 'ok', model: 'qianfan/ernie-5.0' }, null).generates).toBe(true);
});

test('a kept failure shows its code and sentence, and the stream is over', () => {
  const shown = shownAnswer({ ...message, status: 'error', errorCode: 'upstream_cut', errorText: 'Cut.' }, null);
  expect([shown.error, shown.streaming]).toEqual([{ code: 'upstream_cut', text: 'Cut.' }, false]);
});
