/**
 * Runs batches: lines of all of them take turns in a fixed number of places, in the scheduler's batch class. What has to
 * outlive the process is in the store, so that a start goes on where the last life ended.
 */
import {
  asMyriadError,
  type BatchLine,
  type BatchRecord,
  type MyriadError,
  newId,
  type StoredFile,
} from '@myriad/contracts';
import type { House } from '../house.ts';
import { toOpenAiError } from '../http/problem.ts';
import type { BatchDesk } from './batch-desk.ts';
import { filePart, sweepFiles } from './file-desk.ts';
import { type EarlyEnd, finishBatch } from './finish-batch.ts';
import { indexBatch } from './index-batch.ts';
import { bodyOf, lineEndpoints } from './run-line.ts';
import { encodeAnswer } from './wire.ts';

interface Job {
  readonly line: BatchLine;
  readonly attempt: number;
}

interface ActiveBatch {
  readonly record: BatchRecord;
  readonly input: StoredFile;
  /** Lines to run next, and where the store goes on. */
  readonly ready: Job[];
  readAfter: number;
  isRead: boolean;
  isBusy: boolean;
  inFlight: number;
  /** Lines that wait before they are tried again. */
  readonly waiting: Map<Job, () => void>;
  cancelExpiry: () => void;
  early: EarlyEnd | null;
}

const linesAtATime = 100;
const mostAttempts = 4;
const longestDelayMs = 60_000;
const sweepEveryMs = 3_600_000;
/** The node's own word that there is no room now: a line waits for as long as its batch lives. */
const noRoom = new Set(['queue_full', 'rate_limited', 'deadline_exceeded']);

type DeskHouse = Omit<House, 'batches'>;

