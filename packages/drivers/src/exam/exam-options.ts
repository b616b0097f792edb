import { type CallOptions, type CallTimeouts, defaultTimeouts } from '@myriad/contracts';

/** Call options for one question of the exam; nothing takes longer than 10 seconds. */
export function examOptions(
  change: { readonly stream?: boolean; readonly signal?: AbortSignal; readonly timeouts?: Partial<CallTimeouts> } = {},
): CallOptions {
  return {
    signal: change.signal ?? new AbortController().signal,
    stream: change.stream ?? true,
    timeouts: { ...defaultTimeouts, totalMs: 10_000, ...change.timeouts },
  };
}
