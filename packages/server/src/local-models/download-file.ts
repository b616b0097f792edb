/**
 * Downloads one large file: ranged parts in parallel, what came is kept across cuts, aborts and kill −9, and the file
 * takes its name only when the SHA-256 of the whole is the one expected.
 */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, MyriadError, type Random } from '@myriad/contracts';
import { askRange } from './ask-range.ts';
import { checkDisk, type FreeBytes } from './check-disk.ts';
import { fetchPart } from './fetch-part.ts';
import { hashFile } from './hash-file.ts';
import {
  type PartState,
  partLength,
  planParts,
  readPartState,
  receivedOf,
  removePartState,
  writePartState,
} from './part-state.ts';
import { retrying } from './retrying.ts';

export interface DownloadProgress {
  readonly phase: 'downloading' | 'checking';
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface DownloadOptions {
  readonly url: string;
  /** Name of the whole file; `<target>.part` and `<target>.parts.json` stand beside it meanwhile. */
  readonly target: string;
  /** Null when unknown; else a server that says otherwise is refused. */
  readonly sizeBytes: number | null;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly free: FreeBytes;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly parallel?: number;
  readonly partBytes?: number;
  /** Silence after which a request is given up and asked again. */
  readonly stallMs?: number;
  /** Failures in a row, with no byte between them, after which the download fails. */
  readonly attempts?: number;
  /** First pause after a failure; doubles up to 15 s. */
  readonly pauseMs?: number;
}

const savedEveryMs = 1_000;

/**
 * @returns Bytes of the file.
 * @throws MyriadError `storage_full`, `upstream_unavailable`, `upstream_rejected`, `upstream_protocol` (also for a wrong
 * checksum: nothing of the file stays), `upstream_timeout`, `upstream_cut`, `address_blocked`, `aborted`.
 */
export async function downloadFile(options: DownloadOptions): Promise<number> {
  const { target, sha256, signal, onProgress } = options;
  const partPath = partPathOf(target);
  const statePath = statePathOf(target);
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { state, ranged } = await begin(options);
    await fetchAll(options, state, ranged);
    onProgress({ phase: 'checking', receivedBytes: state.totalBytes, totalBytes: state.totalBytes });
    const got = await hashFile(partPath, signal);
    if (got !== sha256) {
      await removeParts(target);
      throw new MyriadError(
        'upstream_protocol',
        `The checksum is wrong: ${sha256} was expected and ${got} came. The file was removed.`,
        { facts: { expected: sha256, got } },
      );
    }
    await rename(partPath, target);
    await syncFolder(dirname(target));
    await removePartState(statePath);
    return state.totalBytes;
  } catch (error) {
    throw diskFailure(error, target, signal);
  }
}

export const partPathOf = (target: string): string => `${target}.part`;
export const statePathOf = (target: string): string => `${target}.parts.json`;

/** Removes what an unfinished download left. */
export async function removeParts(target: string): Promise<void> {
  await rm(partPathOf(target), { force: true });
  await removePartState(statePathOf(target));
}

/** Asks how large the file is and whether ranges are served, checks the disk, and finds what is here already. */
async function begin(options: DownloadOptions): Promise<{ state: PartState; ranged: boolean }> {
  const { url, target, sizeBytes, signal, free } = options;
  const first = await retrying(options, signal, async () => {
    const { body, ...answer } = await askRange(url, 0, 0, signal);
    await (body as unknown as ReadableStream).cancel().catch(() => {});
    return answer;
  });
  const totalBytes = first.totalBytes ?? sizeBytes;
  const { host } = new URL(url);
  if (!totalBytes)
    throw new MyriadError('upstream_protocol', `${host} does not say how large the file is; set its \`sizeBytes\`.`);
  if (sizeBytes !== null && totalBytes !== sizeBytes)
    throw new MyriadError(
      'upstream_protocol',
      `${host} has a file of ${totalBytes} bytes where ${sizeBytes} were expected.`,
      { facts: { totalBytes, sizeBytes } },
    );
  const before = first.ranged ? await readPartState(statePathOf(target)) : null;
  const same =
    before !== null &&
    before.totalBytes === totalBytes &&
    (before.url !== url || before.etag === first.etag) &&
    (await sizeOf(partPathOf(target))) === totalBytes;
  const state: PartState = same
    ? { ...before, url, etag: first.etag }
    : {
        url,
        etag: first.etag,
        totalBytes,
        parts: planParts(totalBytes, first.ranged ? partBytesOf(options) : totalBytes),
      };
  if (!same) await removeParts(target);
  await checkDisk(dirname(target), totalBytes - receivedOf(state.parts), free);
  return { state, ranged: first.ranged };
}

const partBytesOf = ({ partBytes = 32 * 1024 * 1024 }: DownloadOptions) => partBytes;

async function fetchAll(options: DownloadOptions, state: PartState, ranged: boolean): Promise<void> {
  const { url, target, clock, signal, onProgress, stallMs = 30_000, parallel = 4 } = options;
  const file = await open(partPathOf(target), (await sizeOf(partPathOf(target))) === null ? 'w+' : 'r+', 0o600);
  const stop = new AbortController();
  const anySignal = AbortSignal.any([signal, stop.signal]);
  let savedAt = clock.monotonicMs();
  let saving = Promise.resolve();
  const save = () => {
    // The counts first, the bytes to disk next, then the counts: the state never claims more than what is there.
    const counted = { ...state, parts: state.parts.map((part) => ({ ...part })) };
    savedAt = clock.monotonicMs();
    saving = saving.then(async () => {
      await file.datasync();
      await writePartState(statePathOf(target), counted);
    });
    return saving;
  };
  const report = () =>
    onProgress({ phase: 'downloading', receivedBytes: receivedOf(state.parts), totalBytes: state.totalBytes });
  try {
    await file.truncate(state.totalBytes);
    await save();
    report();
    const waiting = state.parts.filter((part) => part.done < partLength(part));
    const work = async () => {
      for (let part = waiting.shift(); part; part = waiting.shift()) {
        const current = part;
        await retrying(options, anySignal, (progressed) =>
          fetchPart({
            url,
            part: current,
            ranged,
            file,
            clock,
            stallMs,
            signal: anySignal,
            onBytes: async () => {
              progressed();
              report();
              if (clock.monotonicMs() - savedAt > savedEveryMs) await save();
            },
          }),
        );
      }
    };
    const workers = Array.from({ length: ranged ? parallel : 1 }, () =>
      work().catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    const ends = await Promise.allSettled(workers);
    await save();
    const failed = ends.find((end) => end.status === 'rejected');
    // The first failure is the one that stopped the others.
    if (failed) throw stop.signal.reason ?? failed.reason;
  } finally {
    await saving.catch(() => {});
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

/** Makes a rename last across a loss of power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function diskFailure(error: unknown, target: string, signal: AbortSignal): unknown {
  if (error instanceof MyriadError) return error;
  if (signal.aborted) return new MyriadError('aborted', 'The download was stopped.');
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new MyriadError('storage_full', `The disk became full while ${target} was written.`, { cause: error });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new MyriadError('storage_read_only', `${dirname(target)} cannot be written.`, { cause: error });
  return error;
}
