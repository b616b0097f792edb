import { asMyriadError, type Clock, type TraceStep } from '@myriad/contracts';

export interface Trace {
  readonly steps: readonly TraceStep[];
  add(kind: TraceStep['kind'], name: string, detail?: TraceStep['detail']): void;
  /** Times a task and keeps the step whether it succeeds or not. `detail` may be filled in while it runs. */
  time<T>(kind: TraceStep['kind'], name: string, task: (detail: Record<string, unknown>) => Promise<T> | T): Promise<T>;
  /** Times a stream and keeps the step however it ends. */
  follow<T>(
    kind: TraceStep['kind'],
    name: string,
    open: (detail: Record<string, unknown>) => AsyncIterable<T>,
  ): AsyncGenerator<T, void>;
  /** Begins a step that ends when the returned function is called. */
  begin(kind: TraceStep['kind'], name: string): (ok: boolean, detail?: TraceStep['detail']) => void;
}

/** Gathers what a run did: names, counts and timings. Never prompts, answers or keys. */
export function openTrace(clock: Pick<Clock, 'now' | 'monotonicMs'>): Trace {
  const steps: TraceStep[] = [];
  function begin(kind: TraceStep['kind'], name: string) {
    const startedAt = clock.now();
    const began = clock.monotonicMs();
    return (ok: boolean, detail: TraceStep['detail'] = {}) => {
      steps.push({ kind, name, startedAt, tookMs: clock.monotonicMs() - began, ok, detail });
    };
  }
  return {
    steps,
    begin,
    add: (kind, name, detail) => begin(kind, name)(true, detail),
    async *follow(kind, name, open) {
      const end = begin(kind, name);
      const detail: Record<string, unknown> = {};
      let failure: unknown = null;
      try {
        yield* open(detail);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        end(failure === null, failure === null ? detail : { ...detail, code: asMyriadError(failure).code });
      }
    },
    async time(kind, name, task) {
      const end = begin(kind, name);
      const detail: Record<string, unknown> = {};
      try {
        const result = await task(detail);
        end(true, detail);
        return result;
      } catch (error) {
        end(false, { ...detail, code: asMyriadError(error).code });
        throw error;
      }
    },
  };
}
