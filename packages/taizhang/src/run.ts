import { AbortedError, TaizhangError, WorkerLostError } from './errors.ts';
import { type Checkpoint, planHash } from './execute/checkpoint.ts';
import { type Chunk, chunksOf } from './execute/chunks.ts';
import { compileProgram } from './execute/compile-program.ts';
import { createSliceRunner } from './execute/slice-runner.ts';
import { type SliceReply, type SliceRequest, sumChunk } from './execute/slice-worker.ts';
import { spawnSliceWorker } from './execute/spawn-slice-worker.ts';
import type { WorkerHandle } from './execute/worker-port.ts';
import type { Plan } from './plan.ts';

export interface RunProgress {
  readonly slicesDone: number;
  readonly slices: number;
  /** Share of the work done, which is also the expected fidelity of the sum so far. */
  readonly fraction: number;
  readonly elapsedMs: number;
  /** null until something has been measured. */
  readonly remainingMs: number | null;
}

export interface RunOptions {
  /** Worker threads; 0 runs in this thread, pausing between kernels. The plan's number when left out. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly checkpoint?: Checkpoint;
  /** Runs only this share of the slices, and reports the sum as an approximation of that fidelity. */
  readonly maxFraction?: number;
  /** `plain` forces the kernels without SIMD. */
  readonly kernel?: 'simd' | 'plain';
  /** Clock in ms. */
  readonly now?: () => number;
  /** Starts a worker; for tests and unusual hosts. */
  readonly spawn?: () => WorkerHandle<SliceRequest, SliceReply> | null;
}

export interface RunResult {
  /** Amplitudes, re and im in turn, over the open qubits (first open qubit = highest bit); one when none is open. */
  readonly value: Float64Array;
  /** Share of slices in the sum: below 1 the value is an approximation, not the amplitude (arXiv 1807.10749, sec. 2). */
  readonly fidelity: number;
  readonly stats: {
    readonly seconds: number;
    readonly slicesDone: number;
    readonly slicesFromCheckpoint: number;
    readonly workersLost: number;
    readonly peakBytes: number;
    /** 8 real operations a multiply-add, over the slices done in this run. */
    readonly gflops: number;
  };
}

const mostAttempts = 4;

/**
 * Runs a plan. Slices are summed in double precision in an order fixed by the plan, so the value is the same bit for bit
 * whatever the number of workers, lost workers, or stops and resumptions.
 *
 * @throws AbortedError within a second of the signal. @throws WorkerLostError when one chunk keeps killing workers.
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const now = options.now ?? (() => performance.now());
  const started = now();
  const { contraction } = plan;
  const chunks = chunksOf(plan.slices);
  if (options.signal?.aborted) throw new AbortedError(0, chunks.length, 'chunks of slices');
  if (contraction.factors.length < 2) return finishSmall(plan);

  const sums = new Map<number, Float64Array>();
  if (options.checkpoint !== undefined) {
    const kept = await options.checkpoint.load(planHash(contraction));
    for (const [index, sum] of kept) if (index < chunks.length) sums.set(index, sum);
  }
  const slicesOf = (list: Iterable<number>) => [...list].reduce((total, index) => total + chunks[index]!.count, 0);
  const fromCheckpoint = slicesOf(sums.keys());
  const wanted = chunks.slice(0, Math.max(1, Math.ceil(chunks.length * (options.maxFraction ?? 1))));
  const queue = wanted.filter(({ index }) => !sums.has(index));
  let slicesDone = fromCheckpoint;
  const onSlice = () => {
    slicesDone++;
    const elapsedMs = now() - started;
    const rate = (slicesDone - fromCheckpoint) / elapsedMs;
    options.onProgress?.({
      slicesDone,
      slices: plan.slices,
      fraction: slicesDone / plan.slices,
      elapsedMs,
      remainingMs: rate > 0 ? (plan.slices - slicesDone) / rate : null,
    });
  };
  const keep = async (index: number, sum: Float64Array) => {
    sums.set(index, sum);
    await options.checkpoint?.append(index, sum);
  };

  const spawn = options.spawn ?? spawnSliceWorker;
  const workers = Math.min(options.workers ?? plan.workers, queue.length);
  const first = workers > 0 ? spawn() : null;
  let workersLost = 0;
  if (first === null) await runHere(plan, queue, options, onSlice, keep, () => sums.size, chunks.length);
  else
    workersLost = await runPool(
      plan,
      queue,
      workers,
      first,
      spawn,
      options,
      onSlice,
      keep,
      () => sums.size,
      chunks.length,
    );

  const done = [...sums.keys()].sort((a, b) => a - b);
  const total = new Float64Array(2 << contraction.open.length);
  for (const index of done) {
    const sum = sums.get(index)!;
    for (let i = 0; i < total.length; i++) total[i] = total[i]! + sum[i]!;
  }
  const seconds = (now() - started) / 1000;
  const summed = slicesOf(done);
  const here = summed - fromCheckpoint;
  return {
    value: scaled(total, contraction.scale),
    fidelity: summed / plan.slices,
    stats: {
      seconds,
      slicesDone: summed,
      slicesFromCheckpoint: fromCheckpoint,
      workersLost,
      peakBytes: plan.bytesPerWorker * Math.max(1, workers),
      gflops: seconds > 0 ? (8 * 2 ** plan.log2Macs * (here / plan.slices)) / seconds / 1e9 : 0,
    },
  };
}

function scaled(value: Float64Array, { re, im }: { readonly re: number; readonly im: number }): Float64Array {
  const out = new Float64Array(value.length);
  for (let i = 0; i < value.length; i += 2) {
    out[i] = value[i]! * re - value[i + 1]! * im;
    out[i + 1] = value[i]! * im + value[i + 1]! * re;
  }
  return out;
}

/** A network that simplification left with at most one factor needs no kernels. */
function finishSmall(plan: Plan): RunResult {
  const { factors, open, scale } = plan.contraction;
  const factor = factors[0];
  const value = new Float64Array(2 << open.length);
  const variables = factor?.variables ?? [];
  for (let index = 0; index < 2 ** open.length; index++) {
    let from = 0;
    open.forEach((variable, i) => {
      const at = variables.indexOf(variable);
      if (Math.floor(index / 2 ** (open.length - 1 - i)) % 2 === 1) from += 2 ** (variables.length - 1 - at);
    });
    value[2 * index] = factor === undefined ? 1 : factor.data[2 * from]!;
    value[2 * index + 1] = factor === undefined ? 0 : factor.data[2 * from + 1]!;
  }
  return {
    value: scaled(value, scale),
    fidelity: 1,
    stats: { seconds: 0, slicesDone: 1, slicesFromCheckpoint: 0, workersLost: 0, peakBytes: 0, gflops: 0 },
  };
}

