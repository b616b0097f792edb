/** Groups 2, 7, 8, 9 and 11: servers that lie, refuse for a while, stall or fall away, and who is asked then. */
import assert from 'node:assert/strict';
import { plainWords } from '../mock-upstream.ts';
import { windowMs } from '../scripts/trouble.ts';
import type { Wire, WireAnswer } from '../wire.ts';
import type { WireCase } from './case.ts';

const stream = { stream: true };
const nonce = () => Math.random().toString(36).slice(2);
const said = (answer: WireAnswer): string =>
  answer.events.map((event) => event?.choices?.[0]?.delta?.content ?? '').join('');
const models = (calls: Awaited<ReturnType<Wire['during']>>) => calls.map(({ body }) => body.model);

/** The second endpoint answers when the first fails before its first byte. */
const fallsBack = (script: string, name: string, streamed: boolean): WireCase => ({
  group: 11,
  name,
  needs: 'fallback',
  async check(wire) {
    const calls = await wire.during(async () => {
      const answer = await wire.chat(script, streamed ? stream : {}, wire.route('fallback'));
      assert.equal(answer.status, 200);
      const text = streamed ? said(answer) : answer.json?.choices[0].message.content;
      assert.equal(text, plainWords.join(''));
    });
    assert.equal(models(calls)[0], 'flaky', 'the first endpoint was not asked first');
    assert.notEqual(models(calls).at(-1), 'flaky');
  },
});

/** A usage that cannot be true may be left out or replaced, but not told and booked as it is. */
const lie = (script: string, name: string, streamed: boolean): WireCase => ({
  group: 2,
  name,
  async check(wire) {
    const answer = await wire.chat(script, {
      max_tokens: 64,
      ...(streamed ? { ...stream, stream_options: { include_usage: true } } : {}),
    });
    const told = streamed ? answer.events.findLast((event) => event?.usage)?.usage : answer.json?.usage;
    if (told === undefined || told === null) return;
    for (const count of [told.prompt_tokens, told.completion_tokens])
      assert.ok(count >= 0 && count <= 4_096, `told ${count} tokens`);
  },
});

