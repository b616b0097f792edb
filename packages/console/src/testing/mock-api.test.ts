import { createMyriad } from '@myriad/sdk';
import { expect, test } from 'vitest';
import { applyEvent, emptyAnswer } from '../chat/live-answer.ts';
import { createMockApi } from './mock-api.ts';

function client() {
  const api = createMockApi({ paceMs: 1 });
  const fetch = ((input: string, init?: RequestInit) => api(new Request(input, init))) as typeof globalThis.fetch;
  return createMyriad({ baseUrl: 'http://mock', fetch, csrf: 'mock-token' });
}

async function ask(text: string) {
  const myriad = client();
  const { conversation } = await myriad.call('POST /api/conversations', { body: { app: 'assistant' } });
  const params = { id: conversation.id };
  const { answer } = await myriad.call('POST /api/conversations/:id/messages', {
    params,
    body: { parentId: null, text },
  });
  const kept = async () =>
    (await myriad.call('GET /api/conversations/:id', { params })).messages.find(({ id }) => id === answer.id);
  return { myriad, answer, kept };
}

test('what streams is what is kept, citations included', async () => {
  const { myriad, answer, kept } = await ask('What cannot be returned?');
  let live = emptyAnswer;
  for await (const { event } of myriad.follow(answer.id)) live = applyEvent(live, event);
  const message = await kept();
  expect(message?.text).toBe(live.text);
  expect(new Set(message?.citations.map(({ number }) => number))).toEqual(
    new Set(live.citations.map(({ number }) => number)),
  );
  expect(live.run?.status).toBe('ok');
});

test('a reader who comes late and one who resumes see the same answer', async () => {
  const { myriad, answer } = await ask('What cannot be returned?');
  let whole = emptyAnswer;
  let middle = '';
  for await (const { event, sequence } of myriad.follow(answer.id)) {
    whole = applyEvent(whole, event);
    if (sequence === '12') middle = whole.text;
  }
  let resumed = { ...emptyAnswer, text: middle };
  for await (const { event } of myriad.follow(answer.id, { after: '12' })) resumed = applyEvent(resumed, event);
  expect(resumed.text).toBe(whole.text);
});

test('stopping keeps what was written', async () => {
  const { myriad, answer, kept } = await ask('What cannot be returned?');
  let live = emptyAnswer;
  for await (const { event } of myriad.follow(answer.id)) {
    live = applyEvent(live, event);
    if (live.text.length > 20) await myriad.call('POST /api/messages/:id/stop', { params: { id: answer.id } });
  }
  expect(await kept()).toMatchObject({ status: 'aborted', text: live.text });
});
