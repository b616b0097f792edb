/** Resumable uploads: by the protocol's own client, over cut lines and a killed node. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DriveUser, driveUser } from './support/drive.ts';
import { becomeOwner, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let session: Session;
let ann: DriveUser;
let root: string;

beforeAll(async () => {
  node = await startNode();
  session = await becomeOwner(node);
  ann = driveUser(node, session);
  root = await ann.root();
});
afterAll(() => node?.stop());

const metadata = (name: string, more = '') =>
  `filename ${Buffer.from(name).toString('base64')},parent ${btoa(root)}${more}`;
const tus = (method: string, path: string, headers: Record<string, string> = {}, body?: BodyInit) =>
  fetch(path.startsWith('http') ? path : node.url + path, {
    method,
    headers: { ...ann.headers, 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  });
const begin = async (name: string, size: number, more = '') => {
  const made = await tus('POST', '/api/drive/uploads', {
    'upload-length': String(size),
    'upload-metadata': metadata(name, more),
  });
  expect(made.status).toBe(201);
  return made.headers.get('location') as string;
};
const part = (path: string, offset: number, bytes: Uint8Array, headers: Record<string, string> = {}) =>
  tus(
    'PATCH',
    path,
    { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
    bytes as unknown as BodyInit,
  );
const offsetOf = async (path: string) => Number((await tus('HEAD', path)).headers.get('upload-offset'));
const read = async (id: string | null) =>
  Buffer.from(await (await fetch(`${node.url}/api/drive/nodes/${id}/content`, { headers: ann.headers })).arrayBuffer());
const staged = () => readdirSync(join(node.data, 'uploads'));

/** Sends the first bytes of a part, says more are coming, and drops the line. */
function sendAndDrop(path: string, offset: number, bytes: Buffer, announced: number): Promise<void> {
  return new Promise((resolve) => {
    const sending = request(node.url + path, {
      method: 'PATCH',
      headers: {
        ...ann.headers,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'content-length': String(announced),
      },
    });
    sending.on('error', () => resolve());
    sending.on('close', () => resolve());
    sending.write(bytes, () => setTimeout(() => sending.destroy(), 100));
  });
}

test('the server says what it can', async () => {
  const answer = await fetch(`${node.url}/api/drive/uploads`, { method: 'OPTIONS' });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('tus-version')).toBe('1.0.0');
  expect(answer.headers.get('tus-extension')).toContain('checksum');
  const old = await tus('POST', '/api/drive/uploads', { 'tus-resumable': '0.2.2' });
  expect([old.status, old.headers.get('tus-version')]).toEqual([412, '1.0.0']);
});

test("the protocol's client uploads in parts; folders on the way are made; the bytes are the same", async () => {
  const bytes = randomBytes(3_000_000);
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `${node.url}/api/drive/uploads`,
      chunkSize: 1_000_000,
      headers: ann.headers,
      metadata: { filename: '照片.bin', parent: root, folder: 'Trip/Day 1' },
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    });
    upload.start();
  });
  const done = await tus('HEAD', url);
  expect(done.headers.get('upload-offset')).toBe('3000000');
  expect((await read(done.headers.get('x-myriad-node'))).equals(bytes)).toBe(true);
  expect(await ann.names(root)).toContain('Trip');
  expect(staged()).toEqual([]);
});

test('after a dropped line it goes on where it was, and ends with the right bytes', async () => {
  const bytes = randomBytes(4_000_000);
  const path = await begin('dropped.bin', bytes.length);
  await sendAndDrop(path, 0, bytes.subarray(0, 2_500_000), bytes.length);
  // The node notices in its own time that the line is gone; until then another request is told to wait.
  await expect.poll(() => offsetOf(path), { timeout: 20_000 }).toBeGreaterThan(0);
  let answer = await part(path, await offsetOf(path), bytes.subarray(await offsetOf(path)));
  for (let tries = 0; answer.status === 423 && tries < 100; tries += 1) {
    await new Promise((wake) => setTimeout(wake, 100));
    const offset = await offsetOf(path);
    answer = await part(path, offset, bytes.subarray(offset));
  }
  expect(answer.status).toBe(204);
  expect((await read(answer.headers.get('x-myriad-node'))).equals(bytes)).toBe(true);
});

test('after kill −9 what was acknowledged is there, and the file is whole in the end', async () => {
  const bytes = randomBytes(2_000_000);
  const path = await begin('killed.bin', bytes.length);
  expect((await part(path, 0, bytes.subarray(0, 1_200_000))).status).toBe(204);
  await node.kill();
  node = await startNode({ data: node.data });
  const known = await call<{ csrf: string }>(node, 'GET /api/session', {
    key: null,
    headers: { cookie: session.cookie },
  });
  session = { ...session, csrf: known.body.csrf };
  ann = driveUser(node, session);
  const offset = await offsetOf(path);
  expect(offset).toBe(1_200_000);
  const answer = await part(path, offset, bytes.subarray(offset));
  expect(answer.status).toBe(204);
  const stored = await read(answer.headers.get('x-myriad-node'));
  expect(createHash('sha256').update(stored).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('a part at the wrong place, too long or damaged is refused and takes nothing along', async () => {
  const path = await begin('careful.txt', 10);
  expect((await part(path, 3, Buffer.from('abc'))).status).toBe(409);
  const checksum = (text: string) => ({
    'upload-checksum': `sha1 ${createHash('sha1').update(text).digest('base64')}`,
  });
  expect((await part(path, 0, Buffer.from('abcde'), checksum('other'))).status).toBe(460);
  expect(await offsetOf(path)).toBe(0);
  expect((await part(path, 0, Buffer.from('abcde'), { 'upload-checksum': 'crc9 AAAA' })).status).toBe(400);
  expect((await part(path, 0, Buffer.from('abcde'), checksum('abcde'))).status).toBe(204);
  expect((await part(path, 5, Buffer.from('fghijk-too-long'))).status).toBe(413);
  expect(await offsetOf(path)).toBe(5);
  expect((await part(path, 5, Buffer.from('fghij'), { 'content-type': 'text/plain' })).status).toBe(415);
  const last = await part(path, 5, Buffer.from('fghij'));
  expect((await read(last.headers.get('x-myriad-node'))).toString()).toBe('abcdefghij');
  expect((await part(path, 10, Buffer.from(''))).status).toBe(204);
});

test('an upload is ended by its owner, an empty file is whole at once, and what cannot be is refused before a byte', async () => {
  const path = await begin('ended.bin', 10);
  expect((await tus('DELETE', path)).status).toBe(204);
  expect((await tus('HEAD', path)).status).toBe(404);
  expect(staged().filter((name) => path.endsWith(name))).toEqual([]);
  const empty = await tus('POST', '/api/drive/uploads', {
    'upload-length': '0',
    'upload-metadata': metadata('empty.txt'),
  });
  expect([empty.status, empty.headers.get('x-myriad-node')]).toEqual([201, expect.stringMatching(/^nod_/)]);
  const refused = async (length: string, name: string) =>
    (await tus('POST', '/api/drive/uploads', { 'upload-length': length, 'upload-metadata': metadata(name) })).status;
  expect(await refused('x', 'a.bin')).toBe(400);
  expect(await refused('5', '..')).toBe(400);
  expect(await refused(String(50 * 1024 ** 4), 'huge.bin')).toBe(413);
  expect(await refused(String(99 * 1024 ** 3), 'fits.bin')).toBe(201);
});
