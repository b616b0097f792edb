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

const poolBytes = 4_096;
let pool = new Uint8Array(0);
let drawn = 0;

/** Random bytes come from the platform a page at a time: one call for each identifier would cost more than the rest of it. */
function drawBytes(size: number): Uint8Array {
  if (size > poolBytes / 4) return drawMany(size);
  if (drawn + size > pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(poolBytes));
    drawn = 0;
  }
  drawn += size;
  // A copy: what was handed out must not be seen again through the pool.
  return pool.slice(drawn - size, drawn);
}

/** The platform gives at most 65,536 bytes a call. */
function drawMany(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

/** Randomness from the platform's cryptographic source. */
export const systemRandom: Random = {
  next: () => new DataView(drawBytes(4).buffer).getUint32(0) / 2 ** 32,
  bytes: drawBytes,
};
