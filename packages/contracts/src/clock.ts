/** Time and randomness as arguments, so that every room can be tested under a virtual clock and a seed. */
export interface Clock {
  /** UTC milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds with a fraction, for durations. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with `aborted` when the signal fires first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `size` random bytes, from a cryptographic source outside tests. */
  bytes(size: number): Uint8Array;
}