type Keep = (index: number, sum: Float64Array) => Promise<void>;

/** In this thread: pauses every 50 ms, so that the host stays alive and a signal is seen. */
async function runHere(
  plan: Plan,
  queue: readonly Chunk[],
  options: RunOptions,
  onSlice: () => void,
  keep: Keep,
  done: () => number,
  chunks: number,
): Promise<void> {
  if (queue.length === 0) return;
  const runner = createSliceRunner(compileProgram(plan.contraction), options.kernel);
  const now = options.now ?? (() => performance.now());
  let paused = now();
  for (const chunk of queue) {
    const work = sumChunk(runner, chunk, onSlice);
    let step = work.next();
    while (!step.done) {
      if (now() - paused > 50) {
        await new Promise<void>((resolve) => setTimeout(resolve, 0));
        paused = now();
      }
      if (options.signal?.aborted) throw new AbortedError(done(), chunks, 'chunks of slices');
      step = work.next();
    }
    await keep(chunk.index, step.value);
  }
}

/** Over workers: each takes the next chunk; a chunk whose worker dies goes back to the queue. */
function runPool(
  plan: Plan,
  pending: readonly Chunk[],
  workers: number,
  first: WorkerHandle<SliceRequest, SliceReply>,
  spawn: () => WorkerHandle<SliceRequest, SliceReply> | null,
  options: RunOptions,
  onSlice: () => void,
  keep: Keep,
  done: () => number,
  chunks: number,
): Promise<number> {
  const queue = [...pending];
  const attempts = new Map<number, number>();
  const live = new Set<WorkerHandle<SliceRequest, SliceReply>>();
  let running = 0;
  let lost = 0;
  return new Promise<number>((resolve, reject) => {
    let settled = false;
    const finish = (error: Error | null) => {
      if (settled) return;
      settled = true;
      options.signal?.removeEventListener('abort', onAbort);
      void Promise.all([...live].map((worker) => worker.stop())).then(() =>
        error === null ? resolve(lost) : reject(error),
      );
    };
    const onAbort = () => finish(new AbortedError(done(), chunks, 'chunks of slices'));
    options.signal?.addEventListener('abort', onAbort);
    if (options.signal?.aborted) return onAbort();

    const start = (worker: WorkerHandle<SliceRequest, SliceReply>) => {
      live.add(worker);
      let current: Chunk | null = null;
      const next = () => {
        if (settled) return;
        current = queue.shift() ?? null;
        if (current !== null) {
          running++;
          worker.post({ kind: 'chunk', chunk: current });
        } else if (running === 0) finish(null);
      };
      worker.onMessage((reply) => {
        if (settled) return;
        if (reply.kind === 'ready') next();
        else if (reply.kind === 'slice') onSlice();
        else {
          const finished = current;
          current = null;
          void keep(reply.index, reply.sum).then(() => {
            if (finished !== null) running--;
            next();
          }, finish);
        }
      });
      worker.onLost((cause) => {
        live.delete(worker);
        if (settled) return;
        lost++;
        if (current !== null) {
          running--;
          const tries = (attempts.get(current.index) ?? 0) + 1;
          attempts.set(current.index, tries);
          if (tries >= mostAttempts) return finish(new WorkerLostError(current.index, tries, cause));
          queue.unshift(current);
          current = null;
        } else if (lost >= mostAttempts * workers) return finish(new WorkerLostError(-1, lost, cause));
        const fresh = spawn();
        if (fresh !== null) start(fresh);
        else if (live.size === 0) finish(new TaizhangError('worker_lost', `No worker could be started: ${cause}`));
      });
      worker.post({ kind: 'plan', plan: plan.contraction, kernel: options.kernel ?? 'simd' });
    };
    start(first);
    for (let i = 1; i < workers; i++) {
      const worker = spawn();
      if (worker !== null) start(worker);
    }
  });
}
