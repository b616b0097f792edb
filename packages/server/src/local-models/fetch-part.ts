import type { FileHandle } from 'node:fs/promises';
import { type Clock, MyriadError } from '@myriad/contracts';
import { askRange, unreachable } from './ask-range.ts';
import { type Part, partLength } from './part-state.ts';

export interface FetchPartOptions {
  readonly url: string;
  /** `done` grows as bytes are written. */
  readonly part: Part;
  /** Whether the server sends ranges; without them a part is the whole file and begins anew each time. */
  readonly ranged: boolean;
  readonly file: FileHandle;
  readonly clock: Pick<Clock, 'after'>;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly onBytes: () => Promise<void>;
}

/**
 * Fetches what is missing of a part and writes it at its place.
 *
 * @throws MyriadError `upstream_cut` when the server ends early, `upstream_timeout` when it falls silent,
 * `upstream_protocol` when it sends more than was asked for, and what `askRange` throws.
 */
export async function fetchPart(options: FetchPartOptions): Promise<void> {
  const { url, part, ranged, file, clock, stallMs, signal, onBytes } = options;
  const { host } = new URL(url);
  const silent = new AbortController();
  const watch = () =>
    clock.after(stallMs, () =>
      silent.abort(new MyriadError('upstream_timeout', `${host} sent nothing for ${stallMs / 1_000} s.`)),
    );
  let unwatch = watch();
  const either = AbortSignal.any([signal, silent.signal]);
  try {
    if (!ranged) part.done = 0;
    const answer = await askRange(url, part.start + part.done, part.end, either);
    if (ranged && !answer.ranged)
      throw new MyriadError('upstream_protocol', `${host} served ranges before and does not any more.`);
    for await (const chunk of answer.body) {
      unwatch();
      if (part.done + chunk.length > partLength(part))
        throw new MyriadError('upstream_protocol', `${host} sent more bytes than were asked for.`);
      await writeAll(file, chunk, part.start + part.done);
      part.done += chunk.length;
      await onBytes();
      unwatch = watch();
    }
    if (part.done < partLength(part))
      throw new MyriadError('upstream_cut', `${host} ended ${partLength(part) - part.done} bytes early.`);
  } catch (error) {
    if (error instanceof MyriadError) throw error;
    if (signal.aborted)
      throw signal.reason instanceof MyriadError
        ? signal.reason
        : new MyriadError('aborted', 'The download was stopped.');
    if (silent.signal.aborted) throw silent.signal.reason;
    // What the disk did not take is no failure of the server.
    if (typeof (error as NodeJS.ErrnoException).syscall === 'string') throw error;
    throw part.done > 0
      ? new MyriadError('upstream_cut', `${host} cut the file off.`, { cause: error })
      : unreachable(host, error);
  } finally {
    unwatch();
    silent.abort();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, offset, chunk.length - offset, position + offset);
    offset += bytesWritten;
  }
}
