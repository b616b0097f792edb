/** Checks a batch's input whole and notes where each line lies; then its lines may run. */
import type { BatchError, BatchLine, BatchRecord } from '@myriad/contracts';
import type { House } from '../house.ts';
import { fileContent } from './file-desk.ts';
import { readLines } from './read-lines.ts';

const linesAtATime = 500;

/** @returns The batch when its lines may run or its end is asked for; null when it failed and is over. */
export async function indexBatch(
  house: Pick<House, 'store' | 'clock' | 'config'>,
  batch: BatchRecord,
): Promise<BatchRecord | null> {
  const { store, clock, config } = house;
  const { batches } = store;
  const errors: BatchError[] = [];
  const rules = { endpoint: batch.endpoint, mostLines: config.batch.lines, mostLineBytes: config.limits.bodyBytes };
  let total = 0;
  let lines: BatchLine[] = [];
  const input = await batches.file(batch.inputFileId);
  if (!input)
    errors.push({ code: 'not_found', message: 'The input file is gone.', line: null, param: 'input_file_id' });
  else
    for await (const place of readLines(fileContent(house, input), rules, errors)) {
      total += 1;
      if (errors.length > 0) continue;
      lines.push({ ...place, batchId: batch.id, status: 'pending', result: null });
      if (lines.length < linesAtATime) continue;
      await batches.addLines(lines);
      lines = [];
    }
  if (errors.length === 0 && lines.length > 0) await batches.addLines(lines);
  const now = clock.now();
  if (errors.length > 0) {
    const failed: BatchRecord = { ...batch, status: 'failed', errors, total, failedAt: now };
    if (await batches.end(failed, ['validating'], [])) return null;
  } else {
    const ready = await batches.change(batch.id, ['validating'], { status: 'in_progress', total, inProgressAt: now });
    if (ready) return ready;
  }
  // It was cancelled meanwhile: its lines are whole in the store, or none of them is.
  if (errors.length > 0) await batches.dropLines(batch.id);
  return batches.change(batch.id, ['cancelling'], { total: errors.length > 0 ? 0 : total });
}
