import { asMyriadError, type Clock, type TraceStep } from '@myriad/contracts';

export interface Trace {
  readonly steps: readonly TraceStep[];
  add(kind: TraceStep['kind'], name: string, detail?: TraceStep['detail']): void;
  /** Times a task and keeps the step whether it succeeds or not. `detail` may be filled in while it runs. */
  time<T>(kind: TraceStep['kind'], name: string, task: (detail: Record<string, unknown>) => Promise<T> | T): Promise<T>;
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
