/** Groups 9, 10 and 14: bytes, sockets and callers that go away. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
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
  says('gzip-stream', 'a compressed stream', 'Unpacked.'),
  {
    group: 10,
    name: 'a silence of 17 s is bridged by a byte of its own, and the stream goes on',
    async check(wire) {
      const gaps = await longestGapMs(wire);
      assert.equal(gaps.text, 'Before after.');
      assert.ok(gaps.longestMs < 16_500, `nothing came for ${Math.round(gaps.longestMs)} ms`);
    },
  },
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
  {
    group: 14,
    name: 'a kept socket on which the server hangs up without a byte: one retry, on a fresh one',
    async check(wire) {
      const calls = await wire.during(async () => {
        // Two, so that the second meets a kept socket whatever came before.
        for (let round = 0; round < 2; round += 1) {
          const { status, json } = await wire.chat('hang-up-when-kept');
          assert.deepEqual([status, json?.choices?.[0]?.message?.content], [200, 'Fresh.'], `round ${round}`);
        }
      });
      const kept = calls.filter(({ served }) => served > 0).length;
      assert.ok(calls.length - kept === 2 && kept <= 2, `${calls.length} requests, ${kept} of them on kept sockets`);
    },
  },
  {
    group: 14,
    name: 'a compressed body of the caller is read, or refused with 4xx',
    async check(wire) {
      const body = JSON.stringify({
        model: wire.target.model,
        messages: [{ role: 'user', content: 'case:plain' }],
      });
      const { status } = await wire.post('/v1/chat/completions', null, {
        raw: gzipSync(body),
        headers: { 'content-encoding': 'gzip' },
      });
      if (status >= 400 && status < 500) return;
      assert.equal(status, 200);
      assert.equal(wire.lastCall().script, 'plain');
    },
  },
  {
    group: 14,
    name: 'a small body that unpacks to 64 MiB is refused with 4xx, and the next request is served',
    async check(wire) {
      const bomb = gzipSync(
        JSON.stringify({
          model: wire.target.model,
          messages: [{ role: 'user', content: `case:plain ${' '.repeat(64 << 20)}` }],
        }),
      );
      const calls = await wire.during(async () => {
        const { status } = await wire
          .post('/v1/chat/completions', null, { raw: bomb, headers: { 'content-encoding': 'gzip' } })
          // A gateway may cut the connection instead of answering.
          .catch(() => ({ status: 413 }));
        assert.ok(status >= 400 && status < 500, `answered ${status}`);
      });
      assert.equal(calls.length, 0, 'it was sent on');
      assert.equal((await wire.chat('plain')).status, 200);
    },
  },
];

/** Reads a stream as it comes, and how long its longest silence was. */
async function longestGapMs(wire: Wire): Promise<{ readonly text: string; readonly longestMs: number }> {
  const { target } = wire;
  const response = await fetch(`${target.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(target.key ? { authorization: `Bearer ${target.key}` } : {}),
      ...target.headers,
    },
    body: JSON.stringify({
      model: target.model,
      stream: true,
      messages: [{ role: 'user', content: 'case:long-silence' }],
    }),
    signal: AbortSignal.timeout(60_000),
  });
  let last = performance.now();
  let longestMs = 0;
  let bytes = '';
  for await (const chunk of response.body ?? []) {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
    bytes += Buffer.from(chunk).toString();
  }
  const text = bytes
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '')
    .join('');
  return { text, longestMs };
}
