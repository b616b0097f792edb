import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { type CallTimeouts, type Clock, defaultTimeouts, systemClock } from '@myriad/contracts';
import { afterEach, expect, test } from 'vitest';
import { type MockUpstream, startMockUpstream } from '../testing/mock-upstream.ts';
import type { Http, HttpAnswer } from './http.ts';
import { openHttp } from './open-http.ts';
import { readBody } from './read-body.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function pair(): Promise<{ readonly http: Http; readonly server: MockUpstream }> {
  const server = await startMockUpstream();
  const http = openHttp();
  closing.push(
    () => http.close(),
    () => server.close(),
  );
  return { http, server };
}

function get(
  http: Http,
  url: string,
  timeouts: Partial<CallTimeouts> = {},
  signal = new AbortController().signal,
): Promise<HttpAnswer> {
  const options = { signal, stream: true, timeouts: { ...defaultTimeouts, totalMs: 10_000, ...timeouts } };
  return http.call({ method: 'GET', url, headers: {}, options, awaitsToken: false });
}

const pause = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs));

test('a peer that takes the connection and never finishes the handshake meets the connect limit', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const http = openHttp();
  const from = performance.now();
  const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
  await expect(get(http, url, { connectMs: 60 })).rejects.toMatchObject({
    code: 'upstream_timeout',
    facts: { phase: 'connect', limitMs: 60 },
  });
  expect(performance.now() - from).toBeLessThan(500);
  await http.close();
  mute.close();
});

test('a reader that falls behind pauses the sender instead of holding the whole body', async () => {
  const { http, server } = await pair();
  const body = Buffer.alloc(48 << 20, 'x');
  server.answer({ body });
  const answer = await get(http, server.url);
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  await pause(200);
  const held = process.memoryUsage().arrayBuffers + process.memoryUsage().external - before;
  expect(held).toBeLessThan(24 << 20);
  let sizeBytes = 0;
  for await (const chunk of answer.body) sizeBytes += chunk.length;
  expect(sizeBytes).toBe(body.length);
});

test('a paused reader does not meet the gap limit, however long it thinks', async () => {
  const { http, server } = await pair();
  server.answer({ body: Buffer.alloc(24 << 20, 'x') });
  const answer = await get(http, server.url, { chunkGapMs: 1_000 });
  await pause(2_500);
  expect(await readBody(answer.body)).toHaveLength(24 << 20);
});

test('a dead kept-alive connection is replaced once, not twice', async () => {
  const { http, server } = await pair();
  server.answer({ body: 'first' }, { hangUp: true });
  await readBody((await get(http, server.url)).body);
  await pause(20);
  await expect(get(http, server.url)).rejects.toMatchObject({ code: 'upstream_unavailable' });
  expect(server.requests).toHaveLength(3);
});

test('one connection carries calls one after another', async () => {
  const { http, server } = await pair();
  server.answer({ body: 'again' });
  for (let call = 0; call < 4; call += 1) {
    expect(await readBody((await get(http, server.url)).body)).toBe('again');
    await pause(10);
  }
  expect(server.connections).toBe(1);
});

test('an answer past the limit is refused after decompression, before it fills memory', async () => {
  const { http, server } = await pair();
  server.answer({ body: Buffer.alloc(8 << 20), encoding: 'gzip' });
  const answer = await get(http, server.url);
  await expect(readBody(answer.body, 1 << 20)).rejects.toMatchObject({ code: 'upstream_protocol' });
});

test('layers of encoding are undone in their order, and an unknown one is named', async () => {
  const { http, server } = await pair();
  const { gzipSync, brotliCompressSync } = await import('node:zlib');
  const body = brotliCompressSync(gzipSync('twice'));
  server.answer(
    { body, headers: { 'content-encoding': 'gzip, br' } },
    { body: 'x', headers: { 'content-encoding': 'snappy' } },
  );
  expect(await readBody((await get(http, server.url)).body)).toBe('twice');
  await pause(10);
  await expect(get(http, server.url).then((answer) => readBody(answer.body))).rejects.toMatchObject({
    code: 'upstream_protocol',
    facts: { encoding: 'snappy' },
  });
});

test('no timer of a finished call is left on the clock', async () => {
  const open = new Set<number>();
  let number = 0;
  const clock: Clock = {
    ...systemClock,
    after(delayMs, callback) {
      number += 1;
      const id = number;
      open.add(id);
      const cancel = systemClock.after(delayMs, () => {
        open.delete(id);
        callback();
      });
      return () => {
        open.delete(id);
        cancel();
      };
    },
  };
  const server = await startMockUpstream();
  server.answer({ body: 'x' }, { body: 'x', fault: { kind: 'cut', afterBytes: 0 } }, { delayMs: 1000 });
  const http = openHttp({ clock });
  await readBody((await get(http, server.url)).body);
  await get(http, server.url)
    .then((answer) => readBody(answer.body))
    .catch(() => undefined);
  await get(http, server.url, {}, AbortSignal.timeout(20)).catch(() => undefined);
  expect(open.size).toBe(0);
  await http.close();
  await server.close();
});

test.each(['not an address', 'http://', ''])('the address %j is refused', async (url) => {
  const http = openHttp();
  await expect(get(http, url)).rejects.toMatchObject({ code: 'invalid_request' });
  await http.close();
});
