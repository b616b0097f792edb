/** Keeps one model running: starts its process, waits until it is healthy, watches it, starts it again with a growing pause. */
import { type Clock, MyriadError, type Random } from '@myriad/contracts';
import { freePort, type ModelProcess } from './model-process.ts';

export interface RunModelOptions {
  readonly name: string;
  readonly open: (port: number) => ModelProcess;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  /** The process answers; its models are below `baseUrl`. Called again after each restart. */
  readonly onReady: (running: { readonly baseUrl: string; readonly pid: number }) => Promise<void>;
  /** It answers no more. */
  readonly onDown: () => Promise<void>;
  /** It is given up: it never became healthy, or ended too often in a row. */
  readonly onFailed: (error: MyriadError) => void;
  readonly timings?: Partial<RunTimings>;
}

export interface RunTimings {
  /** Longest time until the first health: large files load slowly from slow disks. */
  readonly startMs: number;
  readonly pollMs: number;
  readonly watchMs: number;
  /** First pause before a restart; doubles up to a minute. */
  readonly pauseMs: number;
  readonly graceMs: number;
  /** A process that lived so long begins the count of crashes anew. */
  readonly steadyMs: number;
}

export interface RunningModel {
  stop(): Promise<void>;
}

const usualTimings: RunTimings = {
  startMs: 300_000,
  pollMs: 200,
  watchMs: 10_000,
  pauseMs: 1_000,
  graceMs: 5_000,
  steadyMs: 60_000,
};
const maxCrashes = 5;
const maxMisses = 3;

export function runModel(options: RunModelOptions): RunningModel {
  const { name, clock, random } = options;
  const timings = { ...usualTimings, ...options.timings };
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: ModelProcess | null = null;

  async function supervise(): Promise<void> {
    for (let crashes = 0, first = true; !signal.aborted; first = false) {
      const port = await freePort();
      if (signal.aborted) return;
      const child = options.open(port);
      current = child;
      const bornAt = clock.monotonicMs();
      const fault = await untilHealthy(child, port);
      if (signal.aborted) return;
      if (fault && first) return options.onFailed(failure(name, fault, child));
      let why = fault;
      if (!why) {
        await options.onReady({ baseUrl: `http://127.0.0.1:${port}/v1`, pid: child.pid });
        why = await untilDown(child, port);
        await options.onDown();
      }
      await child.stop(timings.graceMs);
      if (signal.aborted) return;
      crashes = clock.monotonicMs() - bornAt > timings.steadyMs ? 1 : crashes + 1;
      if (crashes >= maxCrashes)
        return options.onFailed(failure(name, `${why}, the ${crashes}th time in a row`, child));
      const pauseMs = Math.min(60_000, timings.pauseMs * 2 ** (crashes - 1)) * (0.5 + random.next() / 2);
      await clock.sleep(pauseMs, signal).catch(() => {});
    }
  }

  /** Null when healthy, else why not. */
  async function untilHealthy(child: ModelProcess, port: number): Promise<string | null> {
    const ended = child.ended.then((why) => ({ why }));
    const until = clock.monotonicMs() + timings.startMs;
    while (!signal.aborted) {
      if (await isHealthy(port)) return null;
      if (clock.monotonicMs() > until) {
        await child.stop(timings.graceMs);
        return `it did not become ready within ${Math.round(timings.startMs / 1_000)} s`;
      }
      const end = await Promise.race([ended, clock.sleep(timings.pollMs, signal).catch(() => {})]);
      if (end) return end.why;
    }
    return 'it was stopped';
  }

  /** Resolves when the process ended, or was silent for three looks in a row. */
  async function untilDown(child: ModelProcess, port: number): Promise<string> {
    const ended = child.ended.then((why) => ({ why }));
    for (let misses = 0; misses < maxMisses && !signal.aborted; ) {
      const end = await Promise.race([ended, clock.sleep(timings.watchMs, signal).catch(() => {})]);
      if (end) return end.why;
      misses = (await isHealthy(port)) ? 0 : misses + 1;
    }
    return 'it stopped answering';
  }

  const done = supervise().catch(async (cause: unknown) => {
    await current?.stop(timings.graceMs);
    options.onFailed(new MyriadError('internal', `${name} could not be run.`, { cause }));
  });
  return {
    async stop() {
      stopping.abort();
      await current?.stop(timings.graceMs);
      await done;
    },
  };
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function failure(name: string, why: string, child: ModelProcess): MyriadError {
  const words = child.lastWords();
  return new MyriadError('upstream_unavailable', `${name} does not run: ${why}${words ? `. It said: ${words}` : '.'}`, {
    facts: { name },
  });
}
