import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@myriad/contracts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type DownloadOptions, downloadFile, statePathOf } from './download-file.ts';
import { readPartState, receivedOf } from './part-state.ts';
import { type FileServer, serveFile } from './testing/serve-file.ts';

const size = 1_000_003;
const partBytes = 100_000;
let server: FileServer;
let folder: string;
let target: string;

beforeEach(async () => {
  server = await serveFile(size);
  folder = mkdtempSync(join(tmpdir(), 'myriad-models-'));
  target = join(folder, 'model.gguf');
});
afterEach(() => server.close());

const download = (change: Partial<DownloadOptions> = {}) =>
  downloadFile({
    url: server.url,
    target,
    sizeBytes: size,
    sha256: server.sha256,
    clock: systemClock,
    random: systemRandom,
    free: async () => 1e12,
    signal: new AbortController().signal,
    onProgress: () => {},
    partBytes,
    pauseMs: 1,
    ...change,
  });
const isWhole = () => readFileSync(target).equals(server.bytes);

test('a file comes in ranged parts, several at once, and nothing else stays in the folder', async () => {
  // The first four parts are held until all are there; a fifth would have to come while they are.
  const held: (() => void)[] = [];
  const ofParts = () => server.ranges.slice(1);
  server.answer = () => (held.length < 4 ? new Promise((go) => held.push(go)) : Promise.resolve());
  const running = (async () => {
    await vi.waitUntil(() => held.length === 4, { timeout: 10_000, interval: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const asked = ofParts().length;
    for (const go of held) go();
    return asked;
  })();
  const seen: number[] = [];
  expect(await download({ onProgress: ({ receivedBytes }) => seen.push(receivedBytes) })).toBe(size);
  expect(isWhole()).toBe(true);
  expect(readdirSync(folder)).toEqual(['model.gguf']);
  expect(server.ranges).toContain(`bytes=${10 * partBytes}-${size - 1}`);
  expect(await running).toBe(4);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(size);
});

test('a stopped download keeps what came, and the next asks only for what is missing', async () => {
  server.pieceMs = 5;
  const abort = new AbortController();
  await expect(
    download({
      signal: abort.signal,
      onProgress: ({ receivedBytes }) => receivedBytes > size / 2 && abort.abort(),
    }),
  ).rejects.toMatchObject({ code: 'aborted' });
  const kept = receivedOf((await readPartState(statePathOf(target)))?.parts ?? []);
  expect(kept).toBeGreaterThan(size / 2);
  expect(existsSync(target)).toBe(false);
  const before = server.sent();
  await download();
  expect(isWhole()).toBe(true);
  expect(server.sent() - before).toBe(size - kept + 1);
});

test('after kill −9 in the middle the download goes on from what is on disk', async () => {
  server.pieceMs = 150;
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'testing/download-child.ts'), server.url, target, server.sha256, '200000'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text;
  });
  const received = async () => receivedOf((await readPartState(statePathOf(target)))?.parts ?? []);
  await vi.waitUntil(async () => (await received()) > 100_000, { timeout: 15_000, interval: 5 });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(out.trim().split('\n').map(Number)).not.toContain(size);
  const kept = await received();
  const before = server.sent();
  server.pieceMs = 0;
  await download({ partBytes: 200_000 });
  expect(isWhole()).toBe(true);
  expect(server.sent() - before).toBe(size - kept + 1);
}, 30_000);

