/**
 * Gathers batches while the writer is busy and sends them as one group, so that many callers share one fsync. A session
 * (an interactive transaction of the sign-in library) has the writer to itself between two groups.
 */
import { MyriadError } from '@myriad/contracts';
import type { Batch, Step, StepResult } from '../database/batch.ts';
import type { DatabaseThread } from './database-thread-client.ts';
import { failureOf } from './sqlite-failure.ts';

/** Batches in one transaction; more wait for the next. */
const largestGroup = 512;
const longestSessionMs = 5_000;

export interface WriteSession {
  run(step: Step): Promise<StepResult>;
  /** Ends the session. The change is durable when resolved. */
  finish(how: 'commit' | 'rollback'): Promise<void>;
}

export interface GroupCommit {
  write(batch: Batch): Promise<readonly StepResult[]>;
  openSession(): Promise<WriteSession>;
  /** Resolves when everything given so far is answered. */
  idle(): Promise<void>;
}

type Job =
  | {
      readonly kind: 'batch';
      readonly batch: Batch;
      resolve(results: readonly StepResult[]): void;
      reject(error: unknown): void;
    }
  | { readonly kind: 'session'; run(): Promise<void> };

export function groupCommit(thread: DatabaseThread): GroupCommit {
  const jobs: Job[] = [];
  let working: Promise<void> | null = null;

  async function sendGroup(): Promise<void> {
    const count = jobs.findIndex((job, index) => job.kind === 'session' || index === largestGroup);
    const group = jobs.splice(0, count === -1 ? jobs.length : count).filter((job) => job.kind === 'batch');
    try {
      const answer = await thread.ask({ kind: 'group', batches: group.map(({ batch }) => batch) });
      if (answer.kind !== 'group') throw new MyriadError('internal', 'The writer answered something else.');
      group.forEach((job, index) => {
        const outcome = answer.outcomes[index];
        if (outcome?.ok) job.resolve(outcome.results);
        else job.reject(outcome ? failureOf(outcome.failure) : new MyriadError('internal', 'A batch had no answer.'));
      });
    } catch (error) {
      for (const job of group) job.reject(error);
    }
  }

  async function work(): Promise<void> {
    // One turn of the loop first: what other callers write in this very turn joins the first group.
    await Promise.resolve();
    while (jobs.length > 0) {
      const next = jobs[0];
      if (next?.kind === 'session') {
        jobs.shift();
        await next.run();
      } else {
        await sendGroup();
      }
    }
    working = null;
  }
  const add = (job: Job) => {
    jobs.push(job);
    working ??= work();
  };

  return {
    write: (batch) => new Promise((resolve, reject) => add({ kind: 'batch', batch, resolve, reject })),
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
      while (working) await working;
    },
  };
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
