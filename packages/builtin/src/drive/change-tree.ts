/** Folders made, things renamed, moved, copied, put into the trash, taken back and deleted for ever. */
import { type DriveNode, MyriadError, newId } from '@myriad/contracts';
import type { DriveActor, DriveParts } from './drive-parts.ts';
import type { FindNodes, Place } from './find-nodes.ts';
import { type IndexFiles, markReaders } from './index-files.ts';
import { checkName, numberedName } from './names.ts';
import type { WriteFiles } from './write-files.ts';

export interface ChangeTree {
  createFolder(actor: DriveActor, parentId: string, name: string): Promise<DriveNode>;
  /** The folder of that path below another, made where it is missing: for folders dropped in. */
  ensureFolder(actor: DriveActor, parentId: string, names: readonly string[]): Promise<DriveNode>;
  rename(actor: DriveActor, id: string, name: string): Promise<DriveNode>;
  /** @param name Another name in the new folder; a number is added when the name is taken, unless one is given. */
  move(actor: DriveActor, id: string, parentId: string, name?: string): Promise<DriveNode>;
  copy(actor: DriveActor, id: string, parentId: string, name?: string): Promise<DriveNode>;
  trash(actor: DriveActor, id: string): Promise<void>;
  /** Back to where it was, or to the drive's root when that folder is gone; numbered when the name is taken. */
  restore(actor: DriveActor, id: string): Promise<DriveNode>;
  deleteForEver(actor: DriveActor, id: string): Promise<void>;
  emptyTrash(actor: DriveActor, driveId: string): Promise<number>;
  /** Deletes what has lain in the trash past its days. */
  sweepTrash(): Promise<number>;
}

const mostCopied = 100_000;
const everyFolder = 1_000_000;

