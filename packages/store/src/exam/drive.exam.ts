import type { Drive, DriveNode, DriveVersion, Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleCollection, sampleDocument, sampleId } from './samples.exam.ts';

const gigabyte = 1_000_000_000;

export function examineDrive(open: () => Store): void {
  let made = 0;
  const node = (parent: DriveNode | null, change: Partial<DriveNode> = {}): DriveNode => {
    made += 1;
    return {
      id: `nod_${String(made).padStart(6, '0')}_${sampleId('n')}`,
      driveId: parent?.driveId ?? '',
      parentId: parent?.id ?? null,
      kind: 'folder',
      name: `Folder ${made}`,
      mediaType: '',
      sizeBytes: 0,
      contentHash: null,
      version: 0,
      createdAt: made,
      createdBy: 'per_ann',
      updatedAt: made,
      updatedBy: 'per_ann',
      trashedAt: null,
      trashRoot: null,
      documentId: null,
      notIndexed: null,
      ...change,
    };
  };
  const newDrive = async (): Promise<{ drive: Drive; root: DriveNode }> => {
    const id = sampleId('drv');
    const root = node(null, { driveId: id, name: '' });
    const drive: Drive = {
      id,
      kind: 'person',
      ownerId: sampleId('per'),
      rootId: root.id,
      usedBytes: 0,
      files: 0,
      quotaBytes: null,
      createdAt: 1,
    };
    await open().drive.createDrive(drive, root);
    return { drive, root };
  };
  const folder = async (parent: DriveNode, name: string) => {
    const made = node(parent, { name });
    await open().drive.createFolder(made);
    return made;
  };
  const versionOf = (file: DriveNode): DriveVersion => ({
    nodeId: file.id,
    number: file.version,
    contentHash: file.contentHash ?? '',
    sizeBytes: file.sizeBytes,
    mediaType: file.mediaType,
    createdAt: file.updatedAt,
    createdBy: file.updatedBy,
  });
  const file = async (parent: DriveNode, name: string, change: Partial<DriveNode> = {}, quota = gigabyte) => {
    const made = node(parent, {
      kind: 'file',
      name,
      mediaType: 'text/plain',
      sizeBytes: 10,
      contentHash: `hash-${name}`,
      version: 1,
      ...change,
    });
    await open().drive.putFile(made, versionOf(made), 0, quota);
    return made;
  };
  const names = async (parentId: string, change: object = {}) =>
    (await open().drive.list({ parentId, ...change })).items.map(({ name }) => name);

  test('[T1] an owner has one drive, and its root has no parent', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    expect(await drive.driveOf(mine.ownerId)).toEqual(mine);
    expect(await drive.drive(mine.id)).toEqual(mine);
    expect(await drive.node(root.id)).toEqual({ ...root, index: null });
    const twin = { ...mine, id: sampleId('drv') };
    await expect(drive.createDrive(twin, node(null, { driveId: twin.id, name: '' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await drive.setQuota(mine.id, 5);
    expect((await drive.drive(mine.id))?.quotaBytes).toBe(5);
  });

  test('[T2] a name is taken once in a folder; the trash frees it', async () => {
    const { drive } = open();
    const { root } = await newDrive();
    const first = await folder(root, '报告');
    await expect(folder(root, '报告')).rejects.toMatchObject({ code: 'conflict' });
    await expect(file(root, '报告')).rejects.toMatchObject({ code: 'conflict' });
    expect((await drive.child(root.id, '报告'))?.id).toBe(first.id);
    await drive.putInTrash(first.id, 50, 'per_ann');
    expect(await drive.child(root.id, '报告')).toBeNull();
    await folder(root, '报告');
    await expect(drive.restore(first.id, { parentId: root.id, name: '报告' }, 60, 'per_ann')).rejects.toMatchObject({
      code: 'conflict',
    });
    await drive.restore(first.id, { parentId: root.id, name: '报告 2' }, 60, 'per_ann');
    expect(await names(root.id)).toEqual(['报告', '报告 2']);
  });

  test('[T3] a folder is listed in four orders, folders first, numbers by their size, in stable pages', async () => {
    const { drive } = open();
    const { root } = await newDrive();
    await folder(root, 'zoo');
    await file(root, 'Page 10.txt', { sizeBytes: 3, updatedAt: 1 });
    await file(root, 'page 9.md', { sizeBytes: 1, updatedAt: 3 });
    await file(root, 'ａnnex.txt', { sizeBytes: 2, updatedAt: 2 });
    expect(await names(root.id)).toEqual(['zoo', 'ａnnex.txt', 'page 9.md', 'Page 10.txt']);
    expect(await names(root.id, { descending: true })).toEqual(['zoo', 'Page 10.txt', 'page 9.md', 'ａnnex.txt']);
    expect(await names(root.id, { sort: 'size' })).toEqual(['zoo', 'page 9.md', 'ａnnex.txt', 'Page 10.txt']);
    expect(await names(root.id, { sort: 'time', descending: true })).toEqual([
      'zoo',
      'page 9.md',
      'ａnnex.txt',
      'Page 10.txt',
    ]);
    expect(await names(root.id, { sort: 'type' })).toEqual(['zoo', 'page 9.md', 'ａnnex.txt', 'Page 10.txt']);
    expect(await names(root.id, { kind: 'folder' })).toEqual(['zoo']);
    const seen: string[] = [];
    for (let cursor: string | null = null, first = true; first || cursor; first = false) {
      const page = await drive.list({ parentId: root.id, limit: 1, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      if (seen.length === 2) await file(root, 'aaa new.txt');
    }
    expect(seen).toEqual(['zoo', 'ａnnex.txt', 'page 9.md', 'Page 10.txt']);
    await expect(drive.list({ parentId: root.id, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('[T4] the quota holds to the byte, for all versions, also at the same moment', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const first = await file(root, 'a', { sizeBytes: 60 }, 100);
    const tries = await Promise.allSettled(['b', 'c', 'd'].map((name) => file(root, name, { sizeBytes: 20 }, 100)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'quota_exceeded' } });
    expect(await drive.drive(mine.id)).toMatchObject({ usedBytes: 100, files: 3 });
    const next = { ...first, version: 2, sizeBytes: 1, contentHash: 'a2' };
    await expect(drive.putFile(next, versionOf(next), 1, 100)).rejects.toMatchObject({ code: 'quota_exceeded' });
    await drive.deleteForEver(first.id);
    expect(await drive.drive(mine.id)).toMatchObject({ usedBytes: 40, files: 2 });
    await file(root, 'e', { sizeBytes: 60 }, 100);
    await file(root, 'empty', { sizeBytes: 0 }, 100);
  });

  test('[T5] versions follow one another; a version that is late is a conflict and takes no room', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const first = await file(root, 'plan.md');
    const second = { ...first, version: 2, contentHash: 'second', sizeBytes: 5, updatedAt: 99 };
    await drive.putFile(second, versionOf(second), 1, gigabyte);
    const late = { ...first, version: 2, contentHash: 'late' };
    await expect(drive.putFile(late, versionOf(late), 1, gigabyte)).rejects.toMatchObject({ code: 'conflict' });
    expect(await drive.drive(mine.id)).toMatchObject({ usedBytes: 15, files: 1 });
    expect((await drive.versions(first.id)).map(({ contentHash }) => contentHash)).toEqual(['second', 'hash-plan.md']);
    expect(await drive.countByHash('second')).toBe(1);
    await expect(drive.deleteVersion(first.id, 2)).rejects.toMatchObject({ code: 'conflict' });
    expect((await drive.deleteVersion(first.id, 1)).sizeBytes).toBe(10);
    expect(await drive.drive(mine.id)).toMatchObject({ usedBytes: 5 });
    await expect(drive.deleteVersion(first.id, 1)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[T6] a folder is never put inside itself, and nothing is put into what is gone', async () => {
    const { drive } = open();
    const { root } = await newDrive();
    const outer = await folder(root, 'outer');
    const inner = await folder(outer, 'inner');
    const place = (id: string, parentId: string, name: string) => drive.place(id, { parentId, name }, 9, 'per_ann');
    await expect(place(outer.id, inner.id, 'outer')).rejects.toMatchObject({ code: 'conflict' });
    await expect(place(outer.id, outer.id, 'outer')).rejects.toMatchObject({ code: 'conflict' });
    await expect(place(root.id, inner.id, 'root')).rejects.toMatchObject({ code: 'conflict' });
    const moved = await file(root, 'note.txt');
    await place(moved.id, inner.id, 'Notiz.txt');
    expect((await drive.ancestors(moved.id)).map(({ name }) => name)).toEqual(['Notiz.txt', 'inner', 'outer', '']);
    await drive.putInTrash(outer.id, 50, 'per_ann');
    await expect(folder(inner, 'late')).rejects.toMatchObject({ code: 'not_found' });
    await expect(file(outer, 'late')).rejects.toMatchObject({ code: 'not_found' });
    await expect(place(moved.id, root.id, 'x')).rejects.toMatchObject({ code: 'not_found' });
    await expect(drive.putInTrash(root.id, 50, 'per_ann')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[T7] a folder goes to the trash and comes back with what went with it, and only that', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const outer = await folder(root, 'outer');
    const kept = await file(outer, 'kept.txt');
    const earlier = await file(outer, 'earlier.txt');
    await drive.putInTrash(earlier.id, 40, 'per_ann');
    await drive.putInTrash(outer.id, 50, 'per_ann');
    expect((await drive.node(kept.id))?.trashRoot).toBe(outer.id);
    const trash = (await drive.trash({ driveId: mine.id })).items.map(({ name }) => name);
    expect(trash).toEqual(['outer', 'earlier.txt']);
    expect((await drive.trashedBefore(45, 500)).map(({ id }) => id)).toContain(earlier.id);
    expect(await names(root.id)).toEqual([]);
    await drive.restore(outer.id, { parentId: root.id, name: 'outer' }, 60, 'per_ann');
    expect(await names(outer.id)).toEqual(['kept.txt']);
    expect((await drive.folders(root.id, 10)).map(({ name }) => name)).toEqual(['', 'outer']);
    expect((await drive.filesBelow(root.id, {})).items.map(({ name }) => name)).toEqual(['kept.txt']);
  });

  test('[T8] what is deleted for ever leaves nothing, and says what it leaves to others', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const outer = await folder(root, 'outer');
    const inner = await folder(outer, 'inner');
    const one = await file(inner, 'one.txt');
    await drive.setDocument(one.id, 1, { documentId: 'doc_one', notIndexed: null });
    await drive.setTags(one.id, true, ['budget']);
    await drive.saveShare({
      id: sampleId('shr'),
      nodeId: inner.id,
      principal: 'group:f8',
      role: 'viewer',
      createdAt: 1,
      createdBy: 'per_ann',
    });
    const left = await drive.deleteForEver(outer.id);
    expect(left.hashes).toEqual(['hash-one.txt']);
    expect(left.documentIds).toEqual(['doc_one']);
    expect([...left.folderIds].sort()).toEqual([outer.id, inner.id].sort());
    expect(await drive.node(one.id)).toBeNull();
    expect(await drive.versions(one.id)).toEqual([]);
    expect(await drive.tags([one.id])).toEqual([]);
    expect(await drive.shares([inner.id])).toEqual([]);
    expect(await drive.sharedWith(['group:f8'], 10)).toEqual([]);
    expect(await drive.drive(mine.id)).toMatchObject({ usedBytes: 0, files: 0 });
    expect((await drive.search({ driveIds: [mine.id], words: 'one' })).items).toEqual([]);
    expect(await drive.deleteForEver(outer.id)).toEqual({ hashes: [], documentIds: [], folderIds: [] });
  });

  test('[T9] names are found by their words in any language, within the drives asked only', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const { drive: other, root: otherRoot } = await newDrive();
    const report = await file(root, '2026 年度财务报告 Annual.pdf');
    await file(otherRoot, '2026 年度财务报告 copy.pdf');
    const find = async (words: string, driveIds = [mine.id]) =>
      (await drive.search({ driveIds, words })).items.map(({ name }) => name);
    for (const words of ['财务', 'annual', '年度报告 2026', 'ann', 'PDF']) {
      expect(await find(words), words).toEqual(words === '年度报告 2026' ? [] : [report.name]);
    }
    expect(await find('财务', [mine.id, other.id])).toHaveLength(2);
    await drive.place(report.id, { parentId: root.id, name: 'Bilanz.pdf' }, 9, 'per_ann');
    expect(await find('财务')).toEqual([]);
    expect(await find('bilanz')).toEqual(['Bilanz.pdf']);
    await drive.putInTrash(report.id, 9, 'per_ann');
    expect(await find('bilanz')).toEqual([]);
    expect(await find('')).toEqual([]);
  });

  test('[T10] tags of people outlive those found in the text, and are counted', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    const one = await file(root, 'one.txt');
    const two = await file(root, 'two.txt');
    await drive.setTags(one.id, false, ['合同']);
    await drive.setTags(one.id, true, ['合同', 'rent']);
    await drive.setTags(two.id, true, ['rent']);
    expect(await drive.tags([one.id])).toEqual([
      { nodeId: one.id, tag: '合同', automatic: false },
      { nodeId: one.id, tag: 'rent', automatic: true },
    ]);
    expect(await drive.tagCounts([mine.id], 10)).toEqual([
      { tag: 'rent', files: 2 },
      { tag: '合同', files: 1 },
    ]);
    expect((await drive.search({ driveIds: [mine.id], tag: 'rent' })).items.map(({ id }) => id)).toEqual([
      two.id,
      one.id,
    ]);
    await drive.setTags(one.id, true, []);
    expect(await drive.tags([one.id])).toHaveLength(1);
  });

  test('[T11] what changed and what is there twice', async () => {
    const { drive } = open();
    const { drive: mine, root } = await newDrive();
    await file(root, 'small', { contentHash: 'same-s', sizeBytes: 1, updatedAt: 100 });
    await file(root, 'small too', { contentHash: 'same-s', sizeBytes: 1, updatedAt: 200 });
    await file(root, 'big', { contentHash: 'same-b', sizeBytes: 50, updatedAt: 300 });
    await file(root, 'big too', { contentHash: 'same-b', sizeBytes: 50, updatedAt: 400 });
    await file(root, 'alone', { updatedAt: 50 });
    const groups = await drive.duplicates(mine.id, 10);
    expect(groups.map((group) => group.map(({ name }) => name))).toEqual([
      ['big', 'big too'],
      ['small', 'small too'],
    ]);
    const changed = await drive.changes({ driveIds: [mine.id], since: 150, limit: 2 });
    expect(changed.items.map(({ name }) => name)).toEqual(['big too', 'big']);
    const rest = await drive.changes({ driveIds: [mine.id], since: 150, cursor: changed.nextCursor });
    expect(rest.items.map(({ name }) => name)).toEqual(['small too']);
  });

  test('[T12] a file says how it was indexed; a document found for an old version is not taken', async () => {
    const { drive, knowledge } = open();
    const { root } = await newDrive();
    const one = await file(root, 'indexed.txt');
    expect((await drive.unindexed(500)).map(({ id }) => id)).toContain(one.id);
    const collection = sampleCollection();
    await knowledge.saveCollection(collection);
    const document = sampleDocument(collection.id, { status: 'failed', reason: 'It is empty.' });
    await knowledge.saveDocument(document);
    expect(await drive.setDocument(one.id, 1, { documentId: document.id, notIndexed: null })).toBe(true);
    expect((await drive.node(one.id))?.index).toMatchObject({ status: 'failed', reason: 'It is empty.' });
    expect((await drive.list({ parentId: root.id })).items[0]?.index?.status).toBe('failed');
    expect((await drive.nodeByDocument(document.id))?.id).toBe(one.id);
    const second = { ...one, version: 2, contentHash: 'h2' };
    await drive.putFile(second, versionOf(second), 1, gigabyte);
    expect(await drive.setDocument(one.id, 1, { documentId: 'doc_old', notIndexed: null })).toBe(false);
    expect((await drive.node(one.id))?.documentId).toBeNull();
    expect(await knowledge.countByContentHash?.(document.contentHash)).toBe(1);
  });

  test('[T13] a link is counted to its limit and not past it, whoever comes at once', async () => {
    const { drive } = open();
    const { root } = await newDrive();
    const link = {
      id: sampleId('lnk'),
      nodeId: root.id,
      tokenHash: sampleId('hash'),
      passwordHash: null,
      expiresAt: 100,
      maxDownloads: 3,
      downloads: 0,
      revokedAt: null,
      createdAt: 1,
      createdBy: 'per_ann',
    };
    await drive.saveLink(link);
    expect(await drive.linkByHash(link.tokenHash)).toEqual(link);
    expect(await drive.countDownload(link.id, 101)).toBe(false);
    const tries = await Promise.all([1, 2, 3, 4, 5].map(() => drive.countDownload(link.id, 50)));
    expect(tries.filter(Boolean)).toHaveLength(3);
    const free = { ...link, id: sampleId('lnk'), tokenHash: sampleId('hash'), maxDownloads: null };
    await drive.saveLink(free);
    expect(await drive.countDownload(free.id, 50)).toBe(true);
    await drive.revokeLink(free.id, 60);
    await drive.revokeLink(free.id, 70);
    expect(await drive.countDownload(free.id, 65)).toBe(false);
    expect((await drive.link(free.id))?.revokedAt).toBe(60);
    expect(await drive.links(root.id)).toHaveLength(2);
  });

  test('[T14] shares, uploads and what a conversation asks about are kept', async () => {
    const { drive } = open();
    const { root } = await newDrive();
    const share = {
      id: sampleId('shr'),
      nodeId: root.id,
      principal: sampleId('group:'),
      role: 'viewer',
      createdAt: 1,
      createdBy: 'per_ann',
    } as const;
    await drive.saveShare(share);
    await drive.saveShare({ ...share, role: 'editor' });
    expect(await drive.shares([root.id])).toEqual([{ ...share, role: 'editor' }]);
    expect(await drive.sharedWith([share.principal], 10)).toHaveLength(1);
    await drive.deleteShare(root.id, share.principal);
    expect(await drive.shares([root.id])).toEqual([]);
    const upload = {
      id: sampleId('upl'),
      ownerId: sampleId('per'),
      parentId: root.id,
      name: 'a.bin',
      mediaType: '',
      sizeBytes: 7,
      modifiedAt: null,
      nodeId: null,
      createdAt: 1,
      expiresAt: 10,
    };
    await drive.saveUpload(upload);
    expect(await drive.uploads(upload.ownerId)).toEqual([upload]);
    expect((await drive.expiredUploads(11, 500)).map(({ id }) => id)).toContain(upload.id);
    await drive.deleteUpload(upload.id);
    expect(await drive.upload(upload.id)).toBeNull();
    const conversation = sampleId('conv');
    await drive.saveAskedNode(conversation, 'nod_1');
    await drive.saveAskedNode(conversation, 'nod_2');
    expect(await drive.askedNode(conversation)).toBe('nod_2');
  });
}
