import { isMyriadError } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { collectAnswer } from '../dialect/collect-answer.ts';
import { type MockReply, type MockUpstream, startMockUpstream } from '../testing/mock-upstream.ts';
import { type HttpSeat, settle } from './driver-exam.ts';
import { examOptions } from './exam-options.ts';
import { expected, requests } from './scenarios.ts';

const [words] = expected.text.texts;
const abortLimitMs = 50;

/** Bytes, time and connections. */
export function examineTransport(seat: HttpSeat, relayPath: string | null): void {
  const textReply = (stream: boolean, change: Partial<MockReply> = {}): MockReply => ({
    ...seat.reply(seat.fixture('text'), stream),
    ...change,
  });

  describe('bytes', () => {
    test('a stream cut at any position, UTF-8 characters included, reads the same', async () => {
      await withServer(async (server) => {
        const body = Buffer.from(textReply(true).body ?? '');
        const connection = seat.connect(server);
        const read = async (splitAt: MockReply['splitAt']) => {
          server.answer(textReply(true, { splitAt: splitAt as readonly number[] }));
          return (await collectAnswer(connection.chat(requests.text, examOptions()))).choices[0]?.text;
        };
        expect(await read('bytes')).toBe(words);
        const step = Math.max(1, Math.floor(body.length / 120));
        for (let at = 1; at < body.length; at += step) expect(await read([at])).toBe(words);
      });
    });

    test.each(['gzip', 'br', 'deflate', 'deflate-raw', 'zstd'] as const)(
      'a body compressed with %s reads the same, streamed and plain',
      async (encoding) => {
        for (const stream of [true, false])
          await withServer(async (server) => {
            server.answer(textReply(stream, { encoding, splitAt: [3, 11] }));
            const answer = await collectAnswer(seat.connect(server).chat(requests.text, examOptions({ stream })));
            expect(answer.choices[0]?.text).toBe(words);
          });
      },
    );

    test('a body that is not in the encoding it names is upstream_protocol', async () => {
      await withServer(async (server) => {
        const reply = textReply(false);
        server.answer({ ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } });
        const { error } = await settle(seat.connect(server).chat(requests.text, examOptions({ stream: false })));
        expect(error).toMatchObject({ code: 'upstream_protocol' });
      });
    });

    if (relayPath !== null)
      test('a relayed call passes body and answer through byte for byte, with our key', async () => {
        await withServer(async (server) => {
          const reply = textReply(true, {
            splitAt: [7, 40],
            headers: { 'content-type': 'text/event-stream', 'x-request-id': 'r1' },
          });
          server.answer(reply);
          const body = Buffer.from('{"model":"exam-model", "stream":true,"messages":[],"x":"\u5df4"}');
          const answer = await seat.connect(server).relay?.({ body, path: relayPath }, examOptions());
          const chunks: Uint8Array[] = [];
          for await (const chunk of answer?.body ?? []) chunks.push(chunk);
          expect(Buffer.concat(chunks).toString()).toBe(reply.body);
          expect(answer).toMatchObject({ status: 200, headers: { 'x-request-id': 'r1' } });
          expect(server.requests[0]?.body).toBe(body.toString());
          expect(JSON.stringify(server.requests[0]?.headers)).toContain(seat.apiKey);
        });
      });
  });

  describe('time', () => {
    for (const stream of [true, false])
      test(`an abort in ${stream ? 'stream' : 'plain'} mode is answered, and the provider's connection closed, within ${abortLimitMs} ms`, async () => {
        // The best of three, so that a busy machine does not fail what the driver does in time.
        const tookMs: number[] = [];
        while (tookMs.length < 3 && !tookMs.some((time) => time < abortLimitMs))
          tookMs.push(await abortOnce(seat, textReply, stream));
        expect(Math.min(...tookMs)).toBeLessThan(abortLimitMs);
      });

    test('leaving the loop early closes the connection to the provider', async () => {
      await withServer(async (server) => {
        server.answer(textReply(true, { fault: { kind: 'stall', afterBytes: 500 } }));
        for await (const event of seat.connect(server).chat(requests.text, examOptions()))
          if (event.type === 'start') break;
        await server.clientLeft;
      });
    });

    test.each([
      ['first token', { firstTokenMs: 60 }, { delayMs: 3000 }],
      ['chunk gap', { chunkGapMs: 60 }, { fault: { kind: 'stall', afterBytes: 500 } }],
      ['total', { totalMs: 90 }, { splitAt: 'bytes', gapMs: 10 }],
    ] as const)('the %s limit ends the call as upstream_timeout and names itself', async (phase, timeouts, change) => {
      await withServer(async (server) => {
        server.answer(textReply(true, change as Partial<MockReply>));
        const { error } = await settle(seat.connect(server).chat(requests.text, examOptions({ timeouts })));
        expect(error).toMatchObject({ code: 'upstream_timeout', facts: { phase } });
        await server.clientLeft;
      });
    });

    test('the start of an answer does not stand for a first token either', async () => {
      await withServer(async (server) => {
        const body = String(textReply(true).body);
        const afterBytes = Buffer.byteLength(wholeEvents(body.slice(0, body.indexOf('The capital'))));
        server.answer(textReply(true, { fault: { kind: 'stall', afterBytes } }));
        const options = examOptions({ timeouts: { firstTokenMs: 80 } });
        const { error } = await settle(seat.connect(server).chat(requests.text, options));
        expect(error).toMatchObject({ code: 'upstream_timeout', facts: { phase: 'first token' } });
      });
    });

    test('comments and pings do not stand for a first token', async () => {
      await withServer(async (server) => {
        server.answer(textReply(true, { body: ': keep-alive\n\n'.repeat(200), splitAt: 'bytes', gapMs: 5 }));
        const options = examOptions({ timeouts: { firstTokenMs: 80 } });
        const { error } = await settle(seat.connect(server).chat(requests.text, options));
        expect(error).toMatchObject({ code: 'upstream_timeout', facts: { phase: 'first token' } });
      });
    });
  });

  describe('connections', () => {
    test('a cut in the middle is upstream_cut after the words that came, with the partial usage and no finish', async () => {
      await withServer(async (server) => {
        const body = String(textReply(true).body);
        const afterBytes = Buffer.byteLength(body.slice(0, body.indexOf(' of France') + 60));
        server.answer(textReply(true, { fault: { kind: 'cut', afterBytes } }));
        const { events, error } = await settle(seat.connect(server).chat(requests.text, examOptions()));
        expect(error).toMatchObject({ code: 'upstream_cut' });
        expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toMatch(/^The capital/);
        expect(events.some((event) => event.type === 'finish')).toBe(false);
        const usage = isMyriadError(error)
          ? (error.facts.usage as { inputTokens: number; outputTokens: number })
          : null;
        expect(usage?.inputTokens).toBeGreaterThan(0);
        expect(usage?.outputTokens).toBeGreaterThan(0);
      });
    });

    test.each(['between two events', 'inside an event'])(
      'a stream that ends politely %s is upstream_cut too',
      async (where) => {
        await withServer(async (server) => {
          const body = String(textReply(true).body);
          const inside = body.slice(0, body.indexOf(' of France'));
          server.answer(textReply(true, { body: where === 'inside an event' ? inside : wholeEvents(inside) }));
          const { events, error } = await settle(seat.connect(server).chat(requests.text, examOptions()));
          expect(error).toMatchObject({ code: 'upstream_cut' });
          expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('The capital');
        });
      },
    );

    test('nobody listening is upstream_unavailable', async () => {
      const server = await startMockUpstream();
      const connection = seat.connect(server);
      await server.close();
      const { error } = await settle(connection.chat(requests.text, examOptions()));
      expect(error).toMatchObject({ code: 'upstream_unavailable' });
    });

    test('a kept-alive connection that the peer had closed costs one fresh connection and no error', async () => {
      await withServer(async (server) => {
        server.answer(textReply(false), { hangUp: true }, textReply(false));
        const connection = seat.connect(server);
        for (let call = 0; call < 2; call += 1) {
          const answer = await collectAnswer(connection.chat(requests.text, examOptions({ stream: false })));
          expect(answer.choices[0]?.text).toBe(words);
          // The pool puts the connection back only after the answer's last tick.
          await sleep(20);
        }
        expect(server.connections).toBe(2);
        expect(server.requests).toHaveLength(3);
      });
    });

    test('a fresh connection that is closed without a byte is not tried again', async () => {
      await withServer(async (server) => {
        server.answer({ hangUp: true });
        const { error } = await settle(seat.connect(server).chat(requests.text, examOptions()));
        expect(error).toMatchObject({ code: 'upstream_unavailable' });
        expect(server.requests).toHaveLength(1);
      });
    });
  });
}

/** The text up to the end of its last complete event. */
function wholeEvents(text: string): string {
  return text.slice(0, text.lastIndexOf('\n\n') + 2);
}

/** Milliseconds from the abort until both the caller is answered and the provider sees the connection closed. */
async function abortOnce(
  seat: HttpSeat,
  textReply: (stream: boolean, change: Partial<MockReply>) => MockReply,
  stream: boolean,
): Promise<number> {
  let tookMs = Number.POSITIVE_INFINITY;
  await withServer(async (server) => {
    server.answer(textReply(stream, stream ? { fault: { kind: 'stall', afterBytes: 400 } } : { delayMs: 5000 }));
    const controller = new AbortController();
    const options = examOptions({ stream, signal: controller.signal });
    const running = settle(seat.connect(server).chat(requests.text, options));
    while (server.requests.length === 0) await sleep(5);
    await sleep(30);
    const from = performance.now();
    controller.abort();
    const { error } = await running;
    expect(error).toMatchObject({ code: 'aborted' });
    await server.clientLeft;
    tookMs = performance.now() - from;
  });
  return tookMs;
}

async function withServer(body: (server: MockUpstream) => Promise<void>): Promise<void> {
  const server = await startMockUpstream();
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