export function changeTree(parts: DriveParts, nodes: FindNodes, writing: WriteFiles, indexing: IndexFiles): ChangeTree {
  const { store, knowledge, clock, random, limits } = parts;
  const { drive: drives } = store;

  const living = (place: Place): Place => {
    if (place.node.trashedAt !== null) throw new MyriadError('conflict', 'It is in the trash. Take it back first.');
    return place;
  };
  const movable = (place: Place): Place => {
    if (place.node.parentId === null)
      throw new MyriadError('invalid_request', 'The root of a drive stays where it is.');
    return living(place);
  };
  const folder = (place: Place): Place => {
    if (place.node.kind !== 'folder') throw new MyriadError('invalid_request', 'The place is a file, not a folder.');
    return living(place);
  };
  const read = async (id: string): Promise<DriveNode> => {
    const node = await drives.node(id);
    if (!node) throw new MyriadError('not_found', 'There is no such file or folder.');
    return node;
  };
  const taken = (name: string) =>
    new MyriadError('conflict', `There is already "${name}" in this folder.`, { facts: { name } });

  const freeName = async (parentId: string, name: string, self?: string): Promise<string> => {
    for (let number = 1; number < 1_000; number += 1) {
      const tried = number === 1 ? name : numberedName(name, number);
      const known = await drives.child(parentId, tried);
      if (!known || known.id === self) return tried;
    }
    throw taken(name);
  };

  const makeFolder = async (actor: DriveActor, driveId: string, parentId: string, name: string): Promise<DriveNode> => {
    const now = clock.now();
    const node: DriveNode = {
      id: newId('nod', clock, random),
      driveId,
      parentId,
      kind: 'folder',
      name,
      mediaType: '',
      sizeBytes: 0,
      contentHash: null,
      version: 0,
      createdAt: now,
      createdBy: actor.id,
      updatedAt: now,
      updatedBy: actor.id,
      trashedAt: null,
      trashRoot: null,
      documentId: null,
      notIndexed: null,
    };
    await drives.createFolder(node);
    return node;
  };

  /** What a move to another folder means for who may read, and under which collection the file is found. */
  const follow = async (before: DriveNode, after: DriveNode): Promise<void> => {
    if (after.kind === 'folder') await indexing.syncReaders(after.id);
    else if (before.parentId !== after.parentId) await indexing.index(after);
    else if (after.documentId !== null && before.name !== after.name)
      await knowledge.rename(after.documentId, after.name);
  };

  const forget = async (id: string): Promise<void> => {
    const { hashes, documentIds, folderIds } = await drives.deleteForEver(id);
    await indexing.removeFolders(folderIds);
    for (const documentId of documentIds) await knowledge.delete(documentId).catch(() => {});
    await knowledge.sweepBlobs(hashes);
  };

  const copyInto = async (actor: DriveActor, source: DriveNode, parentId: string, driveId: string, name: string) => {
    if (source.kind === 'file') {
      const blob = { hash: source.contentHash ?? '', sizeBytes: source.sizeBytes };
      return writing.place(actor, { parentId, name, onTaken: 'number' }, blob);
    }
    const top = await makeFolder(actor, driveId, parentId, name);
    const waiting: { from: string; to: string }[] = [{ from: source.id, to: top.id }];
    let copied = 0;
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof drives.list>> = await drives.list({
          parentId: next.from,
          limit: 500,
          cursor,
        });
        for (const child of page.items) {
          copied += 1;
          if (copied > mostCopied)
            throw new MyriadError('invalid_request', `At most ${mostCopied} things are copied at once.`);
          if (child.id === top.id) continue;
          if (child.kind === 'folder') {
            waiting.push({ from: child.id, to: (await makeFolder(actor, driveId, next.to, child.name)).id });
          } else {
            const blob = { hash: child.contentHash ?? '', sizeBytes: child.sizeBytes };
            await writing.place(actor, { parentId: next.to, name: child.name, onTaken: 'number' }, blob);
          }
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
    }
    return top;
  };

  const tree: ChangeTree = {
    async createFolder(actor, parentId, name) {
      const { drive } = folder(await nodes.require(actor, parentId, 'drive.write'));
      const clean = checkName(name);
      if (await drives.child(parentId, clean)) throw taken(clean);
      return makeFolder(actor, drive.id, parentId, clean);
    },
    async ensureFolder(actor, parentId, names) {
      let { node: at }: { node: DriveNode } = folder(await nodes.require(actor, parentId, 'drive.write'));
      for (const name of names.map(checkName)) {
        const known = await drives.child(at.id, name);
        if (known?.kind === 'file') throw taken(name);
        if (known) {
          at = known;
          continue;
        }
        try {
          at = await makeFolder(actor, at.driveId, at.id, name);
        } catch (error) {
          // Another file of the same folder made it at the same moment.
          const made = await drives.child(at.id, name);
          if (made?.kind !== 'folder') throw error;
          at = made;
        }
      }
      return at;
    },
    async rename(actor, id, name) {
      const { node } = movable(await nodes.require(actor, id, 'drive.write'));
      const clean = checkName(name);
      const known = await drives.child(node.parentId ?? '', clean);
      if (known && known.id !== id) throw taken(clean);
      if (known) return node;
      await drives.place(id, { parentId: node.parentId ?? '', name: clean }, clock.now(), actor.id);
      const after = await read(id);
      if (after.kind === 'file') await follow(node, after);
      return after;
    },
    async move(actor, id, parentId, name) {
      const { node, drive } = movable(await nodes.require(actor, id, 'drive.write'));
      const target = folder(await nodes.require(actor, parentId, 'drive.write'));
      if (target.path.some((above) => above.id === id))
        throw new MyriadError('conflict', 'A folder cannot be put inside itself.');
      if (target.drive.id !== drive.id) {
        const made = await tree.copy(actor, id, parentId, name);
        await tree.trash(actor, id);
        return made;
      }
      const wanted = name === undefined ? await freeName(parentId, node.name, id) : checkName(name);
      const known = await drives.child(parentId, wanted);
      if (known && known.id !== id) throw taken(wanted);
      if (known) return node;
      if (node.kind === 'folder') await markReaders(parts, id);
      await drives.place(id, { parentId, name: wanted }, clock.now(), actor.id);
      const after = await read(id);
      await follow(node, after);
      return read(id);
    },
    async copy(actor, id, parentId, name) {
      const { node } = living(await nodes.require(actor, id, 'drive.read'));
      const target = folder(await nodes.require(actor, parentId, 'drive.write'));
      if (target.path.some((above) => above.id === id))
        throw new MyriadError('conflict', 'A folder cannot be copied into itself.');
      const wanted = await freeName(parentId, name === undefined ? node.name : checkName(name));
      return copyInto(actor, node, parentId, target.drive.id, wanted);
    },
    async trash(actor, id) {
      const { node } = movable(await nodes.require(actor, id, 'drive.write'));
      const folders = node.kind === 'folder' ? (await drives.folders(id, everyFolder)).map((each) => each.id) : [];
      await drives.putInTrash(id, clock.now(), actor.id);
      if (node.kind === 'file') await indexing.unindex(node);
      else await indexing.closeFolders(folders);
    },
    async restore(actor, id) {
      const { node, drive } = await nodes.require(actor, id, 'drive.write');
      if (node.trashRoot !== id) throw new MyriadError('conflict', 'It is not in the trash by itself.');
      const before = node.parentId === null ? null : await drives.node(node.parentId);
      const parentId = before && before.trashedAt === null ? before.id : drive.rootId;
      await drives.restore(id, { parentId, name: await freeName(parentId, node.name) }, clock.now(), actor.id);
      const after = await read(id);
      if (after.kind === 'folder') await indexing.syncReaders(id);
      else await indexing.index(after);
      return read(id);
    },
    async deleteForEver(actor, id) {
      const { node } = await nodes.require(actor, id, 'drive.share');
      if (node.parentId === null) throw new MyriadError('invalid_request', 'The root of a drive cannot be deleted.');
      if (node.trashedAt === null) await tree.trash(actor, id);
      await forget(id);
      await store.audit.append({
        time: clock.now(),
        actor: actor.id,
        action: 'drive.delete',
        object: id,
        detail: { name: node.name, kind: node.kind },
      });
    },
    async emptyTrash(actor, driveId) {
      const drive = await drives.drive(driveId);
      if (!drive) throw new MyriadError('not_found', 'There is no such drive.');
      await nodes.require(actor, drive.rootId, 'drive.share');
      let deleted = 0;
      for (let page = await drives.trash({ driveId, limit: 200 }); page.items.length > 0; ) {
        for (const { id } of page.items) await forget(id);
        deleted += page.items.length;
        page = await drives.trash({ driveId, limit: 200 });
      }
      await store.audit.append({
        time: clock.now(),
        actor: actor.id,
        action: 'drive.empty_trash',
        object: driveId,
        detail: { deleted },
      });
      return deleted;
    },
    async sweepTrash() {
      const before = clock.now() - limits.trashDays * 86_400_000;
      let deleted = 0;
      for (
        let old = await drives.trashedBefore(before, 200);
        old.length > 0;
        old = await drives.trashedBefore(before, 200)
      ) {
        for (const { id } of old) await forget(id);
        deleted += old.length;
      }
      return deleted;
    },
  };
  return tree;
}