export const troubleCases: readonly WireCase[] = [
  {
    group: 2,
    name: 'usage so far, in each chunk, is not summed',
    async check(wire) {
      const answer = await wire.chat('usage-so-far', { ...stream, stream_options: { include_usage: true } });
      const told = answer.events.findLast((event) => event?.usage)?.usage;
      assert.deepEqual([told?.prompt_tokens, told?.completion_tokens], [12, 7]);
    },
  },
  lie('lies-high', 'a usage far past what was asked is not passed on as true', false),
  lie('lies-high', 'streamed: the same', true),
  lie('lies-negative', 'a usage below nothing is not passed on as true', false),
  {
    group: 2,
    name: 'what was told is what is booked, once',
    needs: 'books',
    async check(wire) {
      const since = Date.now();
      await wire.chat('plain', { ...stream, stream_options: { include_usage: true } });
      assert.deepEqual(await wire.target.books?.(since), { runs: 1, calls: 1, inputTokens: 12, outputTokens: 7 });
    },
  },
  {
    group: 7,
    name: 'a failure carries an id by which it can be found again',
    async check(wire) {
      const { headers } = await wire.chat('too-long');
      assert.ok(headers.get('x-request-id') ?? headers.get('request-id'), 'no request id');
    },
  },
  {
    group: 7,
    name: 'what the server says of a request that it cannot serve stays a 400',
    async check(wire) {
      const calls = await wire.during(async () => {
        const { status, json } = await wire.chat('too-long');
        assert.equal(status, 400);
        assert.equal(typeof json?.error?.message, 'string');
      });
      assert.equal(calls.length, 1, 'it was tried again');
    },
  },
  {
    group: 7,
    name: 'a server that breaks is a 5xx, in this dialect’s shape',
    async check(wire) {
      const { status, json } = await wire.chat('broken');
      assert.ok(status >= 500, `answered ${status}`);
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 7,
    name: 'a page instead of JSON is a 5xx, and never an answer',
    async check(wire) {
      const { status, json } = await wire.chat('not-json');
      assert.ok(status >= 500, `answered ${status}`);
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 7,
    name: 'a window of 429 is waited out or told, and not hammered at',
    async check(wire) {
      const script = `window.${nonce()}`;
      const calls = await wire.during(async () => {
        const { status, headers, json } = await wire.chat(script);
        if (status === 200) assert.equal(json?.choices[0].message.content, plainWords.join(''));
        else assert.deepEqual([status, headers.get('retry-after')], [429, '1']);
      });
      const first = calls[0]?.at ?? 0;
      const inside = calls.filter(({ at }) => at - first < windowMs).length;
      assert.equal(inside, 1, `the server was asked ${inside} times while it had said to wait`);
    },
  },
  {
    group: 8,
    name: 'a whole answer that is cut is a 5xx, and never half an answer',
    async check(wire) {
      const { status, json } = await wire.chat('cut-whole');
      assert.ok(status >= 500, `answered ${status}`);
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 8,
    name: 'what came before a cut is booked once, and never retried',
    needs: 'books',
    async check(wire) {
      const since = Date.now();
      const calls = await wire.during(() => wire.chat('cut', stream));
      assert.equal(calls.length, 1);
      const booked = await wire.target.books?.(since);
      assert.deepEqual([booked?.runs, booked?.calls], [1, 1]);
      assert.ok((booked?.outputTokens ?? 0) > 0 && (booked?.inputTokens ?? 0) > 0, JSON.stringify(booked));
    },
  },
  {
    group: 8,
    name: 'a stream that stalls ends in an error frame, without [DONE], and the server is let go',
    needs: 'stalls',
    async check(wire) {
      const answer = await wire.chat('stall-later', stream, wire.route('stalls'));
      assert.equal(said(answer), 'Half');
      assert.ok(answer.events.at(-1)?.error, 'the last frame is no error');
      assert.ok(!answer.events.includes('[DONE]'));
      const call = wire.lastCall();
      await wire.until(() => call.abortedAt !== null, 1_000, 'the call at the server was cancelled');
    },
  },
  {
    group: 8,
    name: 'a server that never answers is a 504 or 408',
    needs: 'stalls',
    async check(wire) {
      const { status, json } = await wire.chat('stall-first', stream, wire.route('stalls'));
      assert.ok(status === 504 || status === 408, `answered ${status}`);
      assert.equal(typeof json?.error?.message, 'string');
    },
  },
  {
    group: 9,
    name: 'one that goes away while it waits for a slot is never sent',
    needs: 'narrow',
    async check(wire) {
      const route = wire.route('narrow');
      const first = new AbortController();
      const second = new AbortController();
      const before = wire.calls.length;
      const running = wire.chat('slow', stream, route, { signal: first.signal }).catch(() => null);
      await wire.until(() => wire.calls.length > before, 5_000, 'the first reached the server');
      const waiting = wire.chat('slow', stream, route, { signal: second.signal }).catch(() => null);
      await new Promise((wake) => setTimeout(wake, 300));
      assert.equal(wire.calls.length, before + 1, 'the second did not wait');
      second.abort();
      await waiting;
      await new Promise((wake) => setTimeout(wake, 100));
      first.abort();
      await running;
      await new Promise((wake) => setTimeout(wake, 300));
      assert.equal(wire.calls.length, before + 1, 'it was sent all the same');
    },
  },
  fallsBack('fallback-500', 'a failure before the first byte goes to the second endpoint', false),
  fallsBack('fallback-500', 'streamed: the same', true),
  fallsBack('fallback-429', 'so does a refusal for too many requests', false),
  fallsBack('fallback-hang-up', 'so does a server that hangs up', false),
  {
    group: 11,
    name: 'after the first byte nobody else is asked: the cut is told',
    needs: 'fallback',
    async check(wire) {
      const calls = await wire.during(async () => {
        const answer = await wire.chat('fallback-late', stream, wire.route('fallback'));
        assert.equal(said(answer), 'Half');
        assert.ok(answer.events.at(-1)?.error, 'the last frame is no error');
      });
      assert.deepEqual(models(calls), ['flaky']);
    },
  },
  {
    group: 11,
    name: 'what the caller did wrong is told at once, and asked of nobody else',
    needs: 'fallback',
    async check(wire) {
      const calls = await wire.during(async () => {
        assert.equal((await wire.chat('fallback-bad', {}, wire.route('fallback'))).status, 400);
      });
      assert.deepEqual(models(calls), ['flaky']);
    },
  },
];
