import type { AppEvent } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts/errors';
import { isProblem } from './problem-error.ts';
import { chunksOf, readEvents } from './read-events.ts';

/** An event of a run with its place in the stream; give the last one to `after` to resume. */
export interface NumberedEvent {
  readonly sequence: string;
  readonly event: AppEvent;
}

export interface FollowOptions {
  /** Sequence after which to begin; the beginning unless said. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Waits before trying again after a cut, in milliseconds; its length is the number of tries in a row. */
  readonly retryDelaysMs?: readonly number[];
}

const defaultDelaysMs = [200, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * Follows one answer to its end through any number of cuts: each reconnection sends the last sequence it has, so no
 * event is seen twice. Ends after `done` or `error`.
 *
 * @param open Opens the stream after a sequence (`null` from the beginning).
 * @throws MyriadError `upstream_cut` when the stream was cut more often in a row than `retryDelaysMs` allows; whatever
 * `open` throws when it is not retryable.
 */
export async function* followAnswer(
  open: (after: string | null) => Promise<Response>,
  options: FollowOptions = {},
): AsyncGenerator<NumberedEvent> {
  const delays = options.retryDelaysMs ?? defaultDelaysMs;
  let after = options.after ?? null;
  let failures = 0;
  for (;;) {
    try {
      const response = await open(after);
      if (!response.body) return;
      for await (const { id, data } of readEvents(chunksOf(response.body))) {
        if (data === '[DONE]') return;
        const event: unknown = JSON.parse(data);
        if (id !== '') after = id;
        failures = 0;
        yield { sequence: after ?? '', event: asAppEvent(event) };
        if (isLast(event)) return;
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      if (error instanceof MyriadError && !error.class.retryable) throw error;
    }
    if (options.signal?.aborted) return;
    const delayMs = delays[failures];
    if (delayMs === undefined) {
      throw new MyriadError('upstream_cut', `The stream was cut ${failures + 1} times in a row.`, { facts: { after } });
    }
    failures += 1;
    await pause(delayMs, options.signal);
  }
}

/** A bare problem on the stream is the error event that it means. */
function asAppEvent(value: unknown): AppEvent {
  if (isProblem(value) && !('problem' in value)) return { type: 'error', problem: value };
  return value as AppEvent;
}

function isLast(value: unknown): boolean {
  const event = asAppEvent(value);
  return event.type === 'done' || event.type === 'error';
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
