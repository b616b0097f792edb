import { type CallOptions, type Clock, MyriadError } from '@myriad/contracts';
import { limitFailure } from '../http/transport-failure.ts';

/**
 * Puts our limits and the caller's abort around code that keeps its own connections: whatever it does with the signal, the
 * caller is answered at once.
 */
export interface GuardedCall {
  /** Aborted when the caller leaves or a limit passes; handed to the model. */
  readonly signal: AbortSignal;
  /** The promise, or the failure that comes first. */
  race<T>(promise: PromiseLike<T>): Promise<T>;
  sawToken(): void;
  sawChunk(): void;
  end(): void;
}

export function guardCall(options: CallOptions, clock: Clock): GuardedCall {
  const controller = new AbortController();
  const { timeouts } = options;
  let failure: MyriadError | null = null;
  let reject: (error: MyriadError) => void = () => undefined;
  const failed = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  failed.catch(() => undefined);
  const fail = (error: MyriadError) => {
    if (failure) return;
    failure = error;
    reject(error);
    controller.abort(error);
  };
  const onAbort = () => fail(new MyriadError('aborted', 'The caller went away.'));
  if (options.signal.aborted) onAbort();
  else options.signal.addEventListener('abort', onAbort, { once: true });
  const stopTotal = clock.after(timeouts.totalMs, () => fail(limitFailure('total', timeouts.totalMs)));
  let stopToken = options.stream
    ? clock.after(timeouts.firstTokenMs, () => fail(limitFailure('first token', timeouts.firstTokenMs)))
    : () => undefined;
  let stopGap: () => void = () => undefined;
  return {
    signal: controller.signal,
    race: (promise) => Promise.race([promise, failed]),
    sawToken() {
      stopToken();
      stopToken = () => undefined;
    },
    sawChunk() {
      stopGap();
      stopGap = clock.after(timeouts.chunkGapMs, () => fail(limitFailure('chunk gap', timeouts.chunkGapMs)));
    },
    end() {
      stopTotal();
      stopToken();
      stopGap();
      options.signal.removeEventListener('abort', onAbort);
      if (!failure) controller.abort(new MyriadError('aborted', 'The call is over.'));
    },
  };
}
