import type { BatchLine, BatchRecord, Store, StoredFile } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleId } from './samples.exam.ts';

const sampleFile = (change: Partial<StoredFile> = {}): StoredFile => ({
  id: sampleId('file'),
  tenant: 'main',
  ownerId: 'per_1',
  name: '问题.jsonl',
  purpose: 'batch',
  sizeBytes: 5_000_000_000,
  blobHash: 'ab'.repeat(32),
  headBytes: 32,
  createdAt: 1_790_000_000_000,
  expiresAt: null,
  ...change,
});

const sampleBatch = (change: Partial<BatchRecord> = {}): BatchRecord => ({
  id: sampleId('batch'),
  tenant: 'main',
  ownerId: 'per_1',
  keyId: 'key_1',
  personId: null,
  endpoint: '/v1/chat/completions',
  inputFileId: 'file_1',
  completionWindow: '24h',
  status: 'validating',
  metadata: { run: '夜间' },
  errors: [],
  outputFileId: null,
  errorFileId: null,
  total: 0,
  completed: 0,
  failed: 0,
  priceRatio: 0.35,
  outputLifeMs: null,
  createdAt: 1_790_000_000_000,
  inProgressAt: null,
  expiresAt: 1_790_086_400_000,
  finalizingAt: null,
  completedAt: null,
  failedAt: null,
  expiredAt: null,
  cancellingAt: null,
  cancelledAt: null,
  ...change,
});

const sampleLine = (batchId: string, ordinal: number, change: Partial<BatchLine> = {}): BatchLine => ({
  batchId,
  ordinal,
  customId: `line-${ordinal}`,
  start: ordinal * 3_000_000_000,
  end: ordinal * 3_000_000_000 + 80,
  status: 'pending',
  result: null,
  ...change,
});

