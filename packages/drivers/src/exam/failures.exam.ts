import { inspect } from 'node:util';
import { isMyriadError, type MyriadError } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { type MockReply, startMockUpstream } from '../testing/mock-upstream.ts';
import { type HttpSeat, settle } from './driver-exam.ts';
import { examOptions } from './exam-options.ts';
import { refusals, requests } from './scenarios.ts';

/** Refusals, broken answers and what they may tell. */
export function examineFailures(seat: HttpSeat): void {
  describe('failures', () => {
    for (const { fixture: name, code, retryAfterMs } of refusals)
      for (const stream of [true, false])
        test(`${name}, ${stream ? 'streamed' : 'plain'}, is ${code} with its status`, async () => {
          const fixture = seat.fixture(name);
          const error = await failWith(seat, seat.reply(fixture, stream), stream);
          expect(error.code).toBe(code);
          if (fixture.status) expect(error.facts.status).toBe(fixture.status);
          if (retryAfterMs !== undefined) expect(error.retryAfterMs).toBe(retryAfterMs);
          expectNoSecret(error, seat.apiKey);
        });

    test('an error inside a 200 stream comes after the words before it, with what was used', async () => {
      const server = await startMockUpstream();
      server.answer(seat.reply(seat.fixture('error-in-stream'), true));
      try {
        const { events, error } = await settle(seat.connect(server).chat(requests.text, examOptions()));
        expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('The capital');
        expect(isMyriadError(error) && error.class.kind).toBe('upstream');
        expect(error).toMatchObject({
          class: { retryable: true },
          facts: { usage: { outputTokens: expect.any(Number) } },
        });
        expect(events.some((event) => event.type === 'finish')).toBe(false);
      } finally {
        await server.close();
      }
    });

    test.each([
      ['half an object', '{"id":'],
      ['a web page', '<html>Bad gateway</html>'],
      ['an empty body', ''],
      ['an array', '[1,2]'],
    ])('a 200 with %s is upstream_protocol, and the body is not repeated', async (_, body) => {
      const error = await failWith(seat, { body, headers: { 'content-type': 'application/json' } }, false);
      expect(error.code).toBe('upstream_protocol');
      if (body !== '') expect(inspect(error, { depth: 6 })).not.toContain(body);
    });

    test('an event that is not JSON is upstream_protocol', async () => {
      const error = await failWith(
        seat,
        { body: 'data: {"oops\n\n', headers: { 'content-type': 'text/event-stream' } },
        true,
      );
      expect(error.code).toBe('upstream_protocol');
    });

    test('a refusal whose body is not JSON still has its code by status', async () => {
      const error = await failWith(seat, { status: 502, body: '<html>Bad gateway</html>' }, true);
      expect(error.code).toBe('upstream_error');
      expect(error.facts.status).toBe(502);
    });

    test('a key that a provider repeats in its error never comes out, whole or in part', async () => {
      const { apiKey } = seat;
      const body = JSON.stringify({
        error: { message: `Bad key ${apiKey}, that is Bearer ${apiKey.slice(0, 12)}***`, type: apiKey, code: apiKey },
      });
      const error = await failWith(seat, { status: 401, body, headers: { 'content-type': 'application/json' } }, true);
      expect(error.code).toBe('upstream_auth');
      expectNoSecret(error, apiKey);
    });
  });
}

async function failWith(seat: HttpSeat, reply: MockReply, stream: boolean): Promise<MyriadError> {
  const server = await startMockUpstream();
  server.answer(reply);
  try {
    const { error } = await settle(seat.connect(server).chat(requests.text, examOptions({ stream })));
    expect(isMyriadError(error)).toBe(true);
    return error as MyriadError;
  } finally {
    await server.close();
  }
}

/** Neither the key nor a run of eight of its characters is anywhere in the error, its facts, stack or cause. */
export function expectNoSecret(error: unknown, apiKey: string): void {
  const shown = inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error);
  for (let from = 0; from + 8 <= apiKey.length; from += 1) expect(shown).not.toContain(apiKey.slice(from, from + 8));
}
