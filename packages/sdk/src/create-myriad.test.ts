import { expect, test } from 'vitest';
import { createMyriad, MyriadError, pathOf } from './index.ts';

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

function recorder(answers: readonly Response[]) {
  const seen: Seen[] = [];
  const waiting = [...answers];
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    seen.push({
      url: String(input),
      method: init.method ?? 'GET',
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? init.body : null,
    });
    return waiting.shift() ?? new Response('{}');
  };
  return { seen, fetch: fetch as typeof globalThis.fetch };
}

const stream = (...chunks: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    }),
  );
const event = (id: number, value: unknown) => `id: ${id}\ndata: ${JSON.stringify(value)}\n\n`;

test('path parameters are encoded, so an id cannot climb out of its route', () => {
  expect(pathOf('GET /api/apps/:app', { app: '../people?x' }, {})).toEqual(['GET', '/api/apps/..%2Fpeople%3Fx']);
});

test('empty filters are left out of the query', () => {
  expect(pathOf('GET /api/runs', {}, { app: 'desk', status: '', cursor: undefined })[1]).toBe('/api/runs?app=desk');
});

test('a missing path parameter is refused before anything is sent', () => {
  expect(() => pathOf('GET /api/apps/:app', {}, {})).toThrow(/needs the parameter app/);
});

test('a change carries the csrf token, a read does not', async () => {
  const { seen, fetch } = recorder([]);
  const client = createMyriad({ fetch, csrf: () => 'token-1' });
  await client.call('GET /api/session');
  await client.call('DELETE /api/keys/:id', { params: { id: 'key_1' } });
  expect(seen.map(({ method, headers }) => [method, headers.get('x-myriad-csrf')])).toEqual([
    ['GET', null],
    ['DELETE', 'token-1'],
  ]);
});

test('a key goes as a bearer token', async () => {
  const { seen, fetch } = recorder([Response.json({ accepted: 1, duplicates: 0, rejected: [] })]);
  const client = createMyriad({ baseUrl: 'http://node/', key: 'sk-1', fetch });
  const answer = await client.kpi.send([{ id: 'e1', kpi: 'orders', unit: 'u1', value: 1, time: 0 }]);
  expect(answer.accepted).toBe(1);
  expect(seen[0]?.url).toBe('http://node/v1/kpi/events');
  expect(seen[0]?.headers.get('authorization')).toBe('Bearer sk-1');
  expect(JSON.parse(seen[0]?.body ?? '')).toHaveLength(1);
});

test('a problem becomes a MyriadError with its code, sentence and facts', async () => {
  const problem = {
    type: 'x',
    title: 'Used up',
    status: 402,
    code: 'budget_exhausted',
    detail: 'Nothing left of 40 USD.',
  };
  const { fetch } = recorder([
    Response.json({ ...problem, facts: { leftMicros: 0 }, requestId: 'r1' }, { status: 402 }),
  ]);
  const failure = await createMyriad({ fetch })
    .call('GET /api/status')
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MyriadError);
  expect(failure).toMatchObject({ code: 'budget_exhausted', message: 'Nothing left of 40 USD.' });
  expect((failure as MyriadError).facts).toEqual({ leftMicros: 0, requestId: 'r1' });
});

test("a proxy's page in place of a problem still becomes a code", async () => {
  const { fetch } = recorder([new Response('<h1>Bad gateway</h1>', { status: 502 })]);
  await expect(createMyriad({ fetch }).call('GET /api/status')).rejects.toMatchObject({ code: 'upstream_unavailable' });
});

test('a cut stream is resumed after the last sequence, and no event comes twice', async () => {
  const { seen, fetch } = recorder([
    stream(event(1, { type: 'text', text: 'Hel' }), 'id: 2\ndata: {"type":"te'),
    stream(event(2, { type: 'text', text: 'lo' }), event(3, { type: 'done', run: {}, finish: 'stop' })),
  ]);
  const texts: string[] = [];
  for await (const { event: each } of createMyriad({ fetch }).follow('msg_1', { retryDelaysMs: [0] })) {
    if (each.type === 'text') texts.push(each.text);
  }
  expect(texts.join('')).toBe('Hello');
  expect(seen.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '1']);
});

test('a stream that is cut again and again without news gives up with upstream_cut', async () => {
  const { fetch } = recorder([stream(), stream(), stream()]);
  const drain = async () => {
    for await (const _ of createMyriad({ fetch }).follow('msg_1', { retryDelaysMs: [0, 0] }));
  };
  await expect(drain()).rejects.toMatchObject({ code: 'upstream_cut' });
});

test('an answer that is gone is not asked for again', async () => {
  const { seen, fetch } = recorder([new Response('{}', { status: 404 })]);
  const drain = async () => {
    for await (const _ of createMyriad({ fetch }).follow('msg_1', { retryDelaysMs: [0, 0] }));
  };
  await expect(drain()).rejects.toMatchObject({ code: 'not_found' });
  expect(seen).toHaveLength(1);
});
