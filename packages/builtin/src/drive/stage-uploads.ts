/**
 * Resumable uploads. A file grows in the staging folder; how far it has come is its size on the disk, which is synced before
 * it is told. The hash is kept while one process writes on; after a restart the file is read once at its end.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriveNode, type DriveUpload, MyriadError, newId } from '@myriad/contracts';
import type { ChangeTree } from './change-tree.ts';
import type { DriveActor, DriveParts } from './drive-parts.ts';
import { checkName } from './names.ts';
import type { WriteFiles } from './write-files.ts';

export interface StageUploads {
  begin(
    actor: DriveActor,
    wanted: {
      readonly parentId: string;
      /** Folders below it that are made when missing. */
      readonly folders: readonly string[];
      readonly name: string;
      readonly sizeBytes: number;
      readonly modifiedAt: number | null;
    },
  ): Promise<DriveUpload>;
  /** @throws `not_found` for uploads of others too. */
  find(actor: DriveActor, id: string): Promise<DriveUpload>;
  offset(upload: DriveUpload): Promise<number>;
  /**
   * Writes a part at its offset; what came before the line broke is kept.
   *
   * @param check Of the part's bytes; when it does not fit, the part is taken back.
   * @returns Bytes that are on the disk now, and the file once it is whole.
   * @throws `conflict` when the offset is not where the file ends, `locked` while another request writes it.
   */
  append(
    actor: DriveActor,
    upload: DriveUpload,
    offset: number,
    content: AsyncIterable<Uint8Array>,
    check?: { readonly algorithm: 'sha1' | 'sha256' | 'md5'; readonly digest: Buffer },
  ): Promise<{ readonly offset: number; readonly node: DriveNode | null; readonly checksumFits: boolean }>;
  remove(upload: DriveUpload): Promise<void>;
  /** Removes uploads past their time, and files that no upload knows. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const keptMs = 7 * 86_400_000;
/** Gathered before a write: fewer calls, and no more than this in memory for each upload. */
const gatheredBytes = 1024 * 1024;

interface Running {
  readonly hash: Hash;
  sizeBytes: number;
}