/** Files, batches and lines. */
export function examineBatches(open: () => Store): void {
  test('[J1] files come back as given, by owner and purpose, both ways, page after page', async () => {
    const { batches } = open();
    const ownerId = sampleId('per');
    const all = [1, 2, 3].map((at) => sampleFile({ ownerId, purpose: at === 2 ? 'batch_output' : 'batch' }));
    for (const file of all) await batches.saveFile(file);
    await batches.saveFile(sampleFile({ ownerId: 'per_other' }));
    expect(await batches.file(all[0]?.id as string)).toEqual(all[0]);
    expect(await batches.file('file_none')).toBeNull();
    const first = await batches.files({ ownerId, limit: 2 });
    expect([first.items, first.nextCursor === null]).toEqual([[all[2], all[1]], false]);
    const rest = await batches.files({ ownerId, limit: 2, after: all[1]?.id as string });
    expect([rest.items, rest.nextCursor]).toEqual([[all[0]], null]);
    expect((await batches.files({ ownerId, order: 'asc', after: all[0]?.id as string })).items).toEqual(all.slice(1));
    expect((await batches.files({ ownerId, purpose: 'batch_output' })).items).toEqual([all[1]]);
  });

  test('[J2] a file is deleted once; those past their time are found, and no others', async () => {
    const { batches } = open();
    const file = sampleFile();
    await batches.saveFile(file);
    expect([await batches.deleteFile(file.id), await batches.deleteFile(file.id)]).toEqual([true, false]);
    const [old, young, kept] = [sampleFile({ expiresAt: 1_000 }), sampleFile({ expiresAt: 1_001 }), sampleFile()];
    for (const each of [old, young, kept]) await batches.saveFile(each);
    expect(await batches.expiredFiles(1_000)).toEqual([old]);
  });

  test('[J3] batches come back as given, newest first, by owner; those not ended are found', async () => {
    const { batches } = open();
    const ownerId = sampleId('per');
    const made = sampleBatch({ ownerId });
    const ended = sampleBatch({ ownerId, status: 'completed' });
    const refused = sampleBatch({
      ownerId,
      status: 'failed',
      errors: [{ code: 'invalid_request', message: '第 2 行', line: 2, param: 'body' }],
    });
    for (const batch of [made, ended, refused]) await batches.create(batch);
    await expect(batches.create(made)).rejects.toMatchObject({ code: 'conflict' });
    expect(await batches.batch(refused.id)).toEqual(refused);
    expect((await batches.batches({ ownerId, limit: 2 })).items).toEqual([refused, ended]);
    expect((await batches.batches({ ownerId, after: ended.id })).items).toEqual([made]);
    const unended = (await batches.unended()).filter((batch) => batch.ownerId === ownerId);
    expect(unended).toEqual([made]);
  });

  test('[J4] of two changes from one status only the first happens', async () => {
    const { batches } = open();
    const made = sampleBatch();
    await batches.create(made);
    const change = { status: 'in_progress', total: 3, inProgressAt: 5 } as const;
    expect(await batches.change(made.id, ['validating'], change)).toEqual({ ...made, ...change });
    expect(await batches.change(made.id, ['validating'], { status: 'failed' })).toBeNull();
    expect(await batches.batch(made.id)).toEqual({ ...made, ...change });
    expect(await batches.change('batch_none', ['validating'], { status: 'failed' })).toBeNull();
    const both = await Promise.all(
      ['cancelling', 'finalizing'].map((status) =>
        batches.change(made.id, ['in_progress'], { status: status as BatchRecord['status'] }),
      ),
    );
    expect(both.filter((record) => record !== null)).toHaveLength(1);
  });

  test('[J5] lines keep order and places; adding them again changes nothing; results are counted', async () => {
    const { batches } = open();
    const { id } = sampleBatch();
    const lines = [0, 1, 2, 3, 4].map((ordinal) => sampleLine(id, ordinal));
    await batches.addLines(lines.slice(0, 3));
    await batches.endLine({ batchId: id, ordinal: 1, status: 'done', result: '{"答": 1}' });
    await batches.addLines(lines);
    await batches.endLine({ batchId: id, ordinal: 3, status: 'failed', result: '{}' });
    expect(await batches.counts(id)).toEqual({ pending: 3, done: 1, failed: 1 });
    const pending = { batchId: id, status: ['pending'] as const, limit: 2 };
    expect(await batches.lines({ ...pending, after: -1 })).toEqual([lines[0], lines[2]]);
    expect(await batches.lines({ ...pending, after: 2 })).toEqual([lines[4]]);
    expect(await batches.lines({ batchId: id, status: ['done', 'failed'], after: -1, limit: 9 })).toEqual([
      { ...lines[1], status: 'done', result: '{"答": 1}' },
      { ...lines[3], status: 'failed', result: '{}' },
    ]);
    await batches.dropLines(id);
    expect(await batches.counts(id)).toEqual({ pending: 0, done: 0, failed: 0 });
  });

  test('[J6] a batch ends in one step with its files and without its lines, or not at all', async () => {
    const { batches } = open();
    const made = sampleBatch({ status: 'in_progress', total: 1 });
    await batches.create(made);
    await batches.addLines([sampleLine(made.id, 0, { status: 'done', result: '{}' })]);
    const output = sampleFile({ purpose: 'batch_output' });
    const ended = { ...made, status: 'completed', completed: 1, outputFileId: output.id, completedAt: 9 } as const;
    expect(await batches.end(ended, ['cancelling'], [output])).toBe(false);
    expect([await batches.file(output.id), (await batches.counts(made.id)).done]).toEqual([null, 1]);
    expect(await batches.end(ended, ['in_progress'], [output])).toBe(true);
    expect(await batches.batch(made.id)).toEqual(ended);
    expect([await batches.file(output.id), (await batches.counts(made.id)).done]).toEqual([output, 0]);
    expect(await batches.end(ended, ['in_progress'], [])).toBe(false);
  });
}
