/** The drive over HTTP: files, versions, trash, sharing, links, search and asking, with real requests to a real node. */
import { createHash } from 'node:crypto';
import type {
  ConversationDetail,
  DriveBatchAnswer,
  DriveDetail,
  DriveLinkAnswer,
  DriveNodeAnswer,
  DriveSearchAnswer,
  DrivesAnswer,
  OpenLinkAnswer,
  Page,
  RunRecord,
  SentMessage,
  SharingAnswer,
} from '@myriad/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DriveUser, driveUser } from './support/drive.ts';
import { acceptInvite, becomeOwner, call, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';

let node: RunningNode;
let ann: DriveUser;
let bob: DriveUser;
let bobSession: Session;
let root: string;

beforeAll(async () => {
  node = await startNode({ environment: { MYRIAD_DRIVE_MEMBER_BYTES: '2000' } });
  ann = driveUser(node, await becomeOwner(node));
  const invite = await ann.api<{ link: string }>('POST /api/invites', { role: 'member', groups: [] });
  bobSession = await acceptInvite(node, invite.body.link, {
    name: 'Bob',
    email: 'bob@example.org',
    password: 'a long enough password',
  });
  bob = driveUser(node, bobSession);
  await ann.api('PUT /api/groups/finance', { members: [bobSession.personId] });
  root = await ann.root();
});
afterAll(() => node?.stop());

const folder = async (user: DriveUser, parentId: string, name: string) => {
  const made = await user.api<DriveNodeAnswer>('POST /api/drive/folders', { parentId, name });
  expect(made.status).toBe(201);
  return made.body.id;
};
const content = (user: DriveUser, id: string, headers: Record<string, string> = {}, query = '') =>
  fetch(`${node.url}/api/drive/nodes/${id}/content${query}`, { headers: { ...user.headers, ...headers } });

describe('files', () => {
  test('a file comes back byte for byte, in parts, and is not sent again when it is known', async () => {
    const bytes = Buffer.from('0123456789'.repeat(50_000));
    const { body, status } = await ann.put(root, '报告 “final”.bin', bytes);
    expect([status, body.sizeBytes, body.version]).toEqual([201, bytes.length, 1]);
    const whole = await content(ann, body.id);
    expect(
      createHash('sha256')
        .update(Buffer.from(await whole.arrayBuffer()))
        .digest('hex'),
    ).toBe(body.contentHash);
    expect(whole.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%E6%8A%A5%E5%91%8A/);
    const etag = whole.headers.get('etag') as string;
    const part = await content(ann, body.id, { range: 'bytes=10-19' });
    expect([part.status, await part.text()]).toEqual([206, '0123456789']);
    expect(part.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
    expect(await (await content(ann, body.id, { range: 'bytes=-3' })).text()).toBe('789');
    expect((await content(ann, body.id, { range: `bytes=${bytes.length}-` })).status).toBe(416);
    expect((await content(ann, body.id, { 'if-none-match': etag })).status).toBe(304);
    expect((await content(ann, body.id, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  test('a page that somebody uploads is no page of this site', async () => {
    const { body } = await ann.put(root, 'evil.html', '<script>document.title = "owned"</script>');
    const shown = await content(ann, body.id);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
    const loaded = await content(ann, body.id, {}, '?download');
    expect(loaded.headers.get('content-type')).toBe('application/octet-stream');
  });

  test('the same name is a new version; an old one is downloaded, brought back and deleted', async () => {
    const first = (await ann.put(root, 'plan.md', 'first')).body;
    const second = (await ann.put(root, 'plan.md', 'second')).body;
    expect([second.id, second.version]).toEqual([first.id, 2]);
    expect((await ann.put(root, 'plan.md', 'second')).body.version).toBe(2);
    expect((await ann.put(root, 'plan.md', 'x', 'refuse')).status).toBe(409);
    expect((await ann.put(root, 'plan.md', 'x', 'number')).body.name).toBe('plan (2).md');
    expect(await (await content(ann, first.id, {}, '?version=1')).text()).toBe('first');
    const back = await ann.api<DriveNodeAnswer>(`POST /api/drive/nodes/${first.id}/versions/1/restore`);
    expect(back.body.version).toBe(3);
    expect(await (await content(ann, first.id)).text()).toBe('first');
    expect((await ann.api(`DELETE /api/drive/nodes/${first.id}/versions/3`)).status).toBe(409);
    expect((await ann.api(`DELETE /api/drive/nodes/${first.id}/versions/2`)).status).toBe(200);
    const detail = await ann.api<DriveDetail>(`GET /api/drive/nodes/${first.id}`);
    expect(detail.body.versions.map(({ number }) => number)).toEqual([3, 1]);
  });

  test('bad names and bad places are refused in words', async () => {
    for (const name of ['..', 'a/b', ' ', 'x'.repeat(300), 'turn\u202egpj.exe'])
      expect((await ann.api('POST /api/drive/folders', { parentId: root, name })).status, name).toBe(400);
    expect((await ann.api('POST /api/drive/folders', { parentId: 'nod_none', name: 'a' })).status).toBe(404);
    const outer = await folder(ann, root, 'outer');
    const inner = await folder(ann, outer, 'inner');
    expect((await ann.api('POST /api/drive/folders', { parentId: root, name: 'outer' })).status).toBe(409);
    const inside = await ann.api(`PATCH /api/drive/nodes/${outer}`, { parentId: inner });
    expect(inside.status).toBe(409);
    expect((await ann.api(`PATCH /api/drive/nodes/${root}`, { name: 'root' })).status).toBe(400);
  });

  test('many at once: moved, copied with what is in them, put into the trash and taken back', async () => {
    const from = await folder(ann, root, 'from');
    const to = await folder(ann, root, 'to');
    const ids = [];
    for (const name of ['a.txt', 'b.txt']) ids.push((await ann.put(from, name, name)).body.id);
    await ann.put(await folder(ann, from, 'deep'), 'c.txt', 'c');
    const batch = (body: object) => ann.api<DriveBatchAnswer>('POST /api/drive/batch', body);
    expect((await batch({ action: 'copy', ids: [from], parentId: to })).body.done).toHaveLength(1);
    expect(await ann.names(to)).toEqual(['from']);
    expect((await batch({ action: 'move', ids: [...ids, 'nod_none'], parentId: to })).body).toMatchObject({
      done: ids,
      failed: [{ id: 'nod_none', code: 'not_found' }],
    });
    expect(await ann.names(to)).toEqual(['from', 'a.txt', 'b.txt']);
    expect((await batch({ action: 'trash', ids: [to] })).body.failed).toEqual([]);
    expect((await ann.api(`GET /api/drive/folders/${root}`)).status).toBe(200);
    expect(await ann.names(root)).not.toContain('to');
    const trash = await ann.api<Page<DriveNodeAnswer>>('GET /api/drive/trash');
    expect(trash.body.items.map(({ name }) => name)).toContain('to');
    await folder(ann, root, 'to');
    expect((await batch({ action: 'restore', ids: [to] })).body.failed).toEqual([]);
    expect(await ann.names(root)).toContain('to (2)');
    expect(await ann.names(to)).toEqual(['from', 'a.txt', 'b.txt']);
  });

  test('for ever asks for the name, gives the room back, and the bytes are gone', async () => {
    const used = async () => (await ann.api<DrivesAnswer>('GET /api/drive')).body.own?.usedBytes as number;
    const before = await used();
    const { body } = await ann.put(root, 'secret.txt', 'a secret of exactly this many bytes');
    expect(await used()).toBe(before + body.sizeBytes);
    expect((await ann.api(`DELETE /api/drive/nodes/${body.id}?name=other`)).status).toBe(400);
    expect((await ann.api(`DELETE /api/drive/nodes/${body.id}?name=secret.txt`)).status).toBe(200);
    expect(await used()).toBe(before);
    expect((await content(ann, body.id)).status).toBe(404);
  });

  test('the quota of the plan is kept, and an owner of the house may change it', async () => {
    const home = await bob.root();
    const full = await bob.put(home, 'large.bin', Buffer.alloc(2_001));
    expect([full.status, (full.body as unknown as { code: string }).code]).toEqual([507, 'quota_exceeded']);
    const { own } = (await bob.api<DrivesAnswer>('GET /api/drive')).body;
    expect(own).toMatchObject({ usedBytes: 0, limitBytes: 2_000 });
    expect((await bob.api(`PUT /api/drive/quotas/${own?.id}`, { quotaBytes: 9_000 })).status).toBe(403);
    expect((await ann.api(`PUT /api/drive/quotas/${own?.id}`, { quotaBytes: 9_000 })).status).toBe(200);
    expect((await bob.put(home, 'large.bin', Buffer.alloc(2_001))).status).toBe(201);
  });
});

describe('sharing', () => {
  test('a share reaches down, as viewer and as editor, by group, and ends at once', async () => {
    const shared = await folder(ann, root, 'Budget');
    const deep = await folder(ann, shared, '2026');
    const file = (await ann.put(deep, 'numbers.txt', 'The lantern budget is 4,200 euro.')).body;
    await ann.indexed(file.id);
    expect((await bob.api(`GET /api/drive/nodes/${file.id}`)).status).toBe(404);
    const share = (role: string | null) =>
      ann.api<SharingAnswer>(`PUT /api/drive/nodes/${shared}/shares`, { principal: 'group:finance', role });
    expect((await share('viewer')).body.shares).toHaveLength(1);
    const seen = await bob.api<DriveDetail>(`GET /api/drive/nodes/${file.id}`);
    expect(seen.body.path.map(({ name }) => name)).toEqual(['Budget', '2026', 'numbers.txt']);
    expect(seen.body.node.may).toEqual(['read']);
    const list = (await bob.api<DrivesAnswer>('GET /api/drive')).body.shared;
    expect(list.map(({ name, role }) => [name, role])).toEqual([['Budget', 'viewer']]);
    expect((await bob.put(deep, 'mine.txt', 'x')).status).toBe(403);
    expect((await bob.api(`PATCH /api/drive/nodes/${file.id}`, { name: 'no.txt' })).status).toBe(403);
    const found = async () =>
      (await bob.api<DriveSearchAnswer>('GET /api/drive/search?q=lantern+budget')).body.texts.map(
        (hit) => hit.node.name,
      );
    expect(await found()).toEqual(['numbers.txt']);
    await share('editor');
    expect((await bob.put(deep, 'mine.txt', 'x')).status).toBe(201);
    expect((await bob.api(`GET /api/drive/nodes/${shared}/sharing`)).status).toBe(403);
    expect((await bob.api(`PATCH /api/drive/nodes/${deep}`, { parentId: await bob.root() })).status).toBe(200);
    expect((await ann.put(shared, 'again.txt', 'again')).status).toBe(201);
    await share(null);
    expect((await bob.api(`GET /api/drive/folders/${shared}`)).status).toBe(404);
    expect(await bob.names(await bob.root())).toContain('2026');
    expect((await share('owner')).status).toBe(400);
    const nobody = { principal: 'person:per_none', role: 'viewer' };
    expect((await ann.api(`PUT /api/drive/nodes/${shared}/shares`, nobody)).status).toBe(400);
  });

  test('a link opens a folder without a session, asks for its password, is counted, and is taken back', async () => {
    const shared = await folder(ann, root, 'Linked');
    const file = (await ann.put(shared, 'note.txt', 'linked words')).body;
    const other = (await ann.put(root, 'not linked.txt', 'not linked')).body;
    const made = await ann.api<DriveLinkAnswer>(`POST /api/drive/nodes/${shared}/links`, {
      password: 'open sesame',
      maxDownloads: 2,
      expiresAt: Date.now() + 3_600_000,
    });
    const token = made.body.url?.split('/').at(-1);
    const open = (query = '') => call<OpenLinkAnswer>(node, `GET /api/open/links/${token}${query}`, { key: null });
    expect((await open()).body).toMatchObject({ locked: true, name: null, items: [] });
    const unlock = (password: string) =>
      call<{ ticket: string }>(node, `POST /api/open/links/${token}/unlock`, { key: null, body: { password } });
    expect((await unlock('wrong')).status).toBe(403);
    const { ticket } = (await unlock('open sesame')).body;
    const listed = (await open(`?ticket=${ticket}`)).body;
    expect([listed.name, listed.items.map(({ name }) => name), listed.downloadsLeft]).toEqual([
      'Linked',
      ['note.txt'],
      2,
    ]);
    const get = (id: string, query = `&ticket=${ticket}`) =>
      fetch(`${node.url}/api/open/links/${token}/content?node=${id}${query}`);
    expect((await get(file.id, '')).status).toBe(403);
    expect((await get(other.id)).status).toBe(404);
    expect(await (await get(file.id)).text()).toBe('linked words');
    expect((await get(file.id)).status).toBe(200);
    expect((await get(file.id)).status).toBe(403);
    const { links } = (await ann.api<SharingAnswer>(`GET /api/drive/nodes/${shared}/sharing`)).body;
    expect(links).toMatchObject([{ downloads: 2, hasPassword: true, url: null }]);
    expect((await ann.api(`DELETE /api/drive/links/${made.body.id}`)).status).toBe(200);
    expect((await open(`?ticket=${ticket}`)).status).toBe(404);
    for (let tries = 0; tries < 12; tries += 1) await unlock('wrong');
    expect((await call(node, 'GET /api/open/links/none', { key: null })).status).toBe(404);
  });

  test("the organisation's drive is read by everyone and written by owners", async () => {
    const { house } = (await bob.api<DrivesAnswer>('GET /api/drive')).body;
    expect(house.may).toEqual(['read']);
    expect((await bob.put(house.rootId, 'x.txt', 'x')).status).toBe(403);
    expect((await ann.put(house.rootId, 'rules.txt', 'House rules of the lantern shop.')).status).toBe(201);
    expect(await bob.names(house.rootId)).toEqual(['rules.txt']);
  });
});

describe('knowledge', () => {
  const ask = async (user: DriveUser, nodeId: string, text: string) => {
    const { body } = await user.api<ConversationDetail>(`POST /api/drive/nodes/${nodeId}/ask`, {});
    const route = `POST /api/conversations/${body.conversation.id}/messages`;
    const sent = await user.api<SentMessage>(route, { parentId: null, text });
    const stream = await fetch(`${node.url}/api/messages/${sent.body.answer.id}/stream`, { headers: user.headers });
    const events = (await stream.text())
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as { type: string; text?: string; citation?: { documentName: string } });
    return {
      conversation: body.conversation.id,
      text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''),
      cited: events.flatMap(({ citation }) => (citation ? [citation.documentName] : [])),
      run: events.flatMap((event) => (event.type === 'done' ? [(event as unknown as { run: RunRecord }).run] : []))[0],
    };
  };

  test('a file and a folder are asked as runs of the app, from what is in them and nothing else', async () => {
    const sea = await folder(ann, root, 'Sea');
    const harbour = (await ann.put(sea, 'harbour.txt', 'The harbour master is Ms Okoye. The harbour opens at six.'))
      .body;
    const ship = (await ann.put(sea, 'ship.txt', 'The ship leaves the harbour at seven from pier nine.')).body;
    await ann.indexed(harbour.id);
    await ann.indexed(ship.id);
    const folderAnswer = await ask(ann, sea, 'When does the ship leave the harbour?');
    expect(folderAnswer.cited).toContain('ship.txt');
    expect(folderAnswer.run).toMatchObject({ appName: 'drive', status: 'ok' });
    const fileAnswer = await ask(ann, harbour.id, 'When does the ship leave the harbour?');
    expect(fileAnswer.cited).not.toContain('ship.txt');
    expect((await bob.api(`POST /api/drive/nodes/${sea}/ask`, {})).status).toBe(404);
    const runs = await ann.api<Page<RunRecord>>('GET /api/runs?app=drive');
    expect(runs.body.items.length).toBeGreaterThanOrEqual(2);
  });

  test('a new version is read anew, and what is deleted is found no more', async () => {
    const file = (await ann.put(root, 'colour.txt', 'The gate of the old mill is painted vermilion.')).body;
    await ann.indexed(file.id);
    const hits = async (q: string) =>
      (await ann.api<DriveSearchAnswer>(`GET /api/drive/search?q=${encodeURIComponent(q)}`)).body.texts.map(
        (hit) => hit.node.name,
      );
    expect(await hits('vermilion gate')).toEqual(['colour.txt']);
    await ann.put(root, 'colour.txt', 'The gate of the old mill is painted turquoise.');
    await ann.indexed(file.id);
    expect(await hits('vermilion')).toEqual([]);
    expect(await hits('turquoise gate')).toEqual(['colour.txt']);
    await ann.api('POST /api/drive/batch', { action: 'trash', ids: [file.id] });
    expect(await hits('turquoise gate')).toEqual([]);
    await ann.api('POST /api/drive/batch', { action: 'restore', ids: [file.id] });
    await ann.indexed(file.id);
    expect(await hits('turquoise gate')).toEqual(['colour.txt']);
    await ann.api(`DELETE /api/drive/nodes/${file.id}?name=colour.txt`);
    expect(await hits('turquoise gate')).toEqual([]);
  });

  test('a manifest that names a folder of the drive answers from it', async () => {
    const { house } = (await ann.api<DrivesAnswer>('GET /api/drive')).body;
    const policies = await folder(ann, house.rootId, 'policies');
    const refunds = await folder(ann, policies, 'refunds');
    const file = (await ann.put(refunds, 'refunds.md', '# Refunds\n\nLanterns are refunded within thirty days.')).body;
    await ann.indexed(file.id);
    const source = `kind: App\nname: refund-reader\ndescription: Reads refunds.\ninstructions: Answer.\nknowledge: ['drive:/policies']\naccess: {use: [everyone]}\nexpose: [chat, api]\n`;
    await ann.api('POST /api/apps', { source });
    expect((await ann.api('POST /api/apps/refund-reader/publish', {})).status).toBe(200);
    const answer = await call<{ choices: { message: { content: string } }[] }>(node, 'POST /v1/chat/completions', {
      body: { model: 'app:refund-reader', messages: [{ role: 'user', content: 'When are lanterns refunded?' }] },
    });
    expect(answer.body.choices[0]?.message.content).toContain('thirty days');
  });

  test('tags come from the text, people add theirs, and both find the file', async () => {
    const text = `# 租赁合同\n\n${'租赁合同约定押金与租金，租赁双方签字。'.repeat(4)}`;
    const file = (await ann.put(root, '合同.md', text)).body;
    await ann.indexed(file.id);
    await ann.api(`PATCH /api/drive/nodes/${file.id}`, { tags: ['法务'] });
    await expect
      .poll(
        async () =>
          (await ann.api<DriveDetail>(`GET /api/drive/nodes/${file.id}`)).body.node.tags.map((each) => each.tag),
        { timeout: 30_000 },
      )
      .toEqual(expect.arrayContaining(['法务', '租赁']));
    const found = await ann.api<DriveSearchAnswer>(`GET /api/drive/search?tag=${encodeURIComponent('法务')}`);
    expect(found.body.names.map(({ name }) => name)).toEqual(['合同.md']);
    const counted = await ann.api<{ items: { tag: string }[] }>('GET /api/drive/tags');
    expect(counted.body.items.map((each) => each.tag)).toContain('租赁');
  });

  test('a file that cannot be read says why, and can be tried again', async () => {
    const file = (await ann.put(root, 'broken.pdf', '%PDF-1.4\nno pages here')).body;
    const failed = await ann.indexed(file.id);
    expect(failed.index).toMatchObject({ status: 'failed', reason: expect.stringMatching(/.{10}/) });
    expect((await ann.api(`POST /api/drive/nodes/${file.id}/index`)).status).toBe(200);
    expect((await ann.indexed(file.id)).index?.status).toBe('failed');
    const picture = (await ann.put(root, 'photo.png', Buffer.from('89504e47', 'hex'))).body;
    expect(picture.notIndexed).toMatch(/names only/);
  });

  test('duplicates and what changed this week', async () => {
    const twice = await folder(ann, root, 'twice');
    await ann.put(twice, 'one.txt', 'the same bytes twice');
    await ann.put(twice, 'two.txt', 'the same bytes twice');
    const { body } = await ann.api<{ groups: { files: { name: string }[] }[] }>('GET /api/drive/duplicates');
    expect(body.groups.map(({ files }) => files.map(({ name }) => name))).toContainEqual(['one.txt', 'two.txt']);
    const changes = await ann.api<Page<DriveNodeAnswer>>('GET /api/drive/changes?days=7');
    expect(changes.body.items[0]?.name).toBe('two.txt');
    expect(
      (await bob.api<Page<DriveNodeAnswer>>('GET /api/drive/changes')).body.items.map(({ name }) => name),
    ).not.toContain('two.txt');
  });
});
