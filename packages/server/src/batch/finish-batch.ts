/** The end of a batch: its result files, written once from the lines, and each line of the input in one of them. */
import type { BatchLineStatus, BatchRecord, BatchStatus, StoredFile } from '@myriad/contracts';
import { newId } from '@myriad/contracts';
import { type FileParts, writeFile } from './file-desk.ts';
import { encodeUnanswered } from './wire.ts';

/** Why a batch ends before all its lines ran; null when they did. */
export interface EarlyEnd {
  readonly status: 'expired' | 'cancelled' | 'failed';
  readonly code: string;
  readonly message: string;
}

const linesAtATime = 200;

/** @returns The batch as it ended, or null when it was changed meanwhile; then nothing is left behind. */
export async function finishBatch(
  parts: FileParts,
  batch: BatchRecord,
  early: EarlyEnd | null,
): Promise<BatchRecord | null> {
  const { store, clock } = parts;
  const counts = await store.batches.counts(batch.id);
  const failed = counts.failed + counts.pending;
  const files: StoredFile[] = [];
  const write = async (kind: 'output' | 'error', status: readonly BatchLineStatus[], lines: number) => {
    if (lines === 0) return null;
    const file = await writeFile(parts, {
      ownerId: batch.ownerId,
      name: `${batch.id}_${kind}.jsonl`,
      purpose: 'batch_output',
      expiresAt: batch.outputLifeMs === null ? null : clock.now() + batch.outputLifeMs,
      content: resultLines(parts, batch.id, status, early),
    });
    files.push(file);
    return file.id;
  };
  const outputFileId = await write('output', ['done'], counts.done);
  const errorFileId = await write('error', ['failed', 'pending'], failed);
  const status = early?.status ?? 'completed';
  const now = clock.now();
  const ended: BatchRecord = {
    ...batch,
    ...endTimes[status](now),
    status,
    errors:
      early?.status === 'failed'
        ? [{ code: early.code, message: early.message, line: null, param: null }]
        : batch.errors,
    outputFileId,
    errorFileId,
    completed: counts.done,
    failed,
  };
  if (await store.batches.end(ended, [batch.status], files)) return ended;
  for (const file of files) await store.blobs.delete(file.blobHash);
  return null;
}

const endTimes: Readonly<
  Record<Extract<BatchStatus, 'completed' | 'expired' | 'cancelled' | 'failed'>, (now: number) => Partial<BatchRecord>>
> = {
  completed: (completedAt) => ({ completedAt }),
  expired: (expiredAt) => ({ expiredAt }),
  cancelled: (cancelledAt) => ({ cancelledAt }),
  failed: (failedAt) => ({ failedAt }),
};

async function* resultLines(
  { store, clock, random }: FileParts,
  batchId: string,
  status: readonly BatchLineStatus[],
  early: EarlyEnd | null,
): AsyncGenerator<Uint8Array> {
  for (let after = -1; ; ) {
    const lines = await store.batches.lines({ batchId, status, after, limit: linesAtATime });
    if (lines.length === 0) return;
    const texts = lines.map(
      ({ customId, result }) =>
        result ??
        encodeUnanswered(
          customId,
          `batch_req_${newId('evt', clock, random).slice(4)}`,
          early ?? { code: 'internal', message: 'The line did not run.' },
        ),
    );
    yield Buffer.from(texts.map((text) => `${text}\n`).join(''));
    after = lines.at(-1)?.ordinal ?? after;
  }
}
