import { type Clock, MyriadError, type Random } from '@myriad/contracts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly attempts?: number;
  readonly pauseMs?: number;
}

const longestPauseMs = 15_000;

/**
 * Tries again what another try can help, with growing, jittered pauses that honour `Retry-After`. `progressed` begins the
 * count anew, so that a slow line with many cuts still gets through.
 *
 * @throws MyriadError the last failure, or the first that no try can help.
 */
export async function retrying<T>(
  { clock, random, attempts = 6, pauseMs = 500 }: RetryOptions,
  signal: AbortSignal,
  attempt: (progressed: () => void) => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      failures += 1;
      const again = error instanceof MyriadError && error.class.retryable && error.class.kind === 'upstream';
      if (!again || signal.aborted || failures >= attempts) throw error;
      const pause = Math.min(longestPauseMs, pauseMs * 2 ** (failures - 1)) * (0.5 + random.next() / 2);
      await clock.sleep(Math.max(pause, error.retryAfterMs ?? 0), signal);
    }
  }
}