test('cuts in the middle of parts are asked for again from the byte where they came', async () => {
  let cuts = 0;
  server.intercept = (request, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = [Number(match?.[1]), Number(match?.[2])];
    if (end - start < 50_000 || cuts >= 12) return false;
    cuts += 1;
    response.writeHead(206, {
      etag: '"one"',
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
    response.write(server.bytes.subarray(start, start + 30_000), () => response.destroy());
    return true;
  };
  await download();
  expect(isWhole()).toBe(true);
  expect(cuts).toBe(12);
});

test('a wrong checksum removes every byte and says both sums', async () => {
  await expect(download({ sha256: 'a'.repeat(64) })).rejects.toMatchObject({
    code: 'upstream_protocol',
    message: expect.stringMatching(new RegExp(`a{64} was expected and ${server.sha256} came.*removed`)),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('bytes changed on the way are found out by the checksum', async () => {
  server.bytes[777_777] = (server.bytes[777_777] ?? 0) ^ 1;
  await expect(download()).rejects.toMatchObject({ code: 'upstream_protocol' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a disk without room is found before the first byte is written', async () => {
  await expect(download({ free: async () => 537_000_000 })).rejects.toMatchObject({
    code: 'storage_full',
    facts: { missingBytes: size, freeBytes: 537_000_000 },
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(server.sent()).toBe(1);
});

test('what is on disk already is not asked of the disk again', async () => {
  const abort = new AbortController();
  server.pieceMs = 2;
  const stopped = download({
    signal: abort.signal,
    onProgress: ({ receivedBytes }) => receivedBytes > 900_000 && abort.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  await download({ free: async () => 512 * 1024 * 1024 + 200_000 });
  expect(isWhole()).toBe(true);
});

test.each([
  [404, /404: there is no such file/],
  [401, /401: it wants a sign-in/],
])('%i fails at once, in words', async (status, words) => {
  server.intercept = (_, response) => {
    response.writeHead(status).end();
    return true;
  };
  await expect(download()).rejects.toMatchObject({
    code: 'upstream_rejected',
    message: expect.stringMatching(words),
  });
  expect(server.ranges.length).toBe(1);
});

test('a server that is not there is named, with what can be done', async () => {
  await server.close();
  await expect(download({ attempts: 2 })).rejects.toMatchObject({
    code: 'upstream_unavailable',
    message: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\).*modelMirror/),
  });
});

test('503 and 429 are tried again', async () => {
  let refused = 0;
  server.intercept = (_, response) => {
    if (refused >= 3) return false;
    refused += 1;
    response.writeHead(refused % 2 ? 503 : 429).end();
    return true;
  };
  await download();
  expect(isWhole()).toBe(true);
});

test('a server that falls silent is given up and asked again', async () => {
  let silent = 0;
  server.intercept = (request, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (match?.[1] !== '300000' || silent > 0) return false;
    silent += 1;
    response.writeHead(206, {
      'content-length': partBytes,
      'content-range': `bytes 300000-${Number(match[2])}/${size}`,
    });
    response.flushHeaders();
    return true;
  };
  await download({ stallMs: 100 });
  expect([silent, isWhole()]).toEqual([1, true]);
});

test('without ranges the file comes as one, and from its first byte after a cut', async () => {
  server.ranged = false;
  let cut = 0;
  server.intercept = (_, response) => {
    cut += 1;
    if (cut !== 2) return false;
    response.writeHead(200, { 'content-length': size });
    response.write(server.bytes.subarray(0, 400_000), () => response.destroy());
    return true;
  };
  await download();
  expect([cut, isWhole()]).toEqual([3, true]);
});

test('a file of another size than expected is refused before it is fetched', async () => {
  await expect(download({ sizeBytes: size + 1 })).rejects.toMatchObject({
    code: 'upstream_protocol',
    message: expect.stringContaining(`${size} bytes where ${size + 1} were expected`),
  });
  expect(server.sent()).toBe(1);
});

test('a file that changed on the server begins anew', async () => {
  server.pieceMs = 5;
  const abort = new AbortController();
  await download({
    signal: abort.signal,
    onProgress: ({ receivedBytes }) => receivedBytes > size / 2 && abort.abort(),
  }).catch(() => {});
  server.pieceMs = 0;
  server.etag = '"two"';
  const before = server.sent();
  await download();
  expect(isWhole()).toBe(true);
  expect(server.sent() - before).toBe(size + 1);
});

test('a broken note of what came begins anew', async () => {
  writeFileSync(statePathOf(target), '{"url": "x", "parts": [');
  await download();
  expect(isWhole()).toBe(true);
});

test('redirects are followed, but not without end', async () => {
  let hops = 0;
  server.intercept = (request, response) => {
    if (!request.url?.startsWith('/hop')) return false;
    hops += 1;
    const left = Number(request.url.slice(4));
    response.writeHead(302, { location: left > 1 ? `/hop${left - 1}` : '/model.gguf' }).end();
    return true;
  };
  await download({ url: server.url.replace('model.gguf', 'hop3') });
  expect(isWhole()).toBe(true);
  expect(hops).toBeGreaterThan(3);
  await expect(download({ url: server.url.replace('model.gguf', 'hop9') })).rejects.toMatchObject({
    code: 'upstream_protocol',
    message: expect.stringContaining('redirects more than 5 times'),
  });
});

test('a redirect out of https is not followed', async () => {
  server.intercept = (_, response) => {
    response.writeHead(302, { location: 'http://files.example.org/model.gguf' }).end();
    return true;
  };
  await expect(download()).rejects.toMatchObject({ code: 'address_blocked' });
});
