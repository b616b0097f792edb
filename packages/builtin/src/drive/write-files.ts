/** Bytes into the drive: staged while they are hashed, taken over by the blob store, then given a place. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriveNode, type DriveVersion, isMyriadError, MyriadError, newId } from '@myriad/contracts';
import type { DriveActor, DriveParts } from './drive-parts.ts';
import type { FindNodes, Place } from './find-nodes.ts';
import type { IndexFiles } from './index-files.ts';
import { mediaTypeOf } from './media-types.ts';
import { checkName, numberedName } from './names.ts';

/** What to do when the name is taken by a file. */
export type OnTaken = 'version' | 'number' | 'refuse';

export interface FileTarget {
  readonly parentId: string;
  readonly name: string;
  readonly onTaken?: OnTaken;
}

export interface WriteFiles {
  /** Whether there may be such a file there, before a byte is sent. @throws `not_found`, `forbidden`, `quota_exceeded`, `conflict`. */
  check(actor: DriveActor, target: FileTarget, sizeBytes: number): Promise<Place>;
  /** A whole staged file, hashed by whoever wrote it. */
  take(
    actor: DriveActor,
    target: FileTarget,
    staged: { path: string; hash: string; sizeBytes: number },
  ): Promise<DriveNode>;
  /** Streams in; the size is not known before. */
  write(actor: DriveActor, target: FileTarget, content: AsyncIterable<Uint8Array>): Promise<DriveNode>;
  /** Another place for bytes that are here already. */
  place(actor: DriveActor, target: FileTarget, blob: { hash: string; sizeBytes: number }): Promise<DriveNode>;
}

const tries = 50;

export function writeFiles(parts: DriveParts, nodes: FindNodes, indexing: IndexFiles): WriteFiles {
  const { store, knowledge, clock, random, limits, staging } = parts;
  const { drive: drives, blobs } = store;

  const check: WriteFiles['check'] = async (actor, target, sizeBytes) => {
    const name = checkName(target.name);
    const place = await nodes.require(actor, target.parentId, 'drive.write');
    if (place.node.kind !== 'folder') throw new MyriadError('invalid_request', 'A file has no place inside a file.');
    if (place.node.trashedAt !== null) throw new MyriadError('not_found', 'The folder is in the trash.');
    const known = await drives.child(target.parentId, name);
    if (known?.kind === 'folder') throw new MyriadError('conflict', `There is a folder "${name}" here.`);
    if (known && target.onTaken === 'refuse') throw new MyriadError('conflict', `There is already "${name}" here.`);
    if (sizeBytes > limits.largestFileBytes)
      throw new MyriadError(
        'body_too_large',
        `A file has at most ${limits.largestFileBytes} bytes, not ${sizeBytes}.`,
        {
          facts: { limitBytes: limits.largestFileBytes },
        },
      );
    const quotaBytes = await nodes.quotaOf(place.drive);
    const leftBytes = quotaBytes - place.drive.usedBytes;
    if (sizeBytes > 0 && sizeBytes > leftBytes)
      throw new MyriadError('quota_exceeded', `The drive has ${Math.max(0, leftBytes)} bytes left, not ${sizeBytes}.`, {
        facts: { leftBytes, quotaBytes },
      });
    return place;
  };

  const place: WriteFiles['place'] = async (actor, target, { hash, sizeBytes }) => {
    const { drive } = await check(actor, target, sizeBytes);
    const quotaBytes = await nodes.quotaOf(drive);
    const wanted = checkName(target.name);
    for (let attempt = 1; ; attempt += 1) {
      const name = target.onTaken === 'number' && attempt > 1 ? numberedName(wanted, attempt) : wanted;
      const known = await drives.child(target.parentId, name);
      if (known && target.onTaken === 'number' && attempt < tries) continue;
      if (known?.kind === 'folder') throw new MyriadError('conflict', `There is a folder "${name}" here.`);
      if (known && target.onTaken === 'refuse') throw new MyriadError('conflict', `There is already "${name}" here.`);
      // The same bytes once more are no new version.
      if (known && known.contentHash === hash) return known;
      const now = clock.now();
      const mediaType = mediaTypeOf(name);
      const version: DriveVersion = {
        nodeId: known?.id ?? newId('nod', clock, random),
        number: (known?.version ?? 0) + 1,
        contentHash: hash,
        sizeBytes,
        mediaType,
        createdAt: now,
        createdBy: actor.id,
      };
      const node: DriveNode = {
        id: version.nodeId,
        driveId: drive.id,
        parentId: target.parentId,
        kind: 'file',
        name,
        mediaType,
        sizeBytes,
        contentHash: hash,
        version: version.number,
        createdAt: known?.createdAt ?? now,
        createdBy: known?.createdBy ?? actor.id,
        updatedAt: now,
        updatedBy: actor.id,
        trashedAt: null,
        trashRoot: null,
        documentId: null,
        notIndexed: null,
      };
      try {
        await drives.putFile(node, version, known?.version ?? 0, quotaBytes);
      } catch (error) {
        const raced = isMyriadError(error) && error.code === 'conflict' && attempt < tries;
        if (!raced) throw error;
        continue;
      }
      await indexing.index({ ...node, documentId: known?.documentId ?? null });
      if (version.number > limits.versions) await prune(node);
      return node;
    }
  };

  const prune = async (node: DriveNode) => {
    for (const old of (await drives.versions(node.id)).slice(limits.versions)) {
      await drives.deleteVersion(node.id, old.number);
      await knowledge.sweepBlobs([old.contentHash]);
    }
  };

  const take: WriteFiles['take'] = (actor, target, { path, hash, sizeBytes }) =>
    knowledge.holdingBlobs(async () => {
      await check(actor, target, sizeBytes);
      await blobs.adopt(path, hash);
      try {
        return await place(actor, target, { hash, sizeBytes });
      } catch (error) {
        void knowledge.sweepBlobs([hash]).catch((fault) => parts.onFault('sweep', fault));
        throw error;
      }
    });

  return {
    check,
    place: (actor, target, blob) => knowledge.holdingBlobs(() => place(actor, target, blob)),
    take,
    async write(actor, target, content) {
      const { drive } = await check(actor, target, 0);
      const leftBytes = Math.min(limits.largestFileBytes, (await nodes.quotaOf(drive)) - drive.usedBytes);
      await mkdir(staging, { recursive: true });
      const path = join(staging, `put-${randomUUID()}`);
      const file = await open(path, 'wx');
      const hash = createHash('sha256');
      let sizeBytes = 0;
      try {
        try {
          for await (const chunk of content) {
            sizeBytes += chunk.byteLength;
            if (sizeBytes > leftBytes)
              throw new MyriadError('quota_exceeded', `The drive has ${Math.max(0, leftBytes)} bytes left.`, {
                facts: { leftBytes },
              });
            hash.update(chunk);
            await file.write(chunk);
          }
          await file.sync();
        } finally {
          await file.close();
        }
        return await take(actor, target, { path, hash: hash.digest('hex'), sizeBytes });
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}
