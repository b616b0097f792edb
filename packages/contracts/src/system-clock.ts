import type { Clock, Random } from './clock.ts';
import { MyriadError } from './errors.ts';

/** The machine's clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const abort = () => {
        clearTimeout(timer);
        reject(new MyriadError('aborted', 'The wait was cancelled.'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      }, delayMs);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    }),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    if (typeof timer === 'object' && 'unref' in timer) timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Randomness from the platform's cryptographic source. */
export const systemRandom: Random = {
  next: () => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32,
  bytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
};