export function createBatchDesk(house: DeskHouse): BatchDesk {
  const { store, clock, random, config, log } = house;
  const active = new Map<string, ActiveBatch>();
  /** Cancelled while they were being opened. */
  const toCancel = new Set<string>();
  const tasks = new Set<Promise<void>>();
  const signal = new AbortController();
  let turn: ActiveBatch[] = [];
  let running = 0;
  let isStopped = false;
  let cancelSweep = () => {};

  /** Work that nobody waits for; a failure of the store is told, and tried again later. */
  const task = (facts: Readonly<Record<string, unknown>>, work: () => Promise<void>, again: () => void) => {
    const done = work().catch((error: unknown) => {
      log('error', 'batch_failed', { ...facts, cause: String((error as Error).stack ?? error) });
      if (!isStopped) cancels.add(clock.after(longestDelayMs, again));
    });
    tasks.add(done);
    void done.finally(() => tasks.delete(done));
  };
  const cancels = new Set<() => void>();

  function begin(record: BatchRecord): void {
    if (isStopped || active.has(record.id)) return;
    task(
      { batchId: record.id },
      () => open(record),
      () => begin(record),
    );
  }

  async function open(record: BatchRecord): Promise<void> {
    const batch = record.status === 'validating' ? await indexBatch(house, record) : record;
    if (!batch || isStopped || active.has(batch.id)) return;
    const input = await store.batches.file(batch.inputFileId);
    if (!input) {
      await finishBatch(house, batch, { status: 'failed', code: 'not_found', message: 'The input file is gone.' });
      return;
    }
    const opened: ActiveBatch = {
      record: batch,
      input,
      ready: [],
      readAfter: -1,
      isRead: false,
      isBusy: false,
      inFlight: 0,
      waiting: new Map(),
      cancelExpiry: () => {},
      early: null,
    };
    active.set(batch.id, opened);
    turn.push(opened);
    if (batch.status === 'cancelling' || toCancel.delete(batch.id)) endEarly(opened, cancelled);
    opened.cancelExpiry = clock.after(Math.max(0, batch.expiresAt - clock.now()), () => endEarly(opened, expired));
    pump();
  }

  function endEarly(batch: ActiveBatch, early: EarlyEnd): void {
    batch.early ??= early;
    batch.isRead = true;
    batch.ready.length = 0;
    for (const stopWaiting of batch.waiting.values()) stopWaiting();
    batch.waiting.clear();
    pump();
  }

  /** Gives free places to batches in turn, and ends those that are done. */
  function pump(): void {
    if (isStopped) return;
    for (const batch of [...turn]) {
      if (batch.ready.length === 0 && !batch.isRead && !batch.isBusy) load(batch);
      else if (batch.isRead && batch.ready.length + batch.inFlight + batch.waiting.size === 0 && !batch.isBusy)
        finish(batch);
    }
    while (running < config.batch.parallel) {
      const batch = turn.find(({ ready }) => ready.length > 0);
      if (!batch) return;
      turn = [...turn.filter((other) => other !== batch), batch];
      start(batch, batch.ready.shift() as Job);
    }
  }

  function load(batch: ActiveBatch): void {
    batch.isBusy = true;
    const again = () => {
      batch.isBusy = false;
      pump();
    };
    const work = async () => {
      const lines = await store.batches.lines({
        batchId: batch.record.id,
        status: ['pending'],
        after: batch.readAfter,
        limit: linesAtATime,
      });
      if (!batch.isRead) {
        batch.ready.push(...lines.map((line) => ({ line, attempt: 1 })));
        batch.readAfter = lines.at(-1)?.ordinal ?? batch.readAfter;
        batch.isRead = lines.length < linesAtATime;
      }
      again();
    };
    task({ batchId: batch.record.id }, work, again);
  }

  function start(batch: ActiveBatch, job: Job): void {
    running += 1;
    batch.inFlight += 1;
    const leave = () => {
      running -= 1;
      batch.inFlight -= 1;
      pump();
    };
    const done = run(batch, job)
      .catch((error: unknown) => {
        log('error', 'batch_line_failed', { batchId: batch.record.id, cause: String((error as Error).stack ?? error) });
        tryAgain(batch, job, longestDelayMs);
      })
      .then(leave);
    tasks.add(done);
    void done.finally(() => tasks.delete(done));
  }

  async function run(batch: ActiveBatch, job: Job): Promise<void> {
    const { id: batchId, endpoint, keyId, personId, priceRatio } = batch.record;
    const { ordinal, customId } = job.line;
    const requestId = `batch_req_${newId('evt', clock, random).slice(4)}`;
    let isKept = false;
    try {
      const subject = await house.org.subjectOf({ keyId, personId }).catch((error: unknown) => {
        const { code, message } = asMyriadError(error);
        if (code === 'unauthenticated') endEarly(batch, { status: 'failed', code, message });
        throw error;
      });
      const answer = lineEndpoints[endpoint] as (typeof lineEndpoints)[string];
      await answer({
        house: { ...house, batches: desk },
        subject,
        body: bodyOf(await filePart(house, batch.input, job.line)),
        priceRatio,
        signal: signal.signal,
        async keep(body) {
          await store.batches.endLine({
            batchId,
            ordinal,
            status: 'done',
            result: encodeAnswer(customId, requestId, 200, body),
          });
          isKept = true;
        },
      });
    } catch (error) {
      const failure = asMyriadError(error);
      // An answer that is kept counts, whatever befell its run afterwards. A line of a node that stops, or of a batch
      // that nobody may run any more, stays for the next start or the batch's end.
      if (isKept || isStopped || batch.early?.status === 'failed') return;
      if (mayTryAgain(failure, job.attempt)) return tryAgain(batch, job, delayOf(failure, job.attempt));
      const { status, body } = toOpenAiError(failure);
      const result = encodeAnswer(customId, requestId, status, body);
      await store.batches.endLine({ batchId, ordinal, status: 'failed', result });
    }
  }

  function tryAgain(batch: ActiveBatch, { line, attempt }: Job, delayMs: number): void {
    if (isStopped || batch.early) return;
    const job: Job = { line, attempt: attempt + 1 };
    const stopWaiting = clock.after(delayMs, () => {
      batch.waiting.delete(job);
      batch.ready.push(job);
      pump();
    });
    batch.waiting.set(job, stopWaiting);
  }

  function finish(batch: ActiveBatch): void {
    batch.isBusy = true;
    const { id } = batch.record;
    const work = async () => {
      const now = clock.now();
      const finalizing =
        batch.record.status === 'in_progress' && batch.early?.status !== 'cancelled'
          ? await store.batches.change(id, ['in_progress', 'finalizing'], { status: 'finalizing', finalizingAt: now })
          : null;
      const record = finalizing ?? (await store.batches.batch(id));
      // A batch that was cancelled in the last moment, with nothing left to cancel, ends as cancelled.
      const early = record?.status === 'cancelling' ? cancelled : batch.early;
      const ended = record && (await finishBatch(house, record, early));
      forget(batch);
      if (ended) log('info', 'batch_ended', { batchId: id, status: ended.status, lines: ended.total });
    };
    task({ batchId: id }, work, () => {
      batch.isBusy = false;
      pump();
    });
  }

  function forget(batch: ActiveBatch): void {
    batch.cancelExpiry();
    active.delete(batch.record.id);
    turn = turn.filter((other) => other !== batch);
  }

  function sweep(): void {
    task(
      { sweep: true },
      () => sweepFiles(house),
      () => {},
    );
    cancelSweep = clock.after(sweepEveryMs, sweep);
  }

  const desk: BatchDesk = {
    begin,
    cancel(batchId) {
      const batch = active.get(batchId);
      if (batch) endEarly(batch, cancelled);
      else toCancel.add(batchId);
    },
    async resume() {
      const left = await store.batches.unended();
      for (const batch of left) begin(batch);
      sweep();
      return left.length;
    },
    stop() {
      isStopped = true;
      cancelSweep();
      for (const cancel of cancels) cancel();
      for (const batch of active.values()) {
        batch.cancelExpiry();
        for (const stopWaiting of batch.waiting.values()) stopWaiting();
      }
    },
    async close() {
      desk.stop();
      signal.abort();
      while (tasks.size > 0) await Promise.allSettled([...tasks]);
    },
  };
  return desk;
}

const cancelled: EarlyEnd = {
  status: 'cancelled',
  code: 'batch_cancelled',
  message: 'The batch was cancelled before this line ran.',
};
const expired: EarlyEnd = {
  status: 'expired',
  code: 'batch_expired',
  message: 'The batch came to the end of its completion window before this line ran.',
};

function mayTryAgain(failure: MyriadError, attempt: number): boolean {
  if (noRoom.has(failure.code)) return true;
  return (failure.class.retryable || failure.code === 'capability_unavailable') && attempt < mostAttempts;
}

function delayOf({ retryAfterMs }: MyriadError, attempt: number): number {
  return Math.max(retryAfterMs ?? 0, Math.min(longestDelayMs, 500 * 2 ** attempt));
}
