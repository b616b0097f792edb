/** The drive by WebDAV, with a client that others keep. */
import type { DriveNodeAnswer } from '@myriad/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type FileStat, type WebDAVClient } from 'webdav';
import { type DriveUser, driveUser } from './support/drive.ts';
import { acceptInvite, becomeOwner, browserHeaders, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let session: Session;
let ann: DriveUser;
let secret: string;
let dav: WebDAVClient;

const keyOf = async (of: Session, scopes: readonly string[]) => {
  const made = await call<{ secret: string }>(node, 'POST /api/keys', {
    key: null,
    headers: browserHeaders(node, of),
    body: { name: 'laptop', scopes },
  });
  return made.body.secret;
};
const basic = (password: string) => `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(node.url + path, {
    method,
    headers: { authorization: basic(secret), ...headers },
    ...(body === undefined ? {} : { body }),
  });

beforeAll(async () => {
  node = await startNode();
  session = await becomeOwner(node);
  ann = driveUser(node, session);
  secret = await keyOf(session, ['drive']);
  dav = createClient(`${node.url}/dav`, { username: 'ann', password: secret });
});
afterAll(() => node?.stop());

const list = async (path: string, client = dav) =>
  ((await client.getDirectoryContents(path)) as FileStat[]).map(({ basename }) => basename).sort();

test('only a key that may use the drive opens it; a session, a wrong key and another scope do not', async () => {
  const answer = await fetch(`${node.url}/dav/files/`, { method: 'PROPFIND', headers: { depth: '1' } });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Basic realm/)]);
  const cookie = await fetch(`${node.url}/dav/files/`, {
    method: 'PROPFIND',
    headers: { depth: '1', ...browserHeaders(node, session) },
  });
  expect(cookie.status).toBe(401);
  const other = await keyOf(session, ['runs:read']);
  const asked = await raw('PROPFIND', '/dav/files/', { authorization: basic(other), depth: '1' });
  expect(asked.status).toBe(404);
  expect((await raw('PROPFIND', '/dav/', { authorization: basic(`${secret}x`), depth: '0' })).status).toBe(401);
  expect((await call(node, 'GET /api/people', { key: secret })).status).toBe(403);
});

test('files go in and out, folders are made, moved, copied and thrown away, and all is one drive with the page', async () => {
  expect(await list('/')).toEqual(['files', 'house', 'shared']);
  await dav.createDirectory('/files/Büro 办公');
  await dav.putFileContents('/files/Büro 办公/año & <b>.txt', 'first');
  await dav.putFileContents('/files/Büro 办公/año & <b>.txt', 'second');
  expect(await list('/files/Büro 办公')).toEqual(['año & <b>.txt']);
  expect(await dav.getFileContents('/files/Büro 办公/año & <b>.txt', { format: 'text' })).toBe('second');
  const stat = (await dav.stat('/files/Büro 办公/año & <b>.txt')) as FileStat;
  expect([stat.size, stat.type, stat.mime]).toEqual([6, 'file', 'text/plain']);
  const root = await ann.root();
  expect(await ann.names(root)).toEqual(['Büro 办公']);
  const found = await ann.api<{ names: DriveNodeAnswer[] }>(`GET /api/drive/search?q=${encodeURIComponent('办公')}`);
  expect(found.body.names.map(({ name }) => name)).toEqual(['Büro 办公']);
  await dav.copyFile('/files/Büro 办公', '/files/copy');
  await dav.moveFile('/files/copy/año & <b>.txt', '/files/copy/plain.txt');
  expect(await list('/files/copy')).toEqual(['plain.txt']);
  await dav.putFileContents('/files/other.txt', 'other');
  await dav.moveFile('/files/other.txt', '/files/copy/plain.txt');
  expect(await dav.getFileContents('/files/copy/plain.txt', { format: 'text' })).toBe('other');
  await dav.deleteFile('/files/copy');
  expect(await list('/files')).toEqual(['Büro 办公']);
  const trash = await ann.api<{ items: { name: string }[] }>('GET /api/drive/trash');
  expect(trash.body.items.map(({ name }) => name)).toContain('copy');
  const quota = await dav.getQuota({ path: '/files' });
  expect(quota).toMatchObject({ used: expect.any(Number), available: expect.any(Number) });
});

test('parts are read, a stream is written, and what is wrong has the status that clients know', async () => {
  const bytes = Buffer.from('0123456789'.repeat(100_000));
  await dav.putFileContents('/files/big.bin', bytes);
  const part = await raw('GET', '/dav/files/big.bin', { range: 'bytes=5-9' });
  expect([part.status, await part.text()]).toEqual([206, '56789']);
  expect((await raw('MKCOL', '/dav/files/no/such/')).status).toBe(409);
  expect((await raw('MKCOL', '/dav/files/big.bin')).status).toBe(405);
  expect((await raw('MKCOL', '/dav/files/body/', { 'content-type': 'text/plain' }, 'x')).status).toBe(415);
  expect((await raw('PUT', '/dav/files/no/such.txt', {}, 'x')).status).toBe(409);
  expect((await raw('PUT', '/dav/files/big.bin', { 'if-none-match': '*' }, 'x')).status).toBe(412);
  expect((await raw('GET', '/dav/files/none.txt')).status).toBe(404);
  expect((await raw('PROPFIND', '/dav/files/', { depth: 'infinity' })).status).toBe(403);
  expect((await raw('PROPFIND', '/dav/files/', { depth: '0' }, '<not xml')).status).toBe(400);
  const laughs =
    '<!DOCTYPE a [<!ENTITY b "ha">]><D:propfind xmlns:D="DAV:"><D:prop><D:displayname/></D:prop></D:propfind>';
  expect((await raw('PROPFIND', '/dav/files/', { depth: '0' }, laughs)).status).toBe(400);
  expect((await raw('DELETE', '/dav/files/')).status).toBe(403);
  const away = { destination: 'http://elsewhere.example/dav/files/x' };
  expect((await raw('MOVE', '/dav/files/big.bin', away)).status).toBe(502);
  const kept = { destination: `${node.url}/dav/files/Büro%20办公`, overwrite: 'F' };
  const encoded = { ...kept, destination: encodeURI(`${node.url}/dav/files/Büro 办公`) };
  expect((await raw('COPY', '/dav/files/big.bin', encoded)).status).toBe(412);
  expect((await raw('PATCH', '/dav/files/big.bin')).status).toBe(405);
  const asked = '<propfind xmlns="DAV:"><prop><getetag/><nothing xmlns="urn:x"/></prop></propfind>';
  const props = await (await raw('PROPFIND', '/dav/files/big.bin', { depth: '0' }, asked)).text();
  expect(props).toMatch(/<D:getetag>"[0-9a-f]{64}"<\/D:getetag>.*200 OK.*nothing.*404 Not Found/s);
});

test('a lock keeps others out until it is given back', async () => {
  const info =
    '<lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype><owner>ann</owner></lockinfo>';
  const locked = await raw('LOCK', '/dav/files/plan.txt', { timeout: 'Second-60', depth: '0' }, info);
  expect(locked.status).toBe(201);
  const token = locked.headers.get('lock-token') as string;
  expect((await raw('PUT', '/dav/files/plan.txt', {}, 'no')).status).toBe(423);
  expect((await raw('LOCK', '/dav/files/plan.txt', {}, info)).status).toBe(423);
  expect((await raw('PUT', '/dav/files/plan.txt', { if: `(${token})` }, 'yes')).status).toBe(204);
  expect((await raw('LOCK', '/dav/files/plan.txt', { if: `(${token})`, timeout: 'Second-90' })).status).toBe(200);
  expect((await raw('DELETE', '/dav/files/plan.txt')).status).toBe(423);
  const seen = await (await raw('PROPFIND', '/dav/files/plan.txt', { depth: '0' })).text();
  expect(seen).toContain(token.slice(1, -1));
  expect((await raw('UNLOCK', '/dav/files/plan.txt', { 'lock-token': token })).status).toBe(204);
  expect((await raw('UNLOCK', '/dav/files/plan.txt', { 'lock-token': token })).status).toBe(409);
  expect((await raw('DELETE', '/dav/files/plan.txt')).status).toBe(204);
  const set =
    '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><Z:Win32FileAttributes xmlns:Z="urn:schemas-microsoft-com:">20</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>';
  expect(await (await raw('PROPPATCH', '/dav/files/big.bin', {}, set)).text()).toContain('200 OK');
});

describe('of others', () => {
  test('what is shared is seen under /shared, and the rest of a drive is not', async () => {
    const invite = await ann.api<{ link: string }>('POST /api/invites', { role: 'member' });
    const bobSession = await acceptInvite(node, invite.body.link, {
      name: 'Bob',
      email: 'bob@example.org',
      password: 'a long enough password',
    });
    const bob = createClient(`${node.url}/dav`, { username: 'bob', password: await keyOf(bobSession, ['drive']) });
    expect(await list('/files', bob)).toEqual([]);
    const root = await ann.root();
    const shared = await ann.api<DriveNodeAnswer>('POST /api/drive/folders', { parentId: root, name: 'For Bob' });
    await ann.put(shared.body.id, 'note.txt', 'hello Bob');
    const share = { principal: `person:${bobSession.personId}`, role: 'viewer' };
    await ann.api(`PUT /api/drive/nodes/${shared.body.id}/shares`, share);
    expect(await list('/shared', bob)).toEqual(['For Bob']);
    expect(await bob.getFileContents('/shared/For Bob/note.txt', { format: 'text' })).toBe('hello Bob');
    await expect(bob.putFileContents('/shared/For Bob/mine.txt', 'x')).rejects.toMatchObject({ status: 403 });
    await expect(bob.putFileContents('/house/mine.txt', 'x')).rejects.toMatchObject({ status: 403 });
    await dav.putFileContents('/house/ours.txt', 'ours');
    expect(await list('/house', bob)).toEqual(['ours.txt']);
  });
});
