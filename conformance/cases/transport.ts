/** Groups 9, 10 and 14: bytes, sockets and callers that go away. */
import assert from 'node:assert/strict';
import { bigText, utf8Text } from '../mock-upstream.ts';
import type { Wire } from '../wire.ts';
import type { WireCase } from './case.ts';

const cancelledWithinMs = 500;

async function goAway(wire: Wire, streamed: boolean): Promise<void> {
  const abort = new AbortController();
  const before = wire.calls.length;
  const body = { model: wire.target.model, stream: streamed, messages: [{ role: 'user', content: 'case:slow' }] };
  const pending = wire.post('/v1/chat/completions', body, { signal: abort.signal }).catch(() => null);
  await wire.until(() => wire.calls.length > before, 5_000, 'the request reached the server');
  const call = wire.lastCall();
  abort.abort();
  await pending;
  await wire.until(() => call.abortedAt !== null, cancelledWithinMs, 'the call at the server was cancelled');
  await new Promise((wake) => setTimeout(wake, 100));
  assert.equal(wire.calls.length, before + 1, 'it was tried again');
}

const says = (script: string, name: string, expected: string): WireCase => ({
  group: 10,
  name,
  async check(wire) {
    const { events } = await wire.chat(script, { stream: true });
    const got = events.map((event) => event?.choices?.[0]?.delta?.content ?? '').join('');
    assert.ok(got === expected, `got ${got.length} characters: ${JSON.stringify(got.slice(0, 80))}`);
    assert.equal(events.at(-1), '[DONE]');
  },
});

export const transportCases: readonly WireCase[] = [
  {
    group: 9,
    name: 'streamed: the server is told within 500 ms, and not asked again',
    check: (wire) => goAway(wire, true),
  },
  { group: 9, name: 'plain: the same', check: (wire) => goAway(wire, false) },
  says('crlf', 'CRLF line ends', 'AB'),
  says('comments', 'comments, pings, unknown events, id and retry', 'A'),
  says('multi-line', 'data over several lines', 'A'),
  says('split-bytes', 'one byte a packet, through the middle of characters', utf8Text),
  says('huge-line', 'a line of 256 KiB', bigText),
  {
    group: 14,
    name: 'a compressed answer of the server is read',
    async check(wire) {
      const { json } = await wire.chat('gzip');
      assert.equal(json?.choices[0].message.content, 'Unpacked.');
    },
  },
  {
    group: 14,
    name: 'a kept socket that the server closed is replaced, unseen',
    async check(wire) {
      for (let round = 0; round < 4; round += 1) {
        const { status } = await wire.chat('close-after');
        assert.equal(status, 200, `round ${round}`);
        await new Promise((wake) => setTimeout(wake, round * 5));
      }
    },
  },
];
