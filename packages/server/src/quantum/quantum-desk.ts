import { Worker } from 'node:worker_threads';
import {
  type Clock,
  MyriadError,
  newId,
  type QuantumFailure,
  type QuantumJob,
  type QuantumLimits,
  type QuantumRequest,
  type QuantumResult,
  type Random,
} from '@myriad/contracts';
import type { QuantumWord, QuantumWork } from './quantum-worker.ts';

/** What one run on a node that others share may take. */
export const nodeQuantumLimits: QuantumLimits = { maxBytes: 2 ** 30, maxSeconds: 300, maxQubits: 1024 };
const mostAtOnce = 2;
const keptMs = 10 * 60_000;
const mostKept = 200;

export interface QuantumDesk {
  /** Starts a run. @throws MyriadError `rate_limited` when its owner has one already or the node has enough. */
  start(request: QuantumRequest, owner: string): QuantumJob;
  /** @throws MyriadError `not_found` when there is none of this owner. */
  find(id: string, owner: string): QuantumJob;
  cancel(id: string, owner: string): QuantumJob;
  /** Runs one to its end. @throws MyriadError `invalid_request` with the simulator's words, `aborted`, `rate_limited`. */
  finish(request: QuantumRequest, owner: string, signal: AbortSignal): Promise<QuantumResult>;
  close(): Promise<void>;
}

interface Entry {
  job: QuantumJob;
  readonly owner: string;
  readonly worker: Worker;
  readonly ended: Promise<void>;
  endedAt: number | null;
}

/** Runs circuits in worker threads: few at once, one a person, each within bytes, seconds and qubits. */
export function createQuantumDesk({ clock, random }: { readonly clock: Clock; readonly random: Random }): QuantumDesk {
  const entries = new Map<string, Entry>();

  const running = () => [...entries.values()].filter(({ job }) => job.status === 'running');
  const sweep = () => {
    const over = [...entries.values()].filter(({ endedAt }) => endedAt !== null);
    over.forEach((entry, index) => {
      if ((entry.endedAt as number) < clock.now() - keptMs || over.length - index > mostKept)
        entries.delete(entry.job.id);
    });
  };

  function begin(request: QuantumRequest, owner: string): Entry {
    sweep();
    const busy = running();
    if (busy.some((entry) => entry.owner === owner))
      throw new MyriadError('rate_limited', 'You have a circuit running here; stop it or wait for its end.');
    if (busy.length >= mostAtOnce)
      throw new MyriadError('rate_limited', `${busy.length} circuits run here already; try again in a minute.`);
    const seconds = Math.min(nodeQuantumLimits.maxSeconds, request.limits?.maxSeconds ?? nodeQuantumLimits.maxSeconds);
    const workerData: QuantumWork = { request, limits: nodeQuantumLimits };
    const worker = new Worker(new URL('./quantum-worker.ts', import.meta.url), {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const id = newId('job', clock, random);
    const entry: Entry = {
      job: { id, status: 'running', progress: { ratio: null, remainingMs: null }, result: null, failure: null },
      owner,
      worker,
      ended,
      endedAt: null,
    };
    const settle = (outcome: Partial<QuantumJob>) => {
      if (entry.job.status !== 'running') return;
      clearTimeout(timer);
      entry.job = { ...entry.job, ...outcome };
      entry.endedAt = clock.now();
      resolve();
      void worker.terminate();
    };
    const fail = (code: string, message: string) => {
      const failure: QuantumFailure = { code, message, line: null, column: null };
      settle({ status: 'failed', failure });
    };
    const timer = setTimeout(() => fail('deadline', `It was stopped after ${seconds} s.`), seconds * 1000);
    timer.unref();
    worker.on('message', (word: QuantumWord) => {
      if (word.kind === 'done') settle({ status: 'done', result: word.result });
      else if (word.kind === 'failed') settle({ status: 'failed', failure: word.failure });
      else if (entry.job.status === 'running') entry.job = { ...entry.job, progress: word.progress };
    });
    worker.on('error', (error) => fail('internal', `The simulator ended: ${(error as Error).message}`));
    worker.on('exit', () => fail('internal', 'The simulator ended without an answer.'));
    entries.set(id, entry);
    return entry;
  }

  function mine(id: string, owner: string): Entry {
    const entry = entries.get(id);
    if (entry === undefined || entry.owner !== owner)
      throw new MyriadError('not_found', 'There is no such run of a circuit.');
    return entry;
  }

  /** Ends the thread at once, also in the middle of a kernel. */
  function stop(entry: Entry): void {
    if (entry.job.status !== 'running') return;
    entry.job = { ...entry.job, status: 'cancelled' };
    entry.endedAt = clock.now();
    void entry.worker.terminate();
  }

  return {
    start: (request, owner) => begin(request, owner).job,
    find: (id, owner) => mine(id, owner).job,
    cancel(id, owner) {
      const entry = mine(id, owner);
      stop(entry);
      return entry.job;
    },
    async finish(request, owner, signal) {
      if (signal.aborted) throw new MyriadError('aborted', 'The run was stopped.');
      const entry = begin(request, owner);
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([entry.ended, stopped]);
      const { result, failure } = entry.job;
      stop(entry);
      entries.delete(entry.job.id);
      if (result) return result;
      if (!failure) throw new MyriadError('aborted', 'The run was stopped.');
      const place = failure.line === null ? '' : `line ${failure.line}, column ${failure.column}: `;
      throw new MyriadError('invalid_request', `${place}${failure.message}`);
    },
    async close() {
      await Promise.all([...entries.values()].map((entry) => entry.worker.terminate()));
    },
  };
}
