/**
 * Gathers batches while the writer is busy and sends them as one group, so that many callers share one fsync: a commit
 * writes whole pages, so its cost hardly depends on how much is in it. What nobody waits for rides with the group of
 * somebody who does. A session (an interactive transaction of the sign-in library) has the writer to itself between two
 * groups.
 */
import { MyriadError } from '@myriad/contracts';
import type { Batch, Step, StepResult } from '../database/batch.ts';
import type { RidingBatch } from '../database/database.ts';
import type { DatabaseThread } from './database-thread-client.ts';
import { failureOf } from './sqlite-failure.ts';
import { packGroups, unpackOutcome } from './wire-batch.ts';

/** Batches in one transaction; more wait for the next. */
const largestGroup = 512;
const longestSessionMs = 5_000;
/** While several callers write at once, the next group waits so long for more of them; one alone never waits. */
const gatherMs = 1;
/** What nobody waits for goes by itself after so long, and with another's group after half of it. */
const ridesWithinMs = 10;

export interface WriteSession {
  run(step: Step): Promise<StepResult>;
  /** Ends the session. The change is durable when resolved. */
  finish(how: 'commit' | 'rollback'): Promise<void>;
}

export interface GroupCommit {
  write(batch: Batch): Promise<readonly StepResult[]>;
  /** For what nobody waits for: durable some milliseconds later. */
  writeSoon(make: () => Batch): RidingBatch;
  openSession(): Promise<WriteSession>;
  /** Resolves when everything given so far is answered; what is written later goes at once. */
  idle(): Promise<void>;
}

interface Waiting {
  resolve(results: readonly StepResult[]): void;
  reject(error: unknown): void;
}

interface BatchJob extends Waiting {
  readonly kind: 'batch';
  readonly batch: Batch;
}

type Job = BatchJob | { readonly kind: 'session'; run(): Promise<void> };

interface Rider extends Waiting {
  readonly since: number;
  readonly make: () => Batch;
}

export function groupCommit(thread: DatabaseThread): GroupCommit {
  const pack = packGroups();
  const jobs: Job[] = [];
  /** In the order of their coming. */
  const riders = new Set<Rider>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let working: Promise<void> | null = null;
  let isClosing = false;
  let lastGroup = 0;

  function* ripe(afterMs: number): Generator<Rider> {
    const before = performance.now() - afterMs;
    for (const rider of riders) {
      if (!isClosing && rider.since > before) return;
      yield rider;
    }
  }
  const hasRipe = () => !ripe(ridesWithinMs).next().done;

  async function sendGroup(): Promise<void> {
    const group: BatchJob[] = [];
    for (const rider of ripe(ridesWithinMs / 2)) {
      riders.delete(rider);
      group.push({ kind: 'batch', batch: rider.make(), resolve: rider.resolve, reject: rider.reject });
      if (group.length === largestGroup) break;
    }
    const next = jobs.findIndex((job) => job.kind === 'session');
    for (const job of jobs.splice(0, Math.min(next === -1 ? jobs.length : next, largestGroup)))
      if (job.kind === 'batch') group.push(job);
    lastGroup = group.length;
    try {
      const answer = await thread.ask(pack(group.map(({ batch }) => batch)));
      if (answer.kind !== 'group') throw new MyriadError('internal', 'The writer answered something else.');
      group.forEach((job, index) => {
        const wired = answer.outcomes[index];
        if (!wired) return job.reject(new MyriadError('internal', 'A batch had no answer.'));
        const outcome = unpackOutcome(wired);
        if (outcome.ok) job.resolve(outcome.results);
        else job.reject(failureOf(outcome.failure));
      });
    } catch (error) {
      for (const job of group) job.reject(error);
    }
  }

  async function work(): Promise<void> {
    // One turn of the loop first: what other callers write in this very turn joins the first group.
    await Promise.resolve();
    while (jobs.length > 0 || hasRipe()) {
      const next = jobs[0];
      if (next?.kind === 'session') {
        jobs.shift();
        await next.run();
      } else {
        if (lastGroup > 1 && jobs.length < largestGroup && !isClosing) await pause(gatherMs);
        await sendGroup();
      }
    }
    working = null;
    watchRiders();
  }
  const start = () => {
    working ??= work();
  };
  const add = (job: Job) => {
    jobs.push(job);
    start();
  };
  /** Riders whom no group takes along go by themselves. */
  const watchRiders = () => {
    clearTimeout(timer);
    const first = riders.values().next().value;
    if (first) timer = setTimeout(start, Math.max(0, ridesWithinMs - (performance.now() - first.since)) + 1);
  };

  return {
    write: (batch) => new Promise((resolve, reject) => add({ kind: 'batch', batch, resolve, reject })),
    writeSoon(make) {
      let rider: Rider | null = null;
      let resolve: () => void = () => {};
      const written = new Promise<void>((settle, reject) => {
        resolve = settle;
        rider = { make, since: performance.now(), resolve: () => settle(), reject };
        riders.add(rider);
      });
      if (!working && riders.size === 1) watchRiders();
      return {
        written,
        withdraw() {
          if (!rider || !riders.delete(rider)) return false;
          resolve();
          return true;
        },
      };
    },
    openSession: () =>
      new Promise((resolve, reject) => {
        add({
          kind: 'session',
          run: () =>
            new Promise<void>((release) => {
              thread.ask({ kind: 'begin' }).then(
                () => resolve(sessionOf(thread, release)),
                (error) => {
                  release();
                  reject(error);
                },
              );
            }),
        });
      }),
    idle: async () => {
      isClosing = true;
      clearTimeout(timer);
      if (riders.size > 0) start();
      while (working) await working;
    },
  };
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}

function sessionOf(thread: DatabaseThread, release: () => void): WriteSession {
  let over: 'finished' | 'expired' | null = null;
  // Everyone else waits for this session, so it may not stay open for long, as when its code waits for one of them.
  const expiry = setTimeout(() => {
    over = 'expired';
    thread.ask({ kind: 'rollback' }).finally(release);
  }, longestSessionMs);
  const check = () => {
    if (over === null) return;
    throw new MyriadError('conflict', `The transaction is over: ${over} (it may take ${longestSessionMs} ms).`);
  };
  return {
    async run(step) {
      check();
      const answer = await thread.ask({ kind: 'step', step });
      if (answer.kind !== 'step') throw new MyriadError('internal', 'The writer answered something else.');
      return answer.result;
    },
    async finish(how) {
      if (how === 'rollback' && over !== null) return;
      check();
      over = 'finished';
      clearTimeout(expiry);
      try {
        await thread.ask({ kind: how });
      } catch (error) {
        await thread.ask({ kind: 'rollback' });
        throw error;
      } finally {
        release();
      }
    },
  };
}