export function stageUploads(parts: DriveParts, files: WriteFiles, tree: ChangeTree): StageUploads {
  const { store, clock, random, staging } = parts;
  const { drive: drives } = store;
  const hashes = new Map<string, Running>();
  const writing = new Map<string, Promise<unknown>>();
  let closed = false;

  const pathOf = (id: string) => join(staging, id);
  const sizeOf = (id: string): Promise<number> =>
    stat(pathOf(id)).then(
      ({ size }) => size,
      () => 0,
    );

  const target = ({ parentId, name }: DriveUpload) => ({ parentId, name, onTaken: 'version' as const });

  const hashWhole = async (upload: DriveUpload): Promise<string> => {
    const running = hashes.get(upload.id);
    if (running && running.sizeBytes === upload.sizeBytes) return running.hash.copy().digest('hex');
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(pathOf(upload.id), {
      highWaterMark: gatheredBytes,
    }) as AsyncIterable<Buffer>)
      hash.update(chunk);
    return hash.digest('hex');
  };

  const finish = async (actor: DriveActor, upload: DriveUpload): Promise<DriveNode> => {
    const staged = { path: pathOf(upload.id), hash: await hashWhole(upload), sizeBytes: upload.sizeBytes };
    const node = await files.take(actor, target(upload), staged);
    hashes.delete(upload.id);
    await drives.saveUpload({ ...upload, nodeId: node.id });
    return node;
  };

  const write = async (
    upload: DriveUpload,
    offset: number,
    content: AsyncIterable<Uint8Array>,
    check: { readonly algorithm: string; readonly digest: Buffer } | undefined,
  ): Promise<{ end: number; checksumFits: boolean }> => {
    const known = hashes.get(upload.id);
    // A hash that is not of exactly what lies before this part is of no use.
    const running: Running | null =
      offset === 0
        ? { hash: createHash('sha256'), sizeBytes: 0 }
        : known && known.sizeBytes === offset
          ? { hash: known.hash.copy(), sizeBytes: offset }
          : null;
    hashes.delete(upload.id);
    const part = check ? createHash(check.algorithm) : null;
    const file = await open(pathOf(upload.id), 'r+');
    /** What is on the disk for sure, and what is on its way there. */
    let end = offset;
    let queued = offset;
    let broke: unknown = null;
    let writeFailed = false;
    let pending: Promise<void> = Promise.resolve();
    try {
      let gathered: Uint8Array[] = [];
      let waiting = 0;
      // The disk writes one megabyte while the next is hashed and received.
      const flush = async () => {
        await pending;
        if (waiting === 0) return;
        const chunks = gathered;
        const reached = queued + waiting;
        pending = writeAll(file, chunks, queued).then(
          () => {
            end = reached;
          },
          (error: unknown) => {
            writeFailed = true;
            throw error;
          },
        );
        pending.catch(() => {});
        queued = reached;
        gathered = [];
        waiting = 0;
        for (const chunk of chunks) {
          running?.hash.update(chunk);
          part?.update(chunk);
        }
        if (running) running.sizeBytes = queued;
      };
      try {
        for await (const chunk of content) {
          if (queued + waiting + chunk.byteLength > upload.sizeBytes)
            throw new MyriadError(
              'body_too_large',
              `The upload was said to have ${upload.sizeBytes} bytes; more came.`,
            );
          gathered.push(chunk);
          waiting += chunk.byteLength;
          if (waiting >= gatheredBytes) await flush();
        }
      } catch (error) {
        broke = error;
      }
      try {
        if (!writeFailed) await flush();
        await pending;
      } catch (error) {
        broke ??= error;
      }
      const checksumFits = broke === null && (!part || part.digest().equals(check?.digest ?? Buffer.alloc(0)));
      // A part with a checksum counts whole or not at all.
      if (check && !checksumFits) await file.truncate(offset);
      await file.sync();
      if (check && !checksumFits) {
        if (broke !== null) throw broke;
        return { end: offset, checksumFits: false };
      }
      // After a failed write the hash knows more than the disk.
      if (running && !writeFailed) hashes.set(upload.id, running);
      if (broke !== null) throw broke;
      return { end, checksumFits: true };
    } finally {
      await file.close();
    }
  };

  return {
    async begin(actor, { parentId, folders, name, sizeBytes, modifiedAt }) {
      if (closed) throw new MyriadError('shutting_down', 'The node is stopping.');
      const folder = folders.length === 0 ? parentId : (await tree.ensureFolder(actor, parentId, folders)).id;
      await files.check(actor, { parentId: folder, name }, sizeBytes);
      const now = clock.now();
      const upload: DriveUpload = {
        id: newId('upl', clock, random),
        ownerId: actor.id,
        parentId: folder,
        name: checkName(name),
        mediaType: '',
        sizeBytes,
        modifiedAt,
        nodeId: null,
        createdAt: now,
        expiresAt: now + keptMs,
      };
      await mkdir(staging, { recursive: true });
      await (await open(pathOf(upload.id), 'wx')).close();
      await drives.saveUpload(upload);
      return upload;
    },
    async find(actor, id) {
      const upload = await drives.upload(id);
      if (!upload || upload.ownerId !== actor.id) throw new MyriadError('not_found', 'There is no such upload.');
      return upload;
    },
    offset: async (upload) => (upload.nodeId === null ? sizeOf(upload.id) : upload.sizeBytes),
    async append(actor, upload, offset, content, check) {
      const size = upload.nodeId === null ? await sizeOf(upload.id) : upload.sizeBytes;
      if (offset !== size)
        throw new MyriadError('conflict', `The upload is at ${size} bytes, not at ${offset}.`, {
          facts: { offset: size },
        });
      if (upload.nodeId !== null) return { offset, node: await drives.node(upload.nodeId), checksumFits: true };
      if (writing.has(upload.id)) throw new MyriadError('locked', 'Another request is sending this upload.');
      const work = write(upload, offset, content, check).then(async ({ end, checksumFits }) => {
        const node = checksumFits && end === upload.sizeBytes ? await finish(actor, upload) : null;
        return { offset: end, node, checksumFits };
      });
      writing.set(
        upload.id,
        work.catch(() => {}),
      );
      try {
        return await work;
      } finally {
        writing.delete(upload.id);
      }
    },
    async remove(upload) {
      await writing.get(upload.id);
      hashes.delete(upload.id);
      await drives.deleteUpload(upload.id);
      await rm(pathOf(upload.id), { force: true });
    },
    async sweep() {
      const old = await drives.expiredUploads(clock.now(), 500);
      for (const { id } of old) {
        await rm(pathOf(id), { force: true });
        hashes.delete(id);
        await drives.deleteUpload(id);
      }
      // Files without an upload are of a process that died in between; those still being written are young.
      for (const name of await readdir(staging).catch(() => [])) {
        const known = name.startsWith('upl_') ? await drives.upload(name) : null;
        const age =
          clock.now() -
          (await stat(pathOf(name)).then(
            ({ mtimeMs }) => mtimeMs,
            () => clock.now(),
          ));
        if (!known && age > 86_400_000) await rm(pathOf(name), { force: true });
      }
      return old.length;
    },
    async close() {
      closed = true;
      await Promise.all(writing.values());
    },
  };
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const { bytesWritten } = await file.writev([...chunks], position);
  if (bytesWritten === wanted) return;
  // A short write, such as before a full disk: the rest goes one by one, and fails where it fails.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let at = 0; at < rest.byteLength; ) {
    const { bytesWritten: more } = await file.write(rest, at, rest.byteLength - at, position + bytesWritten + at);
    at += more;
  }
}
